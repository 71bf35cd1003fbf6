"""The shipped exercises: sound, playable, and worth the ninety minutes."""

from __future__ import annotations

import pytest

from crossings.curriculum import current
from crossings.curriculum.model import Drill
from crossings.tabletop import Tabletop, role_view
from crossings.tabletop.check import problems
from crossings.tabletop.results import points, reached
from tests.tabletop.made import at, did, event

GULL = "mixed-movements-at-work/sixty-at-gull-haven"


def shipped() -> dict[str, Drill]:
    course = current()
    return {
        f"{m.id}/{d.id}": d
        for m in course.modules.values()
        for d in m.drills.values()
        if d.tabletop is not None
    }


SHIPPED = shipped()


def table(name: str) -> Tabletop:
    found = SHIPPED[name].tabletop
    assert found is not None
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_the_checks_are_silent(name: str) -> None:
    assert problems(table(name), SHIPPED[name].minutes) == []


def test_gull_haven_has_the_size_of_half_a_day() -> None:
    made = table(GULL)
    assert 6 <= len(made.roles) <= 8 and 15 <= len(made.injects) <= 25
    assert SHIPPED[GULL].minutes == 90 and SHIPPED[GULL].content_note


def test_a_room_that_does_everything_right_in_time_meets_every_milestone() -> None:
    made = table(GULL)
    acts = []
    for name, action in made.actions.items():
        if action.grade == "good":
            # Tried each minute: it counts once, when it is open.
            acts += [did(m + 0.5, action.roles[0], name, f"{name}/{m}") for m in range(90)]
    filled = {
        "sitrep": {"people": 61, "urgent": "A doctor.", "next": "06:30"},
        "child-referral": {"called": "Jaro", "age": "says", "with": "A man.", "tonight": "A bed."},
        "a1-note": {"words": "A list.", "language": "Sorv", "told": "asked"},
        "press-line": {"line": "Help is there.", "next": "07:00"},
    }
    for form, fields in filled.items():
        role = made.forms[form].roles[0]
        acts += [
            event(m + 0.6, "filed", f"{form}/{m}", role=role, form=form, fields=fields)
            for m in range(5, 60, 5)
        ]
    acts.append(event(12, "sent", role="coast-guard", to=["child-protection"], text="Children."))
    acts.append(event(80, "switched", milestone="handover", on=True))
    play = at(90, *acts, event(89.5, "ended"), table=made)
    assert points(play) == (len(made.milestones), len(made.milestones))
    assert "girl-found" in play.fired and not {"untold", "girl-late", "waves"} & set(play.fired)


def test_a_room_that_does_nothing_hears_of_it() -> None:
    play = at(90, event(89.5, "ended"), table=table(GULL))
    assert {"towed", "untold", "silent-unhcr", "girl-late", "waves"} <= set(play.fired)
    assert not {"found", "girl-found"} & set(play.fired)
    assert {r.standing for r in reached(play)} == {"missed"}


@pytest.mark.parametrize("role", table(GULL).roles)
def test_each_role_gets_news_all_the_time(role: str) -> None:
    """In a room that is silent; in others there are messages, too."""
    times = [line["ms"] / 60_000 for line in role_view(at(90, table=table(GULL)), [role])["inbox"]]
    assert 5 <= len(times) <= 16
