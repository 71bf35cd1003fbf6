"""Slips that a newcomer makes, and the words in which they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossings.curriculum import read
from tests.tiny_course import FILES, changed, write_course

CASE = "modules/demo/cases/walk.yml"
CHAPTER = "modules/demo/first.md"
TICKET = """\
evidence:
  ticket:
    type: ticket
    title: A ticket
    alt: It is torn.
    fields:
      - [Seat, “12, by the window”]
start: gate
"""


def told(tmp_path: Path, change: dict[str, str | None]) -> list[str]:
    return [str(p) for p in read(write_course(tmp_path, change))[1]]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[LAW-1], to: safe", "LAW-1, to: safe", "options.ask.cites`: write it as a list: `[LAW"),
        ("grade: good", "grade: great", "options.ask.grade`: should be 'good', 'acceptable'"),
        ("to: safe}", "too: safe}", "options.ask.too`: there is no such field"),
        ("to: safe}", "too: safe}", "did you mean `to`?"),
        ("to: safe}", "to: 5}", "options.ask.to`: should be a text or a list"),
        ("to: safe}", "to: Safe End}", "options.ask.to`: `Safe End` should be small letters"),
        ("minutes: 5", "minutes: five", "`minutes`: should be a whole number"),
        ("minutes: 5", "minutes: 5\nstarts_at: 21:30", "`starts_at`: should be a text"),
        ("minutes: 5", "minutes: 5\nstarts_at: “21:30”", "“…”"),
        ("kind: decision", "kind: desicion", "did you mean `decision`?"),
        ("start: gate\n", TICKET, "`evidence.ticket.fields.1st`: has 3 parts, at most 2"),
        ("start: gate\n", TICKET, "type \"…\", not “…”"),
        ("start: gate\n", TICKET.replace("[Seat, “12, by the window”]", "Seat"), "`[Name, Ana]`"),
        ("score: [0, 20]", "score: [20]", "`nodes.lost.score.2nd`: is missing"),
        ("role: You", "role: “A: you”, or You", "type \"…\", not “…”"),
    ],
)  # fmt: skip
def test_a_slip_is_told_once_in_an_authors_words(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    problems = told(tmp_path, changed(CASE, old, new))
    assert len(problems) == 1, problems
    assert words in problems[0]
    for strange in ("tuple", "validation", "Input", "string", "dictionary"):
        assert strange not in problems[0]


def test_curly_quotes_round_an_id_are_named(tmp_path: Path) -> None:
    change = changed(CASE, "cites: [LAW-1], to: safe", "cites: [“LAW-1”], to: safe")
    problems = told(tmp_path, change)
    assert len(problems) == 1, problems
    assert "not “…”" in problems[0]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (CASE, "role: You", "role: a: You"),
        (CASE, "id: walk", "id: wlak"),
        ("modules/demo/drills/live.yml", "minutes: 5", "minutes: few"),
        ("modules/demo/worksheets/sheet.yml", "minutes: ", "minuets: "),
        ("modules/demo/items.yml", "- id: q-1\n  kind: single", "- id: q-1\n  kind: singel"),
        ("modules/demo/items.yml", "- id: q-1", "- id: a: q-1"),
    ],
)
def test_what_cannot_be_read_is_not_said_to_be_missing_elsewhere(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    problems = told(tmp_path, changed(file, old, new))
    assert problems
    assert all(file in problem for problem in problems), problems


def test_a_case_that_is_not_there_is_still_missed(tmp_path: Path) -> None:
    chapter = FILES[CHAPTER].replace("```{case} walk", "```{case} wolk")
    problems = told(tmp_path, {CHAPTER: chapter})
    assert len(problems) == 1
    assert "no case `wolk`" in problems[0]
    assert "did you mean `walk`?" in problems[0]
