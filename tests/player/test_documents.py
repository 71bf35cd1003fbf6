"""What pages get: payloads, mounts, assets."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from crossings.curriculum.model import Course
from crossings.player import documents
from crossings.player.documents import (
    APART,
    SCRIPTS,
    STYLES,
    assets,
    case_payload,
    item_payload,
    joined,
    mount,
    quiz_payload,
    script,
    shrunk,
    stamp,
    style,
    to_json_script,
    write_assets,
)

HERE = Path(__file__).resolve().parents[2] / "crossings" / "player"


def test_json_in_a_script_cannot_leave_it() -> None:
    text = to_json_script({"a": "</script><!-- & \u2028\u2029"})
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028\u2029"}


def test_a_case_payload_carries_all_it_mentions(course: Course) -> None:
    payload = case_payload(course, "sample/late-ship")
    assert payload["kind"] == "case" and payload["ref"] == "sample/late-ship"
    assert payload["doc"]["version"] == 2
    assert set(payload["law"]) == {"TIP-3a", "TIP-3c"}
    assert payload["law"]["TIP-3c"]["short"] == "Trafficking Protocol"
    assert payload["sources"]["IOM-297"]["author"] == "IOM"
    assert payload["objectives"]["TI-1"]["taught"] == [
        {"where": "sample/one", "title": "Chapter one"}
    ]
    assert "walkthroughs" not in payload["doc"], "the answers stay with the author"


def test_a_quiz_keeps_the_order_given(course: Course) -> None:
    payload = quiz_payload(course, "sample", ["word", "days"], "Two questions")
    assert [item["id"] for item in payload["items"]] == ["word", "days"]
    assert payload["title"] == "Two questions"


def test_a_reserved_item_reaches_no_page(course: Course) -> None:
    with pytest.raises(ValueError, match="`sample/reserved` is reserved for a worksheet"):
        item_payload(course, "sample/reserved")
    with pytest.raises(ValueError, match="reserved"):
        quiz_payload(course, "sample", ["word", "reserved"])


def test_a_mount_is_escaped_and_names_its_kind(course: Course) -> None:
    payload = quiz_payload(course, "sample", ["word"], '"><script>x</script>')
    text = mount(payload)
    assert text.count("<script") == 1
    assert 'data-kind="quiz"' in text and 'data-ref="sample/word"' in text


def test_assets_are_files_that_ask_for_nothing(tmp_path: Path) -> None:
    written = write_assets(tmp_path)
    names = ["crossings.css", "crossings.js", "progress.js", "indicators.js", "indicators.css"]
    assert [p.name for p in written] == names
    text = "".join(p.read_text(encoding="utf-8") for p in written)
    addresses = set(re.findall(r"(?:https?:)?//[a-z][^\"'\s)]+", text))
    assert addresses == {"http://www.w3.org/2000/svg"}, "only the name of SVG"
    assert "@import" not in text and "url(" not in text


def test_the_front_end_is_small() -> None:
    """Engine, player, words and style weigh under 30 KB on the wire."""
    sizes = [len(gzip.compress(text.encode(), 9)) for text in (script(), style())]
    assert sum(sizes) < 30_000, sizes


@pytest.mark.parametrize(("suffix", "names"), [("js", SCRIPTS), ("css", STYLES)])
def test_the_shrunk_files_fit_their_sources(suffix: str, names: tuple[str, ...]) -> None:
    head = shrunk(suffix).read_text(encoding="utf-8").partition("\n")[0]
    assert head == stamp(joined(names)), "run: .venv/bin/python -m crossings.player.shrink"


def test_a_changed_source_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who changes a file needs no tool: what was shrunk before is not used any more."""
    monkeypatch.setattr(documents, "SCRIPTS", ("page.js",))
    assert "The words for `key`" not in script()
    assert script().partition("\n")[2] == joined(("page.js",))


def test_content_is_never_parsed_as_html() -> None:
    parsing = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(")
    assert not parsing.search(script())


def test_every_word_on_the_screen_is_in_the_strings() -> None:
    strings = json.loads((HERE / "strings.en.json").read_text(encoding="utf-8"))
    known = {re.sub(r"\.(one|other)$", "", key) for key in strings}
    source = "".join((HERE / n).read_text(encoding="utf-8") for n in (*SCRIPTS, *APART.values()))
    used = set(re.findall(r'\bt\("([a-z_.]*[a-z])"', source)) | set(
        re.findall(
            r'"((?:item|quiz|case|law|notebook|debrief|mode|time|progress|indicators)\.[a-z_]+)"',
            source,
        )
    )
    assert used <= known, used - known


def test_every_class_has_the_prefix() -> None:
    names = re.findall(r"\.([a-z][\w-]*)", re.sub(r"\d\.\d", "", style()))
    # Parts of our drawings, and the book's page, whose sticky header we stay under.
    inner = set("fksdwotuvn") | {"bd-article-container"}
    assert {n for n in names if not n.startswith("cx-")} <= inner


def test_files_stay_short() -> None:
    lengths = {n: len((HERE / n).read_text(encoding="utf-8").splitlines()) for n in SCRIPTS}
    lengths.pop("engine.js")
    assert max(lengths.values()) <= 400, lengths


def test_assets_in_an_unknown_language_say_so() -> None:
    with pytest.raises(FileNotFoundError, match=r"strings\.xx\.json"):
        assets("xx")
