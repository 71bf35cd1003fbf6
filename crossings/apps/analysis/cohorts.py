"""Cohorts from live drills, and two cohorts brought together by people's names."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from crossings.drills.state import DrillState, Seat
from crossings.grading.analysis import Answer, Cohort, Question


def of_drill(state: DrillState) -> Cohort:
    """Everybody who stayed in the room, and the questions that were opened.

    Arriving people of a triage are no questions of this kind; a triage has a debrief of its own.
    """
    script = state.plan()
    opened = [(n, script.steps[n].item) for n in sorted(state.steps)]
    asked = [(n, item) for n, item in opened if item is not None]
    answers = []
    for number, item in asked:
        for seat in state.present:
            given = state.answer(number, seat.id)
            answers.append(Answer.of(seat.id, item, given.response if given else None))
    return Cohort(
        title=state.title,
        questions=tuple(Question.of(item) for _, item in asked),
        answers=tuple(answers),
        names={seat.id: _name(state, seat) for seat in state.present},
    )


def _name(state: DrillState, seat: Seat) -> str:
    """What to call somebody; a hidden name's number is of this drill alone and pairs nobody."""
    return seat.name if not seat.masked else f"{state.label(seat.id)} of {state.code}"


def matched(cohort: Cohort) -> Cohort:
    """The cohort with people known by their written names, so that two tests can be paired.

    Drills know seats and assignments know trainees; the name is what both have. Names that two
    people share are left out: pairing the wrong people is worse than pairing fewer.
    """
    written = {student: _plain(cohort.name(student)) for student in cohort.students}
    count = Counter(written.values())
    alone = {student: name for student, name in written.items() if name and count[name] == 1}
    answers = tuple(
        replace(a, student=alone[a.student]) for a in cohort.answers if a.student in alone
    )
    names = {alone[s]: cohort.name(s) for s in alone}
    return Cohort(cohort.title, cohort.questions, answers, names)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
