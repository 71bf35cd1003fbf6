"""A whole drill of each kind: a trainer at a real Voila console, eight phones and more, a wall.

In each of them somebody reloads, a seat goes on on a second device by its code, somebody comes
late, and the site is killed while something is on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from crossings.apps.debrief import page as debrief_page
from crossings.cases import replay
from crossings.curriculum import Course, load
from crossings.drills import script, teamwork
from crossings.drills.casework import Playing, playing, traces
from crossings.drills.tablework import final_play, play_at
from crossings.tabletop.results import reached
from crossings.workspace import ROOT
from tests.apps.live import (
    PEOPLE,
    Live,
    answers,
    answers_and_reloads,
    everybody,
    fine,
    fits_a_phone,
    reloads,
    sends,
    vote,
)
from tests.drills.team_room import with_teams
from tests.serving import eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.xdist_group("console")]
Opened = Callable[..., Live]
TRIAGE = "mixed-movements-at-work/one-shift-at-three-desks"
CASE = "trafficking-identification/night-crew-in-teams"
TABLETOP = "mixed-movements-at-work/sixty-at-gull-haven"
QUIZ = "trafficking-identification/signs-and-myths"


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    yield load(ROOT)


def test_a_quiz_in_teams(course: Course, live: Opened) -> None:
    here = live(with_teams(script(course, QUIZ), {"of": 4}))
    kinds = [step.item.kind for step in here.trainer.state.plan().steps]  # type: ignore[union-attr]
    whole, some = {0, 4, 10}, here.held[:3]
    for number, kind in enumerate(kinds):
        everybody(here.held, f"text=Question {number + 1} of {len(kinds)}")
        if number == 1:
            answers_and_reloads(here.held[0], kind, 1)
        if number == 2:
            here.another_device(2)
            some = here.held[:3]
        if number == 3:
            here.comes_late().wait_for_selector("text=Question 4 of")
        answering = list(here.held if number in whole else some)
        if number == 4:
            cut_off = here.held[3]
            here.through_an_outage(cut_off, partial(sends, cut_off, kind))
            answering.remove(cut_off)
        for phone in answering:
            answers(phone, kind)
        if number not in whole:
            here.co_trainer_goes_on()
            continue
        here.console.wait_for_selector(f"text={len(here.held)} of {len(here.held)} answered")
        here.press("Reveal")
        everybody(here.held, ".verdict")
        here.wall.wait_for_selector("caption:has-text('Teams so far')")
        if number + 1 < len(kinds):
            here.press("Next")
    state = here.ends("h1:has-text('The drill is over')")
    assert "together:" in here.held[0].inner_text("main")
    here.wall.wait_for_selector("caption:has-text('the mean of those in the team')")
    counted_all = [len(state.answered(n)) for n in range(len(kinds))]
    expected = [9 if n in (4, 10) else 8 if n == 0 else 3 for n in range(len(kinds))]
    assert counted_all == expected, "every answer once, over all that happened"
    assert sum(teamwork.score(state, t).answers for t in state.teams) == sum(expected)
    assert "Team 1" in here.console.inner_text(".cxa")
    shown = here.opens_the_debrief()
    assert "Team 1" in shown.inner_text(".cxa")
    fine(shown, "the debrief of a quiz in teams")
    fits_a_phone(shown)


def test_people_who_are_drawn(course: Course, live: Opened) -> None:
    here = live(script(course, TRIAGE, seed="a class of eight"))
    people = [step.person for step in here.trainer.state.plan().steps]
    whole, some = {0, 8, 15}, here.held[:2]
    for number, person in enumerate(people):
        assert person is not None
        everybody(here.held, f"text=Person {number + 1} of {len(people)}")
        if number == 2:
            answers_and_reloads(here.held[0], "person", 3)
        if number == 5:
            here.another_device(1)
            some = here.held[:2]
        if number == 7:
            here.comes_late().wait_for_selector("text=Person 8 of")
        answering = list(here.held if number in whole else some)
        if number == 8:
            cut_off = here.held[4]
            here.through_an_outage(cut_off, partial(sends, cut_off, "person", 7))
            answering.remove(cut_off)
        for place, phone in enumerate(answering):
            answers(phone, "person", place % 8)
        if number in whole:
            here.console.wait_for_selector(f"text={len(here.held)} of {len(here.held)} answered")
            here.press("Reveal")
            everybody(here.held, ".verdict")
            here.wall.wait_for_selector("#bars >> text=✓ right")
        if number in whole and number + 1 < len(people):
            here.press("Next")
        elif number not in whole:
            here.co_trainer_goes_on()
    state = here.ends("h1:has-text('The drill is over')")
    counted_all = [len(state.answered(n)) for n in range(len(people))]
    assert counted_all == [9 if n in (8, 15) else 8 if n == 0 else 2 for n in range(len(people))]
    missed = here.held[0].inner_text("main")
    assert "protection" in missed, missed
    shown = here.opens_the_debrief()
    assert people[0] is not None and people[0].name in shown.inner_text(".cxa")
    fine(shown, "the debrief of people who were drawn")
    fits_a_phone(shown)


@pytest.mark.parametrize(
    ("left_out", "percent"),
    [(("ask", "open"), 81), pytest.param((), 100, marks=pytest.mark.slow)],
    ids=["asks-nothing", "the-best-way"],
)
def test_a_case_in_teams(
    course: Course, live: Opened, left_out: tuple[str, ...], percent: int
) -> None:
    """Team 1 lets the vessel go in four moves; Team 2 plays on to the best ending, all forty moves
    of it or without those that take the most time."""
    here = live(script(course, CASE))
    case = course.case("trafficking-identification/night-crew-at-north-quay")
    here.comes_late()
    short = [a.model_dump(exclude_none=True) for a in case.walkthroughs["vessel-left"].actions]
    best = [a.model_dump(exclude_none=True) for a in case.walkthroughs["best"].actions]
    best = [action for action in best if action["action"] not in left_out]
    # Who comes late sits in the team made first, as both are full.
    first, second = [*here.held[:4], here.held[8]], here.held[4:8]
    for number, action in enumerate(short):
        moved(here, first, "t1", number, action)
    everybody(first, "text=Your team has come to an end.")
    for number, action in enumerate(best):
        if number == 1:
            tied(here, second, number, action)
            continue
        if number == 7:
            here.another_device(6)
            second = here.held[4:8]
        voted = 0
        if number == 9:
            play = arrived(here, "t2", number)
            here.through_an_outage(second[3], partial(vote, second[3], play, action))
            voted = 1
        moved(here, second, "t2", number, action, voted)
    here.console.wait_for_selector("text=2 of 2 teams have come to an end")
    here.wall.wait_for_selector("text=✓ at an end >> nth=1")
    state = here.ends(".verdict >> text=Your team: ")
    here.wall.wait_for_selector("caption:has-text('Points of the teams')")
    assert f"{percent}\u00a0%" in second[0].inner_text(".verdict")
    plays = {t["drill"][-2:]: replay(state.case.doc, t) for t in traces(state)}  # type: ignore[union-attr]
    assert plays["t1"].state.ending == case.walkthroughs["vessel-left"].ending
    assert plays["t2"].state.ending == case.walkthroughs["best"].ending
    assert plays["t2"].finished and plays["t2"].score["percent"] == percent
    assert [t.how for t in state.team_taken["t2"]].count("captain") == 3


def moved(
    here: Live, team: list[Any], name: str, turn: int, action: dict[str, Any], voted: int = 0
) -> None:
    """One turn of a team: all vote for `action` but the last `voted`, who have; or it goes on."""
    play = arrived(here, name, turn)
    if action["action"] == "continue":
        team[0].click("text=Go on with the team")
    else:
        for phone in team[: len(team) - voted]:
            vote(phone, play, action)
    arrived(here, name, turn + 1)
    # The turns of one stop have one title: a new one has no vote yet.
    everybody(team, "[aria-pressed=true]", state="detached")


def tied(here: Live, team: list[Any], turn: int, action: dict[str, Any]) -> None:
    """Two and two: after a reload the captain decides."""
    play = arrived(here, "t2", turn)
    other = next(o for o in play.shown["options"] if o["id"] != action["choice"])
    for n, phone in enumerate(team):
        vote(phone, play, action if n % 2 == 0 else action | {"choice": other["id"]})
    everybody(team, "text=Your team is tied.")
    here.console.wait_for_selector("text=a tie: the captain decides")
    reloads(team[1], "text=Your team is tied.")
    team[0].click("text=Decide for the team: ")
    arrived(here, "t2", turn + 1)
    everybody(team, "[aria-pressed=true]", state="detached")


def arrived(here: Live, team: str, turn: int) -> Playing:
    """The play of a team once it has made `turn` moves."""

    def there() -> bool:
        here.trainer.refresh()
        return playing(here.trainer.state, team).state.seq == turn

    eventually(there, every=0.02)
    return playing(here.trainer.state, team)


def tab(phone: Any, name: str) -> None:
    phone.click(f".tabs >> text={name}")


def write(phone: Any, to: str, words: str) -> None:
    tab(phone, "Write")
    phone.get_by_label(to, exact=True).check()
    phone.fill("#text", words)
    phone.click("button:text-is('Send')")


def step(phone: Any, words: str) -> None:
    tab(phone, "Steps")
    phone.click(f".choice:has-text('{words}')")
    phone.click("text=Do this now")
    phone.wait_for_selector("text=Saved ✓")


def test_an_exercise_of_eight_services(course: Course, live: Opened) -> None:
    here = live(script(course, TABLETOP))
    coast, police, _, child, _red_cross, _unhcr, _lantern, press_office = here.held
    trainer, console = here.trainer, here.console
    coast.wait_for_selector(".mail >> text=Water is coming in.")
    assert "three miles" not in child.inner_text("main")
    step(coast, "Send the patrol boat now")
    write(coast, "Child Protection", "Many children, landing at six")
    child.wait_for_selector(".mail >> text=Many children, landing at six")
    console.wait_for_selector("text=Coast Guard → Child Protection")

    # To the landing, by way of everything that comes before it.
    here.press("Next event")
    child.wait_for_selector(".mail >> text=Something at Gull Haven")
    trainer.refresh()
    trainer.skip(22)
    here.wall.wait_for_selector("text=The first people step ashore")
    tab(coast, "Inbox")
    everybody(here.held, ".mail >> text=The first people step ashore")

    # The site goes and comes back; what was sent meanwhile arrives once.
    with here.site_down():
        write(police, "Child Protection", "A boy is alone at the door")
        police.wait_for_selector(".out >> text=Waiting to send")
    child.wait_for_selector(".mail >> text=A boy is alone at the door", timeout=30_000)
    police.wait_for_selector("text=Saved ✓", timeout=30_000)

    # A reload, a second device for the same seat, and somebody who comes late.
    reloads(child, ".mail >> text=A boy is alone at the door")
    immigration = here.another_device(2)
    immigration.wait_for_selector("h1:has-text('Immigration Service')")
    write(immigration, "Exercise control", "We need an interpreter for Sorv")
    late = here.comes_late()
    late.wait_for_selector(".mail >> text=The first people step ashore")

    # The trainer answers, looks at the story, and goes back in time.
    console.wait_for_selector("text=Immigration Service asks you")
    console.fill("textarea", "The interpreter calls you in two minutes.")
    here.press("Send my news")
    tab(immigration, "Inbox")
    immigration.wait_for_selector(".mail >> text=The interpreter calls you")
    police.wait_for_selector(".badge.hot:not(:empty)")
    tab(press_office, "Forms")
    press_office.click("text=Fill in >> nth=0")
    press_office.fill("#f0", "People are on land and cared for. We give no names.")
    press_office.fill("#f1", "07:00")
    press_office.click("text=File it")
    here.wall.wait_for_selector("text=People are on land and cared for.")
    trainer.refresh()
    trainer.skip(60)
    immigration.wait_for_selector(".mail >> text=A bus at noon")
    console.click("button:has-text('Move the clock')")
    console.fill("input[type=number]", "26")
    console.press("input[type=number]", "Enter")
    here.press("Back to there")
    here.press("Press again to go back")
    console.wait_for_selector("text=Back from minute 60 to 26")
    immigration.wait_for_selector("text=A bus at noon", state="detached")
    state = here.ends("h1:has-text('The exercise is over')")
    here.wall.wait_for_selector("text=reached in time")
    play = final_play(state)
    told = [e.text for e in play_at(state, trainer.state.acted_at).entries if e.kind == "message"]
    assert told == ["Many children, landing at six", "A boy is alone at the door",
                    "We need an interpreter for Sorv"]  # fmt: skip
    met = {r.name for r in reached(play) if r.standing == "met"}
    assert met == {"boat-sent", "children-known", "press-line"}
    assert not any(name in debrief_page(state, names=False) for name in PEOPLE)
