"""The words of the feedback page, in every language that has a catalogue; English is always there.

A catalogue is `pages/strings.<language>.json`. A text with a number has one entry for each plural
form of its language. What the server says in a sentence, as a reason or a refusal, is made in
English where it happens, and found again by that text: see `told`. `./course check` names keys
that a page uses and English lacks, and keys that a translation lacks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from markupsafe import Markup, escape

from crossings.curriculum.problem import Problem, nearest, relative
from crossings.player import catalogue
from crossings.workspace import ROOT

HERE = Path(__file__).resolve().parent / "pages"
ENGLISH = "en"
PAGES = ("layout.html", "code.html", "feedback.html")
_USED = re.compile(r"""\bt\(\s*"([a-z_.]+)"(\s*~)?""")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Words:
    """The texts of one language, with English where it has none."""

    language: str
    texts: Mapping[str, str]

    @property
    def locale(self) -> Locale:
        # Days before months, as the rest of the course writes them.
        name = "en_GB" if self.language == ENGLISH else self.language.replace("-", "_")
        return Locale.parse(name)

    @property
    def direction(self) -> str:
        return self.locale.text_direction

    def __call__(self, key: str, **values: Any) -> Markup:
        """The text of `key` with its slots filled; whatever is filled in is escaped.

        Raises:
            KeyError: when no catalogue has it.
        """
        text = self._text(key, values.get("count"))
        parts = _SLOT.split(text)
        filled = (
            escape(part) if place % 2 == 0 else escape(values[part])
            for place, part in enumerate(parts)
        )
        return Markup("").join(filled)

    def _text(self, key: str, count: Any) -> str:
        if key in self.texts:
            return self.texts[key]
        form = str(self.locale.plural_form(count)) if isinstance(count, int) else "other"
        return self.texts.get(f"{key}.{form}") or self.texts[f"{key}.other"]

    def told(self, said: str, otherwise: str | None = None) -> str:
        """A sentence that our own code made in English, in this language.

        It is looked for among the catalogue's texts `said.…`, whose slots are what the sentence
        filled in. Several may be joined by `; `, and one may follow a name and a colon. Where no
        text fits, `otherwise` in its place; where that is None, nothing that is English.
        """
        if self.language == ENGLISH or not said.strip():
            return said
        whole = self._sentence(said)
        if whole is not None:
            return whole
        parts = [self._sentence(part) for part in said.split("; ")]
        known = [part for part in parts if part is not None]
        if otherwise is None or len(known) == len(parts):
            return "; ".join(known)
        return otherwise

    def _sentence(self, said: str) -> str | None:
        name, colon, rest = said.partition(": ")
        for form, key in _said_forms():
            found = form.fullmatch(said)
            if found is not None:
                return self._filled(key, found.groupdict())
            follows = form.fullmatch(rest) if colon else None
            if follows is not None:
                return f"{name}: {self._filled(key, follows.groupdict())}"
        return None

    def _filled(self, key: str, values: Mapping[str, str]) -> str:
        inner = {slot: self.told(text, text) for slot, text in values.items()}
        return _SLOT.sub(lambda slot: inner.get(slot[1], ""), self.texts[key])

    def when(self, stamp: str) -> Markup:
        """A time stamp as an element that local.js turns into the reader's own time."""
        try:
            at = datetime.fromisoformat(stamp.replace("Z", "+00:00")).astimezone(UTC)
        except ValueError:
            return Markup("")
        text = f"{format_date(at, 'long', self.locale)}, {at:%H:%M} UTC"
        return Markup('<time class="w-when" datetime="{}">{}</time>').format(stamp, text)

    def day(self, at: datetime) -> str:
        return str(format_date(at, "long", self.locale))


@cache
def _said_forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The English sentences as patterns, those with most words of their own first."""
    english = _read(HERE / f"strings.{ENGLISH}.json")
    found = [(key, _SLOT.split(text)) for key, text in english.items() if key.startswith("said.")]
    found.sort(key=lambda one: -sum(map(len, one[1][::2])))
    return tuple((re.compile("".join(_form(parts)), re.DOTALL), key) for key, parts in found)


def _form(parts: list[str]) -> Iterator[str]:
    for place, part in enumerate(parts):
        yield re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)"


def chosen(accepted: str, folder: Path = HERE) -> Words:
    """The catalogue that fits a browser's `Accept-Language` best; English where none does."""
    there = languages(folder)
    for wanted in _in_order(accepted):
        for name in (wanted, wanted.partition("-")[0]):
            if name in there:
                return of(name, folder)
    return of(ENGLISH, folder)


def _in_order(accepted: str) -> list[str]:
    found: list[tuple[float, str]] = []
    for part in accepted[:1000].split(","):
        name, _, more = part.strip().partition(";")
        try:
            weight = float(more.strip().removeprefix("q=")) if more else 1.0
        except ValueError:
            continue
        if weight > 0:
            found.append((weight, name.strip().lower()))
    return [name for _, name in sorted(found, key=lambda f: -f[0])]


@cache
def languages(folder: Path = HERE) -> frozenset[str]:
    """The languages that have a catalogue, and that Unicode knows."""
    names = (path.name.split(".")[1].lower() for path in folder.glob("strings.*.json"))
    return frozenset(name for name in names if _known(name))


def _known(name: str) -> bool:
    try:
        Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return False
    return True


@cache
def of(language: str, folder: Path = HERE) -> Words:
    english = _read(folder / f"strings.{ENGLISH}.json")
    own = _read(folder / f"strings.{language}.json")
    return Words(language, {**english, **own})


def _read(path: Path) -> dict[str, str]:
    texts = json.loads(path.read_text(encoding="utf-8"))
    return {str(key): str(text) for key, text in texts.items()}


def problems(folder: Path = HERE, root: Path = ROOT) -> tuple[Problem, ...]:
    """What is missing in the pages' catalogues; for `./course check`."""
    found = list(catalogue.problems(folder, root))
    path = folder / f"strings.{ENGLISH}.json"
    if any(p.file == relative(path, root) for p in found):
        return tuple(found)
    english = _read(path)
    for page in PAGES:
        if (folder / page).is_file():
            found.extend(_page(folder / page, root, english))
    for other in sorted(folder.glob("strings.*.json")):
        found.extend(_translation(other, root, english))
    return tuple(found)


def _page(path: Path, root: Path, english: Mapping[str, str]) -> Iterator[Problem]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for used in _USED.finditer(line):
            key, joined = used[1], bool(used[2])
            known = any(k == key or k.startswith(f"{key}.") for k in english)
            if joined:
                known = any(k.startswith(key) for k in english)
            if not known:
                hint = f"add it to strings.en.json and each translation; {nearest(key, english)}"
                message = f"no text `{key}` in strings.en.json"
                place = (relative(path, root), number)
                yield Problem(*place, message, hint, used.start(1) + 1, "missing-translation")


def _translation(path: Path, root: Path, english: Mapping[str, str]) -> Iterator[Problem]:
    """A language that nobody knows, and slots that differ from the English text."""
    name = relative(path, root)
    language = path.name.split(".")[1]
    if not _known(language):
        yield Problem(name, 0, f"no language `{language}`", "name the file by its code, as in ar")
    try:
        own = _read(path)
    except (ValueError, AttributeError, UnicodeDecodeError):
        return  # told already
    for key, text in own.items():
        model = english.get(key) or english.get(f"{key.rpartition('.')[0]}.other")
        extra = set(_SLOT.findall(text)) - set(_SLOT.findall(model or text))
        if extra:
            slots = ", ".join(f"{{{slot}}}" for slot in sorted(extra))
            yield Problem(name, 0, f"`{key}` has {slots}, which nothing fills", "see the English")
