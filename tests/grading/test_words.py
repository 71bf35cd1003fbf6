"""The words of the feedback page: complete, in the browser's language, and never markup."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from crossings.grading import words

ENGLISH = json.loads((words.HERE / "strings.en.json").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "pages"
    shutil.copytree(words.HERE, place)
    return place


def arabic(folder: Path, **changes: str | None) -> None:
    own = {k: f"ع {v}" for k, v in ENGLISH.items()} | changes
    own |= {f"work.waiting.{form}": "ع {count}" for form in ("zero", "two", "few", "many")}
    kept = {k: v for k, v in own.items() if v is not None}
    (folder / "strings.ar.json").write_text(json.dumps(kept), encoding="utf-8")


def test_what_is_shipped_has_no_problems() -> None:
    assert words.problems() == ()


def test_every_text_is_used() -> None:
    pages = "".join((words.HERE / p).read_text(encoding="utf-8") for p in words.PAGES)
    code = "".join(p.read_text(encoding="utf-8") for p in words.HERE.parent.glob("*.py"))
    parts = ("standing.", "status.", "ask.", "work.")
    for key in ENGLISH:
        name = key.removesuffix(".one").removesuffix(".other")
        there = f'"{name}"' in pages + code or key.startswith(parts)
        assert there, f"nobody asks for {key}"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("ar-EG,en;q=0.5", "ar"),
        ("en-GB,ar;q=0.9", "en"),
        ("fr, ar;q=0.3, en;q=0.1", "ar"),
        ("fr", "en"),
        ("ar;q=0, en", "en"),
        ("../../etc/passwd, *;q=x", "en"),
        ("," * 100_000, "en"),
    ],
)
def test_the_page_speaks_the_browsers_language(folder: Path, accepted: str, language: str) -> None:
    arabic(folder)
    words.languages.cache_clear()
    assert words.chosen(accepted[:5000], folder).language == language


def test_right_to_left_plurals_and_dates(folder: Path) -> None:
    arabic(folder, **{"status.right": None})
    words.of.cache_clear()
    found = words.of("ar", folder)
    assert found.direction == "rtl"
    assert found("status.right") == "Right", "English stands in"
    assert found("work.waiting", count=3) == "ع 3"
    assert "2031" in found.when("2031-05-04T10:00:00Z") or "٢٠٣١" in found.when(
        "2031-05-04T10:00:00Z"
    )
    english = words.of("en")
    assert english.when("2031-05-04T10:00:00Z").striptags() == "4 May 2031, 10:00 UTC"
    assert english.when("rubbish") == ""


def test_what_is_filled_in_is_escaped() -> None:
    filled = words.of("en")("page.title", name="<b>{name}</b>")
    assert filled == "Feedback for &lt;b&gt;{name}&lt;/b&gt;"


def test_slips_are_named(folder: Path) -> None:
    arabic(
        folder,
        **{"status.right": None, "status.rihgt": "x", "page.title": "ع {nmae}"},
    )
    page = folder / "feedback.html"
    page.write_text(
        page.read_text(encoding="utf-8") + '{{ t("page.titel") }}{{ t("nowhere." ~ name) }}',
        encoding="utf-8",
    )
    (folder / "strings.qqq.json").write_text(json.dumps(ENGLISH), encoding="utf-8")
    told = "\n".join(str(p) for p in words.problems(folder, folder))
    assert "`status.right` is not translated" in told
    assert "`status.rihgt` is not in strings.en.json" in told
    assert "`page.title` has {nmae}" in told
    assert "no text `page.titel`" in told
    assert "no text `nowhere.`" in told
    assert "no language `qqq`" in told
    (folder / "strings.ar.json").write_text("{", encoding="utf-8")
    assert "not valid JSON" in "\n".join(str(p) for p in words.problems(folder, folder))
