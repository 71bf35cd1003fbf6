"""Two runs beside each other: differences counted by hand, and no more certainty than there is."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.apps.debrief import Debrief, compared
from crossings.apps.debrief.comparing import Comparison, NotComparableError
from crossings.apps.debrief.comparing import compared as beside
from crossings.curriculum import current
from crossings.drills import DrillLog, DrillState, Script, fold, forgetting
from crossings.drills.report import export_csv
from crossings.drills.script import script
from tests.apps.test_console import markup
from tests.apps.test_debrief import Seen
from tests.drills import any_kind, classroom
from tests.drills.any_kind import HIDDEN, HOSTILE, NAMES, PLANS
from tests.drills.test_report import played
from tests.drills.test_state import Play

MISSED = ["regular-entry", "regular-entry", "regular-entry", "regular-entry"]
FOUND = ["child-protection", "trafficking", "regular-entry", "regular-entry"]


@pytest.fixture
def log(tmp_path: Path) -> DrillLog:
    return DrillLog(tmp_path / "var" / "drills.sqlite")


def room(missed: int, found: int, plan: Script | None = None, first: str = "p") -> DrillState:
    """A triage in which some miss both needs and the others find them."""
    given_: dict[str, list[str | None]] = {f"{first}{n}": [*MISSED] for n in range(missed)}
    given_ |= {f"{first}{missed + n}": [*FOUND] for n in range(found)}
    return played(plan or classroom.triage(), given_)


def of(found: Comparison, kind: str, name: str = "") -> compared.Difference:
    return next(d for d in found.differences if (d.measure.kind, d.measure.id) == (kind, name))


def test_a_real_difference_is_said_and_counted() -> None:
    found = beside(room(9, 1), room(1, 9))
    missed = of(found, "missed")
    assert (missed.first.value, missed.second.value) == pytest.approx((0.9, 0.1))
    assert missed.people == (10, 10) and missed.verdict == "better"
    assert found.headline.startswith("Needs for protection missed, of all needs: 90 % in the first")
    assert "better, by more than chance explains" in found.headline
    lena = of(found, "need", "worker")
    assert lena.change.value == pytest.approx(-0.8) and lena.verdict == "better"
    whole = of(found, "whole")
    assert whole.change.value == pytest.approx(0.4) and whole.verdict == "better"
    back = beside(room(1, 9), room(9, 1))
    assert of(back, "missed").verdict == "worse" and not back.left_out


def test_small_groups_are_too_few_to_tell() -> None:
    found = beside(room(4, 0), room(0, 4))
    assert {d.verdict for d in found.differences} == {"few"}
    assert "too few to tell the groups apart" in found.headline
    shown = compared.page(found)
    assert "No measure has 5 on both sides" in shown and "<svg" not in shown
    assert "to +" not in shown, "no interval is shown where there are too few"


def test_the_same_people_are_paired_by_name_and_hardly_others() -> None:
    first, second = room(6, 0), room(0, 6)
    for state in (first, second):
        for n, seat in enumerate(state.seats.values()):
            seat.name = f"Ada {n}"
    second.seats["p0"].name = "Ada 1"  # two of one name pair nobody
    second.seats["p2"].name = "Person 3"
    first.seats["p2"].name = "Person 3"  # what stands for a name that was taken out
    found = beside(first, second, paired=True)
    assert found.pairs == 3 and of(found, "missed").people == (3, 3)
    assert "Only the 3 people who were in both runs" in compared.page(found)
    for seat in second.seats.values():
        seat.name = f"Somebody {seat.id}"
    with pytest.raises(NotComparableError, match="Nobody was in both"):
        beside(first, second, paired=True)


def changed(plan: Script, index: int, **more: object) -> Script:
    steps = list(plan.steps)
    steps[index] = steps[index].model_copy(
        update={"person": steps[index].person.model_copy(update=more)}  # type: ignore[union-attr]
    )
    return plan.model_copy(update={"steps": tuple(steps)})


def test_another_version_compares_what_both_share_and_says_what_not() -> None:
    plan = changed(classroom.triage(), 0, says="Something else.")
    plan = changed(plan, 3, id="new-one", name="Nila")
    found = beside(room(6, 0), room(6, 0, plan))
    assert {d.measure.id for d in found.of("step")} == {"worker", "trader"}
    assert dict(found.left_out) == {
        "Sami": "changed between the runs",
        "Ines": "only in the first run",
        "Nila": "only in the second run",
    }
    # The points count only what both share: Lena missed, Omar right.
    assert of(found, "whole").first.value == pytest.approx(0.5)
    assert "3 parts are not compared" in compared.page(found)


def test_what_has_nothing_in_common_is_one_clear_message() -> None:
    quiz = played(classroom.quiz(), {"a": ["yes"]})
    with pytest.raises(NotComparableError, match=r"is a triage drill and .* a quiz drill"):
        beside(room(1, 1), quiz)
    other = classroom.triage()
    for index in range(4):
        other = changed(other, index, id=f"n{index}")
    with pytest.raises(NotComparableError, match="was changed between the two runs"):
        beside(room(2, 2), room(2, 2, other))
    with pytest.raises(NotComparableError, match="they share nothing"):
        beside(room(2, 2), room(2, 2, other.model_copy(update={"ref": "a/b"})))
    with pytest.raises(NotComparableError, match="Nothing was played in `run` yet"):
        beside(Play(classroom.triage(), ()).state, room(2, 2))
    with pytest.raises(NotComparableError, match="Nobody answered"):
        beside(Play(classroom.triage(), ()).add(10, "started").state, room(2, 2))


def test_people_who_were_drawn_anew_are_compared_by_rules_and_needs(log: DrillLog) -> None:
    ref = "mixed-movements-at-work/one-shift-at-three-desks"
    course = current()
    runs = [any_kind.played(log, script(course, ref, seed=s), s) for s in ("one", "two")]
    found = beside(*(fold(log.since(r)) for r in runs))
    assert found.other_people and not found.of("step", "need") and found.of("rule", "missed")
    assert "one set may be harder" in compared.page(found).replace("\n", " ")
    same = any_kind.played(log, script(course, ref, seed="one"), "three")
    again = beside(fold(log.since(runs[0])), fold(log.since(same)))
    assert not again.other_people and again.of("step") and again.of("need")


@pytest.mark.parametrize("name", PLANS, ids=lambda name: name.replace(" ", "-"))
def test_every_kind_compares_without_a_name_or_a_script(name: str, log: DrillLog) -> None:
    states = [fold(log.since(any_kind.played(log, PLANS[name](), s))) for s in ("one", "two")]
    found = beside(*states)
    text = compared.html(found, datetime(2027, 1, 1, tzinfo=UTC))
    seen = Seen(text)
    assert (
        not seen.acts
        and not seen.tags & {"script", "img"}
        and not seen.addresses - {a for a in seen.addresses if a.startswith("#")}
    )
    assert len(seen.ids) == len(set(seen.ids))
    for person in NAMES:
        assert person in ("+1", "-2") or person not in text
    rows = list(csv.DictReader(io.StringIO(export_csv(compared.frame(found)), newline="")))
    assert len(rows) == len(found.differences) > 0
    kinds = {d.measure.kind for d in found.differences}
    wanted = {"quiz": {"step", "objective", "provision"}, "triage": {"need", "missed", "over"},
              "case": {"decision"}, "tabletop": {"milestone", "whole"}}  # fmt: skip
    assert wanted[states[0].kind] <= kinds
    for one in found.differences:
        assert one.change.value == pytest.approx(one.second.value - one.first.value)
        if one.change.low is not None and one.change.high is not None:
            assert one.change.low <= one.change.value <= one.change.high


def test_the_desk_compares_and_takes_it_back(log: DrillLog) -> None:
    runs = [any_kind.played(log, PLANS["triage"](), s, any_kind.START + n)
            for n, s in enumerate(("one", "two"))]  # fmt: skip
    any_kind.played(log, PLANS["quiz"](), "one", any_kind.START + 5)
    desk = Debrief(log)
    assert desk.other.layout.display == "none", "the quiz was held once"
    desk.pick.value = runs[1]
    assert desk.other.layout.display is None and desk.other.value == ""
    desk.other.value = runs[0]
    shown = markup(desk.box)
    assert "How far this can be trusted" in shown and HOSTILE not in shown and HIDDEN not in shown
    desk.take.click()
    assert "Comparison (HTML)" in markup(desk.box)
    desk.other.value = ""
    assert "Who was missed" in markup(desk.box)


def test_after_forgetting_the_groups_compare_as_before(log: DrillLog) -> None:
    runs = [any_kind.played(log, PLANS["triage"](), s) for s in ("one", "two")]
    before = compared.frame(beside(*(fold(log.since(r)) for r in runs)))
    forgetting.forget(log, runs[0], HIDDEN)
    assert compared.frame(beside(*(fold(log.since(r)) for r in runs))).equals(before)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 7), st.integers(0, 7), st.integers(0, 7), st.integers(0, 7))
def test_changed_places_change_the_sign_and_nothing_else(a: int, b: int, c: int, d: int) -> None:
    if not a + b or not c + d:
        return
    one, two = room(a, b), room(c, d)
    there, back = beside(one, two), beside(two, one)
    other = {"better": "worse", "worse": "better", "open": "open", "few": "few"}
    for kind in ("missed", "whole", "over"):
        first, second = of(there, kind), of(back, kind)
        assert first.change.value == pytest.approx(-second.change.value)
        assert second.verdict == other[first.verdict]
