"""The tables of a debrief, counted by hand for a small class."""

from __future__ import annotations

import csv
import io
import time

from crossings.drills import DrillLog, DrillState, Script, fold, report
from crossings.drills.rehearsal import rehearse
from tests.drills import classroom
from tests.drills.test_state import Play


def played(plan: Script, given: dict[str, list[str | None]]) -> DrillState:
    """Everybody in `given` answers the first steps with these choices; None is no answer."""
    play, at = Play(plan, tuple(given)), 10.0
    play.add(at, "started")
    for step in range(max(len(choices) for choices in given.values())):
        if step:
            play.add(at, "moved", {"from": step - 1, "to": step})
        for seat, choices in given.items():
            if choices[step] is not None:
                play.answer(at + 5, seat, str(choices[step]), step=step)
        at += 20
        play.add(at, "revealed", {"step": step})
    return play.add(at, "ended").state


def test_a_quiz_counts_people_and_names_the_belief() -> None:
    state = played(classroom.quiz(), {"a": ["yes"], "b": ["no"], "c": ["no"], "d": [None]})
    frame = report.answers(state)
    row = report.by_step(frame).loc[1]
    assert (row["good"], row["poor"], row["none"], row["percent"]) == (1, 2, 1, 25)
    pull = report.distractors(state, frame).iloc[0]
    assert (pull["count"], pull["belief"]) == (2, "Whoever agreed is not a victim.")
    assert report.headline(state, frame).startswith("2 of 4 hold a wrong belief")
    assert report.to_read(state, frame)[0][0].title == "Weighing indicators"


def test_certain_and_wrong_stands_first() -> None:
    play = Play(classroom.quiz(), ("a", "b", "c", "d"))
    play.add(10, "started")
    answers = {"a": ("no", "certain"), "b": ("yes", "certain"), "c": ("no", "guess")}
    for seat, (choice, sure) in answers.items():
        payload = {"step": 0, "n": 1, "response": {"choice": choice, "sure": sure}}
        play.add(15, "answered", payload, seat)
    state = play.add(30, "revealed", {"step": 0}).add(31, "ended").state
    table = report.confidence(report.answers(state))
    assert list(table["sure"]) == ["certain", "guess"]
    assert (table.iloc[0]["right"], table.iloc[0]["wrong"]) == (1, 1)
    assert table.iloc[0]["most_wrong"].startswith("A woman agreed")
    assert table["answers"].sum() == 3, "who did not say is not counted"


def test_a_triage_counts_missed_needs_first() -> None:
    state = played(
        classroom.triage(),
        {
            "a": ["child-protection", "trafficking", "trafficking", "regular-entry"],
            "b": ["regular-entry", "further-interview", "regular-entry", "asylum"],
            "c": ["trafficking", "regular-entry", "child-protection", None],
            "d": [None, "regular-entry", "regular-entry", "regular-entry"],
        },
    )
    frame = report.answers(state)
    needs = report.needs(state, frame)
    assert list(needs["person"]) == ["Lena", "Sami"]
    assert list(needs["missed"]) == [2, 1] and list(needs["none"]) == [0, 1]
    assert report.headline(state, frame) == (
        "2 of 4 would have missed a need for protection: Lena. 2 of them chose “Regular entry”."
    )
    assert list(report.over_referrals(state, frame)["sent"]) == [2, 0]
    matrix = report.confusion(state, frame)
    assert matrix.loc["Child protection", "Regular entry"] == 1
    assert matrix.loc["Child protection", report.NO_ANSWER] == 1
    assert matrix.to_numpy().sum() == 16
    assert report.by_indicator(state, frame).iloc[0]["of"] == 8
    points = report.by_person(frame).loc["b", "points"]
    assert points == 0 + 0.5 + 1 + 0


def test_one_class_answers_the_same_every_time_it_is_opened(log: DrillLog) -> None:
    run = rehearse(log, classroom.quiz(), classroom.NAMES, time.time() - 86_400 * 365)
    first, second = (report.answers(fold(log.since(run))) for _ in range(2))
    assert first.equals(second) and len(first) == 6 * len(classroom.NAMES)
    assert set(first["grade"]) <= set(report.GRADES)


def test_an_empty_room_is_said_in_words() -> None:
    state = Play(seats=()).add(10, "started").add(20, "ended").state
    frame = report.answers(state)
    assert "Nobody took part" in report.headline(state, frame)
    assert report.by_step(frame).empty and report.by_person(frame).empty


def test_exports_run_nothing_in_a_spreadsheet() -> None:
    names = ["=1+1", "+A1", "-B1", "@SUM(A1)", "\t=2", "  =3", "plain", 'a,"b"\n']
    play = Play(classroom.quiz(), ())
    for n, name in enumerate(names):
        play.add(1, "joined", {"name": name, "code": "x"}, f"s{n}")
    play.add(10, "started").add(11, "ended")
    text = report.export_csv(report.by_person(report.answers(play.state)))
    found = [row["name"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert found[:6] == ["'" + n for n in names[:6]]
    assert found[6:] == names[6:]
