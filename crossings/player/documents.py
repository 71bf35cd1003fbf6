"""What a page needs to show items and cases: two asset files, a payload, a place to mount it.

    write_assets(folder)                       # crossings.css and crossings.js
    mount(case_payload(course, "module/id"))   # the HTML that crossings.js brings to life

The two files work from a web server, from `file://` and in a notebook, and ask for nothing else.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crossings.curriculum.model import Course
from crossings.items import Item, keyed

HERE = Path(__file__).resolve().parent

STYLES = ("tokens.css", "player.css")
SCRIPTS = (
    "engine.js",
    "page.js",
    "law.js",
    "item.js",
    "practice.js",
    "place.js",
    "evidence.js",
    "timer.js",
    "case.js",
    "nodes.js",
    "debrief.js",
    "player.js",
)
"""The browser's files in the order in which they are joined."""
PROGRESS, INDICATORS = "progress.js", "indicators.js"
APART = {"progress": PROGRESS, "indicators": INDICATORS}
"""What few pages need, by the kind of mount: a file that comes after the joined ones, and brings
the words that begin with the kind."""
INDICATORS_STYLE = "indicators.css"

Payload = dict[str, Any]


_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.MULTILINE | re.DOTALL)


def _lean(name: str) -> str:
    """A file without the comments that fill whole lines, and without indentation.

    Weak phones on slow networks load this; nothing is renamed or rewritten, so what a browser's
    developer tools show is still the source. No file here holds a text that spans lines.
    """
    text = _COMMENT.sub("", (HERE / name).read_text(encoding="utf-8"))
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def style() -> str:
    """The whole style sheet: tokens and player."""
    return _code("css", STYLES)


def script(language: str = "en") -> str:
    """The whole script: engine, strings of `language`, and player, as one classic script."""
    words = {k: v for k, v in strings(language).items() if k.split(".")[0] not in APART}
    return f"globalThis.CrossingsStrings = {to_json_script(words)};\n{_code('js', SCRIPTS)}"


def script_apart(kind: str, language: str = "en") -> str:
    """What a mount of this kind needs besides the whole script: its own words and code."""
    words = {k: v for k, v in strings(language).items() if k.split(".")[0] == kind}
    said = f"Object.assign(CrossingsStrings, {to_json_script(words)});"
    return f"{said}\n{joined((APART[kind],))}"


def strings(language: str) -> dict[str, str]:
    """The catalogue of everything that the player says."""
    found: dict[str, str] = json.loads(
        (HERE / f"strings.{language}.json").read_text(encoding="utf-8")
    )
    return found


def _code(suffix: str, names: tuple[str, ...]) -> str:
    """The joined files: shrunk where somebody has shrunk just these, else only without comments.

    So who changes a file sees the change at once and needs no tool; see `crossings.player.shrink`.
    """
    text = joined(names)
    try:
        head, _, small = shrunk(suffix).read_text(encoding="utf-8").partition("\n")
    except OSError:
        return text
    return small if head == stamp(text) else text


def joined(names: tuple[str, ...]) -> str:
    """The files one after the other, lean."""
    return "\n".join(_lean(name) for name in names) + "\n"


def shrunk(suffix: str) -> Path:
    """Where the shrunk style sheet (`css`) or script (`js`) lies."""
    return HERE / f"shrunk.{suffix}"


def stamp(text: str) -> str:
    """The first line of a shrunk file: what it was made of."""
    return f"/* made by crossings.player.shrink of {hashlib.sha256(text.encode()).hexdigest()} */"


def assets(language: str = "en") -> dict[str, str]:
    """File names and contents of what a page links: `crossings.css`, `crossings.js`; and after
    them what few pages need."""
    return {
        "crossings.css": style(),
        "crossings.js": script(language),
        **{name: script_apart(kind, language) for kind, name in APART.items()},
        INDICATORS_STYLE: joined((INDICATORS_STYLE,)),
    }


def write_assets(folder: Path, language: str = "en") -> list[Path]:
    """Write the asset files into `folder`; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in assets(language).items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def to_json_script(payload: Any) -> str:
    """JSON that is safe inside a `<script>` element and inside a script's text."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def mount(payload: Payload) -> str:
    """The HTML element that `CrossingsPlayer.mountAll` fills.

    Without scripts the reader is told what is missing.
    """
    title = html.escape(str(payload.get("title", "")))
    return (
        f'<div class="crossings-mount" data-kind="{html.escape(payload["kind"])}"'
        f' data-ref="{html.escape(payload["ref"])}">'
        f'<script type="application/json">{to_json_script(payload)}</script>'
        f"<noscript><p>{title} needs JavaScript, which is switched off here.</p></noscript></div>"
    )


def case_payload(course: Course, ref: str) -> Payload:
    """A case with everything that its play and its debrief mention.

    Raises:
        KeyError: when `ref` (`module/id`) names no case.
    """
    from crossings.cases.document import document

    case = course.case(ref)
    doc = document(case)
    return {
        "kind": "case",
        "ref": ref,
        "title": case.title,
        "doc": doc,
        "map": case_map(doc),
        **_references(course, doc),
    }


