"""The player's texts: every key that its scripts use, in every language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossings.player.catalogue import problems

ENGLISH = {
    "lang": "en",
    "case.start": "Start",
    "case.minutes.one": "{n} minute",
    "case.minutes.other": "{n} minutes",
    "mode.learn_means": "Learn",
}
SCRIPT = 't("case.start"); t("case.minutes", { n: 2 }); t(`mode.${mode}_means`); t("mode." + m);\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "en", ENGLISH)
    (tmp_path / "page.js").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


def write(folder: Path, language: str, strings: dict[str, str]) -> None:
    text = json.dumps(strings, indent=1)
    (folder / f"strings.{language}.json").write_text(text, encoding="utf-8")


def told(folder: Path) -> list[tuple[str, int, int, str]]:
    return [(p.file, p.line, p.column, p.message) for p in problems(folder, folder)]


def test_the_player_lacks_no_text() -> None:
    assert problems() == ()


def test_a_full_catalogue_has_no_problem(folder: Path) -> None:
    assert told(folder) == []


def test_a_key_that_a_script_uses_is_missed(folder: Path) -> None:
    (folder / "page.js").write_text(
        f'{SCRIPT}  t(on ? "case.go" : "case.start");\n', encoding="utf-8"
    )
    assert told(folder) == [("page.js", 2, 11, "no text `case.go` in strings.en.json")]


def test_a_filled_key_needs_one_that_fits(folder: Path) -> None:
    (folder / "page.js").write_text("t(`mode.${mode}_asks`);\n", encoding="utf-8")
    assert [line for _, line, _, _ in told(folder)] == [1]


def test_a_translation_has_the_same_keys(folder: Path) -> None:
    french = {k: v for k, v in ENGLISH.items() if k != "case.start"} | {"case.extra": "Plus"}
    write(folder, "fr", french)
    messages = [m for _, _, _, m in told(folder)]
    assert messages == ["`case.start` is not translated", "`case.extra` is not in strings.en.json"]


def test_a_language_has_its_own_plural_forms(folder: Path) -> None:
    forms = ("zero", "two", "few", "many", "other")
    arabic = {k: v for k, v in ENGLISH.items() if not k.startswith("case.minutes")}
    write(folder, "ar", arabic | {f"case.minutes.{form}": "{n}" for form in forms})
    assert told(folder) == []
    write(folder, "ar", arabic | {"case.minutes.many": "{n}"})
    assert [m for _, _, _, m in told(folder)] == ["`case.minutes.other` is not translated"]


def test_a_catalogue_that_is_no_json_is_told_with_its_line(folder: Path) -> None:
    (folder / "strings.fr.json").write_text('{\n "lang": "fr",,\n}', encoding="utf-8")
    assert [(f, line) for f, line, _, _ in told(folder)] == [("strings.fr.json", 2)]
