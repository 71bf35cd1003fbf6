"""A drill that draws its people: the set is in the log with the script, and plays as any other."""

from __future__ import annotations

import time

import pytest

from crossings.apps.stage import preview
from crossings.curriculum import Course, current
from crossings.drills import DrillLog, Script, fold
from crossings.drills.paper import page, sheet
from crossings.drills.rehearsal import rehearse
from crossings.drills.script import script
from crossings.drills.trainer import open_script
from crossings.drills.views import participant_view, projector_view
from tests.drills import classroom
from tests.drills.test_state import Play

REF = "mixed-movements-at-work/one-shift-at-three-desks"


@pytest.fixture(scope="module")
def course() -> Course:
    return current()


def test_what_was_drawn_is_in_the_log_and_does_not_change(course: Course, log: DrillLog) -> None:
    plan = script(course, REF)
    run = open_script(log, plan)
    world = course.arrivals.world.model_copy(update={"version": 99})
    assert script(course.model_copy(
        update={"arrivals": course.arrivals.model_copy(update={"world": world})}), REF
    ).drawn.version == 99  # fmt: skip
    kept = fold(log.since(run)).plan()
    assert kept == plan
    assert kept.drawn.seed and len(kept.steps) == 16
    assert script(course, REF, kept.drawn.seed).steps == plan.steps


def test_without_a_seed_each_opening_has_other_people(course: Course) -> None:
    one, two = script(course, REF), script(course, REF)
    assert one.drawn.seed != two.drawn.seed
    assert [s.title for s in one.steps] != [s.title for s in two.steps]


def test_a_seed_in_the_file_gives_everybody_the_same(course: Course) -> None:
    module = course.modules["mixed-movements-at-work"]
    drill = module.drills["one-shift-at-three-desks"]
    fixed = drill.generate.model_copy(update={"seed": "class-of-may"})
    drills = {**module.drills, drill.id: drill.model_copy(update={"generate": fixed})}
    changed = module.model_copy(update={"drills": drills})
    again = course.model_copy(update={"modules": {**course.modules, module.id: changed}})
    assert script(again, REF) == script(again, REF)


def test_the_class_reads_the_rules_and_that_nobody_is_real(course: Course) -> None:
    intro = script(course, REF).intro
    for number in range(1, 10):
        assert f"({number})" in intro
    assert "invented" in intro


def test_objectives_are_those_of_the_drill(course: Course) -> None:
    drill = course.drill(REF)
    counted = {o for s in script(course, REF, "o").steps for o in s.objectives}
    assert counted and counted <= set(drill.objectives)


def drawn(course: Course) -> Script:
    return script(course, REF, "secrets")


def test_nothing_of_the_answer_reaches_a_page_before_the_reveal(course: Course) -> None:
    plan = drawn(course)
    play = Play(plan, ("s1",)).add(10, "started")
    for index, step in enumerate(plan.steps):
        assert step.person is not None
        now = 11.0 + 100 * index
        if index:
            play.add(now, "moved", {"from": index - 1, "to": index})
        shown = participant_view(play.state, "s1", now)["step"]
        assert set(shown["person"]) == {"name", "seen", "says", "documents"}
        told = str({k: v for k, v in shown.items() if k != "rules"})
        told += str(projector_view(play.state, now)["step"])
        assert step.person.why not in told
        assert step.person.id not in told
        assert not any(sign in told for sign in step.person.indicators)


def test_it_plays_to_its_end_as_any_other(course: Course, log: DrillLog) -> None:
    run = rehearse(log, drawn(course), classroom.NAMES, time.time() - 86_400)
    state = fold(log.since(run))
    assert state.status == "ended" and len(state.steps) == 16


def test_a_preview_says_that_others_will_come(course: Course) -> None:
    assert "these are an example" in preview(script(course, REF))
    assert "an example" not in preview(script(course, "trafficking-identification/night-bus"))


# On paper


def test_paper_for_the_class_has_no_answer(course: Course) -> None:
    plan = drawn(course)
    for text in (sheet(plan, answers=False), page(plan, answers=False)):
        plain = " ".join(text.split())
        for step in plan.steps:
            assert step.person.name.split(",")[0] in plain
            assert step.person.why[:40] not in plain.replace("&#x27;", "'")
    assert page(plan, answers=False).count("☐") == 16 * 8


def test_paper_for_the_trainer_says_what_is_right_and_why(course: Course) -> None:
    plan = drawn(course)
    text = " ".join(sheet(plan, answers=True).split())
    for step in plan.steps:
        assert " ".join(step.person.why.split()) in text
        assert all(cite in text for cite in step.person.cites)
    assert "seed secrets" in text


def test_paper_runs_nothing_that_an_author_wrote(course: Course) -> None:
    plan = drawn(course)
    bad = plan.steps[0].person.model_copy(update={"says": "<script>alert(1)</script>"})
    steps = (plan.steps[0].model_copy(update={"person": bad}), *plan.steps[1:])
    text = page(plan.model_copy(update={"steps": steps, "title": "<img src=x>"}), answers=True)
    assert "<script>" not in text and "<img" not in text
    assert "&lt;script&gt;" in text


def test_written_people_are_printed_as_well(course: Course) -> None:
    plan = script(course, "trafficking-identification/night-bus")
    assert plan.drawn is None
    assert "written by the authors" in sheet(plan, answers=False)
