"""Figures of a triage debrief, against answers whose truth is counted by hand."""

from __future__ import annotations

import pytest

from crossings.apps import findings, triage_findings
from crossings.drills import DrillState, Script, report, triagereport
from crossings.drills.triagereport import Cell
from tests.drills import classroom
from tests.drills.test_report import played

GIVEN: dict[str, list[str | None]] = {
    # Sami needs child-protection (trafficking is fair); Lena trafficking (interview is fair);
    # Omar and Ines need nothing (for Ines an interview is fair).
    "a": ["child-protection", "trafficking", "trafficking", "regular-entry"],
    "b": ["regular-entry", "further-interview", "regular-entry", "asylum"],
    "c": ["trafficking", "regular-entry", "child-protection", None],
    "d": [None, "regular-entry", "regular-entry", "regular-entry"],
}


def plan() -> Script:
    """The small triage drill, with the rules that its people would have been drawn by."""
    known = classroom.triage()
    rules = [("Rule 3: child alone",), ("Rule 5: signs",), ("Rule 6: ordinary",)]
    rules += [("Rule 6: ordinary", "Rule 5: signs")]
    steps = tuple(
        s.model_copy(update={"person": s.person.model_copy(update={"rules": r})})
        for s, r in zip(known.steps, rules, strict=True)
    )
    return known.model_copy(update={"steps": steps})


@pytest.fixture
def state() -> DrillState:
    return played(plan(), GIVEN)


def test_missed_needs_over_referrals_and_silence_are_counted_apart(state: DrillState) -> None:
    found = triagereport.summary(state, report.answers(state))
    assert (found.referrals, found.silent) == (16, 2)
    assert (found.right, found.fair) == (6, 2)
    assert found.accuracy == 43  # 6 of 14 that were made
    assert (found.needs, found.missed) == (8, 3)  # b on Sami; c and d on Lena
    assert (found.unneeded, found.over) == (8, 2)  # a and c on Omar; asylum is no service here
    assert found.seconds == 5


def test_nobody_there_is_no_figure() -> None:
    state = played(plan(), {"a": [None]})
    found = triagereport.summary(state, report.answers(state))
    assert (found.accuracy, found.missed, found.silent) == (0, 0, 1)
    assert found.seconds is None


def test_teams_stand_by_what_they_missed_for_their_size(state: DrillState) -> None:
    frame = report.answers(state)
    found = triagereport.by_team(state, frame, {"a": "Lynx", "b": "Lynx", "c": "Otter"})
    assert [(n, f.missed, f.needs) for n, f in found] == [("Otter", 1, 2), ("Lynx", 1, 4)]
    assert [f.over for _, f in found] == [1, 1]
    assert triagereport.by_team(state, frame, {}) == []


def test_rules_stand_by_what_was_missed_under_them(state: DrillState) -> None:
    table = triagereport.by_rule(state, report.answers(state))
    rows = {r["rule"]: r for r in report.records(table)}
    assert next(iter(rows)) == "Rule 5: signs"
    assert (rows["Rule 5: signs"]["missed"], rows["Rule 5: signs"]["of"]) == (2, 8)
    assert rows["Rule 6: ordinary"]["right"] == 4
    assert rows["Rule 3: child alone"]["percent"] == 50


def test_the_matrix_holds_every_referral_once(state: DrillState) -> None:
    found = triagereport.matrix(state, report.answers(state))
    assert sum(c.count for row in found.cells for c in row) == 16
    assert sum(c.right for row in found.cells for c in row) == 6
    assert sum(c.missed for row in found.cells for c in row) == 3
    cell = dict(zip(found.columns, found.cells[found.rows.index("Child protection")], strict=True))
    assert cell["Regular entry"] == Cell(count=1, missed=1)
    assert cell["Trafficking referral"] == Cell(count=1, fair=1)
    assert cell[report.NO_ANSWER] == Cell(count=1)
    words = found.in_words()
    assert words.startswith("6 of 16 referrals were right.")
    assert "2 chose “Regular entry” where “Trafficking referral” was right" in words


def test_times_are_of_those_who_answered(state: DrillState) -> None:
    table = triagereport.times(report.answers(state))
    assert list(table["half"]) == [5, 5, 5, 5]
    assert list(table["none"]) == [1, 0, 0, 1]


def test_law_to_read_names_whom_it_would_have_found(state: DrillState) -> None:
    (found,) = triagereport.law_to_read(state, report.answers(state))
    assert found.rule["id"] == "TIP-3a"
    # Wrong: b (Sami), c and d (Lena), a and c (Omar), b (Ines). Silence is no mistake in the law.
    assert (found.wrong, found.of) == (6, 16)
    assert found.people[0] in ("Lena", "Omar")
    right = played(plan(), {"a": ["child-protection", "trafficking", "regular-entry"]})
    assert triagereport.law_to_read(right, report.answers(right)) == []


def test_the_debrief_begins_with_who_was_missed(state: DrillState) -> None:
    frame = report.answers(state)
    page = findings.triage(state, frame)
    headings = [part.split("</h2>")[0] for part in page.split("<h2>")[1:]]
    assert headings[0] == "Who was missed"
    assert "Rule by rule" in headings and "Team by team" not in headings
    assert findings.numbers(state, frame).index("needs missed") < findings.numbers(
        state, frame
    ).index("over-referrals")


def test_the_matrix_is_read_without_colour_and_without_eyes(state: DrillState) -> None:
    shown = triage_findings.confusion(state, report.answers(state))
    assert 'role="img"' in shown and "6 of 16 referrals were right" in shown
    assert "<th scope='row'>Child protection</th>" in shown
    for mark in ("✓", "◆", "!"):
        assert mark in shown.split("<table")[1]
    assert "1 !" in shown and "1 ◆" in shown


def test_without_rules_signs_stand_in_their_place() -> None:
    state = played(classroom.triage(), GIVEN)
    page = findings.triage(state, report.answers(state))
    assert "Sign by sign" in page and "Rule by rule" not in page


def test_names_and_texts_are_only_text(state: DrillState) -> None:
    bad = (
        state.plan()
        .steps[0]
        .person.model_copy(update={"name": "<b>x</b>", "why": "<script>", "rules": ("<i>",)})
    )
    state.script = state.plan().model_copy(
        update={"steps": (state.plan().steps[0].model_copy(update={"person": bad}),
                          *state.plan().steps[1:])}
    )  # fmt: skip
    page = findings.triage(state, report.answers(state))
    assert "<script>" not in page and "<b>x</b>" not in page and "<i>" not in page