def case_map(doc: Mapping[str, Any]) -> Payload:
    """Where the nodes stand on the map that the end shows: `width`, `at` {node: [x, layer]}, and
    `ways` [from, to, [[x, layer], …]], each pair of nodes once."""
    from crossings.cases.graph import layout

    places = layout(doc)
    at = {n: [places.x[n], layer] for layer, row in enumerate(places.layers) for n in row}
    ways: dict[tuple[str, str], list[list[int]]] = {}
    for route in places.routes:
        via = [[x, layer] for layer, x in route.via]
        ways.setdefault((route.edge.source, route.edge.target), via)
    return {
        "width": places.width,
        "at": at,
        "ways": [[source, target, via] for (source, target), via in ways.items()],
    }


def quiz_payload(
    course: Course, module: str, ids: Iterable[str], title: str = "", name: str = ""
) -> Payload:
    """Items of one module's bank, with their keys: for practice.

    `name` tells two quizzes on one page apart; it is part of where progress is kept.

    Raises:
        KeyError: when an item does not exist.
        ValueError: when an item is reserved for a worksheet, whose key must not reach a page.
    """
    ids = tuple(ids)
    items = [_open_item(course, f"{module}/{item_id}") for item_id in ids]
    documents = [keyed(item) for item in items]
    return {
        "kind": "quiz",
        "ref": f"{module}/{name or '+'.join(ids)}",
        "title": title,
        "items": documents,
        **_references(course, documents),
    }


def item_payload(course: Course, ref: str) -> Payload:
    """One item with its key. Raises as `quiz_payload` does."""
    document = keyed(_open_item(course, ref))
    return {"kind": "item", "ref": ref, "items": [document], **_references(course, [document])}


def progress_payload(groups: Iterable[tuple[str, Iterable[Payload]]]) -> Payload:
    """What a learner can have begun: groups of `activity`s under their titles."""
    listed = [{"title": title, "activities": list(entries)} for title, entries in groups]
    return {"kind": "progress", "ref": "course", "groups": listed}


def activity(payload: Payload, href: str) -> Payload:
    """A case or quiz on the progress page: where its progress is kept, and where it is played.

    Of the payload of a case only `kind`, `ref` and `title` are asked for.
    """
    key = f"{payload['kind']}:{payload['ref']}"
    made = {"key": key, "title": payload["title"], "href": href}
    return made | ({"items": len(payload["items"])} if "items" in payload else {})


def law_cards(course: Course, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Plain-language cards of provisions; ids that the register lacks are left out."""
    return {i: _law_card(course, i) for i in sorted(set(ids)) if i in course.law}


def _law_card(course: Course, law_id: str) -> dict[str, str]:
    rule = course.law[law_id]
    instrument = course.instruments.get(rule.instrument)
    card = {
        "title": rule.title,
        "paraphrase": rule.paraphrase,
        "instrument": instrument.name if instrument else rule.instrument,
        "short": instrument.short if instrument else rule.instrument,
        "article": rule.article,
        "binds": rule.binds,
        "force": rule.force,
        "author": rule.author,
        "mistake": rule.mistake,
    }
    return {key: value for key, value in card.items() if value}


def _open_item(course: Course, ref: str) -> Item:
    item = course.item(ref)
    if item.reserved:
        raise ValueError(
            f"item `{ref}` is reserved for a worksheet: its key must not reach a page. "
            "Choose an item whose `use` has no `worksheet`."
        )
    return item


def _references(course: Course, document: Any) -> Payload:
    """Law cards, sources and objectives that `document` names anywhere."""
    cites = set(_named(document, "cites"))
    keys = {source.split(" ", 1)[0] for source in _named(document, "sources")}
    objectives = course.objectives
    wanted = [o for o in dict.fromkeys(_named(document, "objectives")) if o in objectives]
    return {
        "law": law_cards(course, cites),
        "sources": {k: _source(course, k) for k in sorted(keys) if k in course.sources},
        "objectives": {
            o: {"text": objectives[o].text, "taught": _taught(course, o)} for o in sorted(wanted)
        },
    }


def _source(course: Course, key: str) -> dict[str, str]:
    source = course.sources[key]
    return {"author": source.author, "year": source.year, "title": source.title}


def _taught(course: Course, objective: str) -> list[dict[str, str]]:
    """The chapters to read again for an objective."""
    uses = course.objective_uses.get(objective, ())
    return [{"where": u.where, "title": u.title} for u in uses if u.how == "taught"]


def _named(document: Any, field: str) -> Iterator[str]:
    """Every string listed under `field`, anywhere in a JSON document."""
    if isinstance(document, Mapping):
        for key, value in document.items():
            if key == field and isinstance(value, (list, tuple)):
                yield from (v for v in value if isinstance(v, str))
            else:
                yield from _named(value, field)
    elif isinstance(document, (list, tuple)):
        for value in document:
            yield from _named(value, field)
