"""A class at a real console: a site that can be killed, a wall, eight phones, and what happens.

Somebody reloads, a battery dies and the seat goes on on another device, somebody comes late, and
the site is killed while something is on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from crossings.drills import DrillState, Script, Trainer, fold, open_script
from crossings.drills.casework import Playing
from tests.accessibility import structure, violations
from tests.apps.test_voila import OTHERS
from tests.drills.test_page import Room

PEOPLE = ("Amina", "Björn", "Chipo", "Dau", "Elif", "Farid", "Grace", "<b>Hana</b>")
LATE = "Latecomer"
SIZES = ((390, 844), (320, 640), (412, 915), (360, 780))
"""Phones, the narrowest among them; the second is dark and without motion."""
WALL = {"width": 1280, "height": 720}
SAVED = "#saved:has-text('Saved')"


class Live:
    """One drill with everybody in it: `held` are the phones in order of their seats."""

    def __init__(self, browser: Any, room: Room, plan: Script, console: Any) -> None:
        self._browser, self.room, self.console = browser, room, console
        self.trainer = Trainer(room.log, open_script(room.log, plan))
        self.contexts: list[Any] = []
        self.errors: list[str] = []
        self._away: set[Any] = set()
        self.wall = self._page(viewport=WALL)
        self.wall.goto(f"{room.base}/drill/projector?key={self.trainer.state.projector_key}")
        self.held = [self.joins(name) for name in PEOPLE]

    def _page(self, **options: Any) -> Any:
        context = self._browser.new_context(**options)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        return page

    def phone(self) -> Any:
        """The join page on a new phone."""
        number = len(self.contexts) - 1
        width, height = SIZES[number % len(SIZES)]
        page = self._page(
            viewport={"width": width, "height": height},
            has_touch=True,
            is_mobile=True,
            color_scheme="dark" if number == 1 else "light",
            reduced_motion="reduce" if number == 1 else "no-preference",
        )
        page.goto(f"{self.room.base}/drill/?code={self.trainer.state.code}")
        return page

    def joins(self, name: str) -> Any:
        page = self.phone()
        page.fill("#name", name)
        page.click("button.main-button")
        page.wait_for_selector("text=Your seat code", state="attached")
        return page

    # The trainer

    def leads(self, voila: str) -> None:
        """The console is opened, finds the drill by itself, and starts it."""
        self.console.allowed_errors += OTHERS
        self.console.goto(voila, timeout=90_000)
        many = f"text={len(self.held)} people in the room"
        self.console.wait_for_selector(many, timeout=90_000)
        self.press("Start")

    def press(self, label: str) -> None:
        press(self.console, label)

    def co_trainer_goes_on(self) -> None:
        """To the next step, from a second console; the first one follows."""
        self.trainer.refresh()
        self.trainer.forward()

    # What happens in a class

    def comes_late(self) -> Any:
        """One more, who enters where the room is."""
        self.held.append(self.joins(LATE))
        return self.held[-1]

    def another_device(self, number: int) -> Any:
        """The battery of a phone dies; its seat goes on on another, by the seat code."""
        self.trainer.refresh()
        seat = self.trainer.state.present[number]
        old = self.held[number].context
        old.close()
        self.contexts.remove(old)
        phone = self.held[number] = self.phone()
        phone.click("text=I was already in")
        phone.fill("#seat-code", seat.code.lower())
        phone.click("text=Continue in my seat")
        phone.wait_for_selector("text=Change device")
        return phone

    @contextmanager
    def site_down(self) -> Iterator[None]:
        """What is done inside is done while there is no site; it was killed."""
        self.room.kill()
        try:
            yield
        finally:
            self.room.restart()

    def through_an_outage(self, phone: Any, act: Callable[[], None]) -> None:
        """What `act` sends while the site is dead waits in the phone, and arrives afterwards."""
        with self.site_down():
            act()
            phone.wait_for_selector("text=Waiting to send")
        phone.wait_for_selector(SAVED)

    # The end

    def ends(self, words: str) -> DrillState:
        """The trainer ends it; every phone says so with `words`, and fits. What the log holds."""
        self.press("End")
        self.press("Press again to end")
        for phone in self.held:
            phone.wait_for_selector(words)
            assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        state = fold(self.room.log.since(self.trainer.state.run))
        assert state.status == "ended" and len(state.present) == len(self.held) == len(PEOPLE) + 1
        shown = self.wall.inner_text("body")
        assert not any(name in shown for name in (*PEOPLE, LATE)), "the wall shows a name"
        return state

    def opens_the_debrief(self) -> Any:
        """By keyboard, from the console of a drill that has ended: the page with its debrief."""
        link = self.console.get_by_role("link", name="Open the debrief")
        link.focus()
        with self.console.expect_popup() as opened:
            self.console.keyboard.press("Enter")
        page = opened.value
        page.wait_for_selector(".cxa-big", timeout=90_000)
        chosen = page.get_by_label("Drill", exact=True).evaluate("e => e.selectedOptions[0].text")
        assert self.trainer.state.code in chosen
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        # The site goes and comes back, and a phone that looks meanwhile says so.
        assert not [e for e in self.errors if "ERR_" not in e]


def press(page: Any, label: str) -> None:
    page.click(f"button.cxa-button:text-is('{label}'):enabled")


def answers(phone: Any, kind: str, place: int = 0) -> None:
    """Answer the question that is open, whatever its kind, and wait until that is kept."""
    sends(phone, kind, place)
    phone.wait_for_selector(SAVED)


def sends(phone: Any, kind: str, place: int = 0) -> None:
    if kind in ("single", "multiple", "hotspot", "person"):
        phone.click(f"#main .choice >> nth={place}")
    elif kind in ("grid", "match"):
        for select in phone.query_selector_all("main select"):
            select.select_option(index=1)
    if kind not in ("single", "person"):
        phone.click("text=Send my answer")


def answers_and_reloads(phone: Any, kind: str, place: int) -> None:
    """The answer is there again on the page that comes."""
    answers(phone, kind, place)
    reloads(phone, "[aria-pressed=true]")


def reloads(phone: Any, selector: str) -> None:
    phone.reload()
    phone.wait_for_selector(selector)


def everybody(phones: Sequence[Any], selector: str, **more: Any) -> None:
    for phone in phones:
        phone.wait_for_selector(selector, **more)


def vote(phone: Any, play: Playing, action: dict[str, Any]) -> None:
    """Vote for an action of a case as a person does, in the words that the page shows."""
    if action["action"] == "sort":
        for row, arrival in enumerate(play.shown["arrivals"]):
            phone.select_option(f"#o{row}", value=action["pairs"][arrival["id"]])
        phone.click("text=Send my choice")
    elif action["action"] == "write":
        phone.fill("#note", f"{action['text']} <b>&amp;</b>")
        phone.click("text=Send my note")
    else:
        phone.locator("#main .choice", has_text=wanted(play, action)).click()
        if play.kind == "decision" and play.part.decide == "team":
            phone.click("text=Vote: ")


def wanted(play: Playing, action: dict[str, Any]) -> str:
    """The words on the button for an action."""
    shown = play.shown
    if action["action"] == "choose":
        return str(next(o["text"] for o in shown["options"] if o["id"] == action["choice"]))
    if action["action"] == "ask":
        return str(next(q["text"] for q in shown["questions"] if q["id"] == action["question"]))
    if action["action"] == "open":
        return str(next(f["label"] for f in shown["finds"] if f["evidence"] == action["evidence"]))
    return "End the conversation" if play.kind == "interview" else "Stop searching"


def fine(page: Any, what: str) -> None:
    """Whether everybody can use the page of an app, in both colour schemes."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = structure(page) + violations(page)
        assert not found, "\n".join([f"{what}, {scheme}:", *found])


def fits_a_phone(page: Any) -> None:
    """A co-trainer may lead from a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
