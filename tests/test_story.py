"""The whole story, with the real course and real processes, the way a class lives it.

A trainee reads, answers, plays; a class joins a drill that the trainer leads in Voila; the learner
site is killed in the middle of it; a worksheet is handed in, marked, and its feedback read.
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from crossings.curriculum import current
from crossings.player.documents import case_payload
from crossings.server import staff
from crossings.workspace import ROOT
from tests.conftest import DESK, PHONE
from tests.reading import read_yaml
from tests.serving import Served, course, eventually

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("story")]

MODULE = "trafficking-identification"
CASE = "night-crew-at-north-quay"
SHEET = "officer-worksheet"
DRILL = "signs-and-myths"
CHAPTER = f"modules/{MODULE}/what-trafficking-is.html"
FROM_JUPYTER = ("RUNTIME-012", "Shared module", "403", "404", "ERR_", "status of 5", "WebSocket")
"""Errors on staff pages that are Jupyter's own."""
KERNEL = 90_000
"""Milliseconds for a page that must first start a kernel."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("the story")
    running = Served(folder / "class data", folder / "home")
    try:
        yield running.wait_until_open()
    finally:
        running.kill()


class Room:
    """Opens pages in contexts of their own and remembers what they complained about."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def page(self, name: str, *, phone: bool, allowed: tuple[str, ...] = ()) -> Page:
        options: dict[str, Any] = {"viewport": PHONE if phone else DESK}
        if phone:
            options |= {"has_touch": True, "is_mobile": True}
        context = self.browser.new_context(**options)
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        page = context.new_page()

        def complain(text: str) -> None:
            if not any(a in text for a in allowed):
                self.errors.append(f"{name}: {text}")

        page.on("pageerror", lambda error: complain(str(error)))
        page.on("console", lambda m: complain(_told(m)) if m.type == "error" else None)
        return page


def _told(message: ConsoleMessage) -> str:
    """The message with the address it is about, without which a 404 says nothing."""
    return f"{message.text} ({message.location.get('url', '')})"


@pytest.fixture
def room(browser: Browser) -> Iterator[Room]:
    made = Room(browser)
    yield made
    for context in made.contexts:
        context.close()
    assert made.errors == []


def test_the_whole_story(served: Served, room: Room) -> None:
    trainee = room.page("trainee", phone=True)
    reads_a_chapter(trainee, served)
    takes_its_quiz(trainee)
    plays_the_case(trainee, served, "best")
    plays_the_case(trainee, served, a_harmful_play())
    leads_a_drill(room, served)
    code = hands_in_a_worksheet(room.page("worksheet", phone=True), served)
    is_marked(served)
    is_in_formgrader(room.page("formgrader", phone=False, allowed=FROM_JUPYTER), served)
    reads_the_feedback(room.page("feedback", phone=True), served, code)
    assert served.stop(signal.SIGINT) == 0


# The book


def reads_a_chapter(page: Page, served: Served) -> None:
    page.goto(f"{served.learner}/")
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    page.goto(f"{served.learner}/{CHAPTER}")
    expect(page.get_by_role("heading", level=1).first).to_contain_text("rafficking")
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "a phone must not scroll sideways"


def takes_its_quiz(page: Page) -> None:
    quiz = page.locator(".cx-quiz").first
    quiz.scroll_into_view_if_needed()
    total = int(re.findall(r"of (\d+)", quiz.inner_text())[0])
    for place in range(total):
        answer(quiz)
        quiz.get_by_role("button", name=re.compile("Check my answer|Compare with")).click()
        expect(quiz.locator(".cx-verdict").first).to_be_visible()
        last = place == total - 1
        quiz.get_by_role("button", name="See the result" if last else "Next question").click()
    expect(quiz).to_contain_text("Your result")


def answer(item: Any) -> None:
    """Give some answer to the one item in `item`, whatever its kind."""
    # Each group of radios is one line of a grid, or the options of a single choice.
    for group in item.locator(".cx-options[role=radiogroup], .cx-pair[role=radiogroup]").all():
        group.locator("input[type=radio]").first.check()
    boxes = item.locator(".cx-options[role=group] input[type=checkbox]")
    if boxes.count():
        boxes.first.check()
    for place, select in enumerate(item.locator(".cx-match select").all()):
        values = select.locator("option").evaluate_all("all => all.map((o) => o.value)")
        real = [v for v in values if v]
        select.select_option(real[place % len(real)])
    if item.locator(".cx-keep input").count():
        item.locator(".cx-keep input").check()
    for field in item.locator(".cx-written input, .cx-written textarea").all():
        number = field.get_attribute("inputmode") == "decimal"
        field.fill("12" if number else "She was paid less than agreed and could not leave.")


# The case


def the_case() -> dict[str, Any]:
    path = ROOT / "modules" / MODULE / "cases" / f"{CASE}.yml"
    found: dict[str, Any] = read_yaml(path)
    return found


def a_harmful_play() -> str:
    """The shortest walkthrough that ends in harm."""
    doc = the_case()
    harmed = {n for n, node in doc["nodes"].items() if node.get("outcome") == "harmed"}
    plays = {n: w for n, w in doc["walkthroughs"].items() if w["ending"] in harmed}
    assert plays, "the case has no walkthrough that ends in harm"
    return min(plays, key=lambda n: len(plays[n]["actions"]))


def plays_the_case(page: Page, served: Served, name: str) -> None:
    walk = the_case()["walkthroughs"][name]
    page.goto(f"{served.learner}/{page_with_the_case()}")
    case = page.locator(".cx-case").first
    case.scroll_into_view_if_needed()
    if case.get_by_role("button", name="Begin again").count():
        case.get_by_role("button", name="Begin again").click()
    case.get_by_role("radio", name=re.compile("^Test yourself")).check()
    case.get_by_role("button", name=re.compile("Continue to the case|^Begin$")).click()
    for step in walk["actions"]:
        does(page, case, step)
    ending = the_case()["nodes"][walk["ending"]]
    expect(case.get_by_role("heading", name=ending["title"])).to_be_visible()
    expect(case.locator(".cx-outcome")).to_contain_text("%")


def page_with_the_case() -> str:
    pages = sorted((ROOT / "modules" / MODULE).glob("*.md"))
    inside = [p for p in pages if CASE in p.read_text(encoding="utf-8")]
    assert inside, "no chapter shows the case"
    return f"modules/{MODULE}/{inside[0].stem}.html"


STATE = """([key, doc]) => {
  const E = globalThis.CrossingsEngine;
  const view = E.view(doc, E.replay(doc, JSON.parse(localStorage.getItem(key))).state);
  return {node: view.node,
    questions: (view.questions || []).filter((q) => !q.asked).map((q) => q.id),
    finds: (view.finds || []).filter((f) => !f.opened).map((f) => f.evidence)};
}"""
"""Which buttons the page shows now, in order: their texts change with the names of a play."""


@cache
def document() -> dict[str, Any]:
    """The case as the page has it."""
    found: dict[str, Any] = case_payload(current(), f"{MODULE}/{CASE}")["doc"]
    return found


def does(page: Page, case: Any, step: dict[str, Any]) -> None:
    """One action of a walkthrough, with the real buttons; what followed is clicked away."""
    now = page.evaluate(STATE, [f"crossings:case:{MODULE}/{CASE}", document()])
    assert now["node"] == step["node"], f"the page is at {now['node']}, not at {step['node']}"
    match step["action"]:
        case "continue":
            case.get_by_role("button", name="Continue", exact=True).click()
        case "choose":
            case.locator(f".cx-options input[value='{step['choice']}']").check()
            case.get_by_role("button", name="Decide").click()
        case "ask":
            case.locator(".cx-asks button").nth(now["questions"].index(step["question"])).click()
            expect(case.locator(f".cx-talk [data-id='{step['question']}']")).to_be_visible()
        case "open":
            case.locator(".cx-asks button").nth(now["finds"].index(step["evidence"])).click()
        case "leave":
            ends = re.compile("^(End the conversation|Move on)$")
            case.get_by_role("button", name=ends).click()
        case "sort":
            for arrival, channel in step["pairs"].items():
                case.locator(f"select[data-id='{arrival}']").select_option(channel)
            case.get_by_role("button", name="Decide").click()
        case "write":
            case.locator("textarea").fill(step["text"])
            case.get_by_role("button", name="Keep the note and continue").click()
        case other:
            raise AssertionError(f"a walkthrough does {other}")
    onward = case.locator(".cx-followed").get_by_role(
        "button", name=re.compile("^(Continue|See how it ends)$")
    )
    if onward.count():
        onward.click()


# The drill


def leads_a_drill(room: Room, served: Served) -> None:
    trainer = room.page("trainer", phone=False, allowed=FROM_JUPYTER)
    trainer.goto(f"{served.staff}/tree?token={served.token}")
    trainer.goto(f"{served.staff}/{staff.CONSOLE}", timeout=KERNEL)
    expect(trainer.get_by_role("button", name="Open the lobby")).to_be_visible(timeout=KERNEL)
    trainer.locator(".cxa select").first.select_option(label="Signs and myths")
    trainer.get_by_role("button", name="Open the lobby").click()
    expect(trainer.locator(".cxa-head")).to_contain_text(re.compile(r"\b[A-Z0-9]{4}\b"))
    code = json.loads(openings(served))[0]
    expect(trainer.locator(".cxa-head")).to_contain_text(code)

    names = ("Amina", "Bashir", "Chandra")
    # While the site is away the phones say so themselves; the browser's own line is expected.
    phones = [room.page(n, phone=True, allowed=("ERR_", "Failed to load")) for n in names]
    for name, phone in zip(names, phones, strict=True):
        phone.goto(f"{served.learner}/drill/?code={code}")
        phone.fill("#name", name)
        phone.get_by_role("button", name="Join", exact=True).click()
        expect(phone.get_by_text(f"You are in, {name}")).to_be_visible()
    expect(trainer.get_by_text("3 people in the room")).to_be_visible()
    trainer.get_by_role("button", name="Start", exact=True).click()

    for done, phone in enumerate(phones[:2], start=1):
        answers(phone, done - 1)
        expect(trainer.get_by_text(f"{done} of 3 answered").first).to_be_visible()
    loses_the_site_and_nothing_else(served, phones, trainer)

    trainer.get_by_role("button", name="Close", exact=True).click()
    trainer.get_by_role("button", name="Reveal", exact=True).click()
    for phone in phones:
        expect(phone.locator("h1")).to_contain_text(re.compile("right|Right"))
    trainer.get_by_role("button", name="End", exact=True).click()
    trainer.get_by_role("button", name="Press again to end").click()
    for phone in phones:
        expect(phone.get_by_text("The drill is over")).to_be_visible()
    debriefs(trainer, code)


def openings(served: Served) -> str:
    from crossings.drills.log import DrillLog

    log = DrillLog(served.data / "var" / "drills.sqlite")
    try:
        return json.dumps([e.payload["code"] for e in log.openings()])
    finally:
        log.close()


def answers(phone: Page, which: int) -> None:
    choices = phone.locator("button.choice")
    expect(choices.first).to_be_visible()
    choices.nth(which).click()
    send = phone.get_by_role("button", name=re.compile("^Send "))
    if send.count():
        send.click()
    expect(phone.locator("#saved")).to_have_text("Saved ✓")


def loses_the_site_and_nothing_else(served: Served, phones: list[Page], trainer: Page) -> None:
    """SIGKILL in the middle; `serve` starts it again; the third answer was given meanwhile."""
    before = served.door("learner")
    before.kill()
    before.wait(10)
    phones[2].locator("button.choice").first.click()
    send = phones[2].get_by_role("button", name=re.compile("^Send "))
    if send.count():
        send.click()
    eventually(lambda: served.door("learner").pid != before.pid, 30)
    for phone in phones:
        expect(phone.locator("#saved")).to_have_text("Saved ✓", timeout=60_000)
    expect(trainer.get_by_text("3 of 3 answered").first).to_be_visible()


def debriefs(trainer: Page, code: str) -> None:
    """Opened by keyboard from the console, which stays where it is."""
    with trainer.expect_popup() as opened:
        trainer.get_by_role("link", name="Open the debrief").press("Enter")
    page = opened.value
    expect(page.locator(".cxa-big")).to_be_visible(timeout=KERNEL)
    expect(page.locator(".cxa svg").first).to_be_visible()
    expect(page.locator(".cxa select").first.locator("option:checked")).to_contain_text(code)
    assert "Amina" not in page.locator(".cxa").inner_text()
    expect(trainer.get_by_role("heading", name="The drill is over")).to_be_visible()


# The worksheet


def hands_in_a_worksheet(page: Page, served: Served) -> str:
    page.goto(f"{served.learner}/work/{MODULE}/{SHEET}")
    questions = page.locator("[data-item]")
    expect(questions.first.locator(".cx-item")).to_be_visible()
    for question in questions.all():
        answer(question)
    total = questions.count()
    expect(page.locator("#w-progress")).to_contain_text(f"{total} of {total} answered")
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "a phone must not scroll sideways"
    page.fill("#w-name", "Amina <b>Okoye</b>")
    page.locator("#w-send").click()
    receipt = page.locator("#w-receipt")
    expect(receipt).to_be_visible()
    expect(page.locator("#w-receipt-sha")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    expect(page.locator("#w-receipt-name")).to_have_text("Amina <b>Okoye</b>")
    code = page.locator("#w-receipt-code").inner_text().strip()
    assert re.fullmatch(r"(?:[A-Z0-9]{4}-){3}[A-Z0-9]{4}", code)
    return code


def is_marked(served: Served) -> None:
    done = course("grade", SHEET, "--data", str(served.data), home=served.home)
    assert done.returncode == 0, done.stderr
    assert "amina" in done.stdout.lower()
    sent = list((served.data / "exercises" / "submitted").glob(f"*/{SHEET}/{SHEET}.ipynb"))
    assert len(sent) == 1
    assert {p.name for p in sent[0].parent.iterdir()} >= {"answers.json", "receipt.json"}


def is_in_formgrader(page: Page, served: Served) -> None:
    page.goto(f"{served.staff}/tree?token={served.token}")
    page.goto(f"{served.staff}/{staff.FORMGRADER}")
    row = page.locator("tr", has=page.get_by_text(SHEET, exact=True))
    expect(row.locator("td.num-submissions, .num-submissions").first).to_contain_text("1")
    with httpx.Client(base_url=served.staff, timeout=30) as client:
        client.headers["Authorization"] = f"token {served.token}"
        found = client.get(f"/formgrader/api/submissions/{SHEET}").json()
    assert len(found) == 1 and found[0]["autograded"] and found[0]["submitted"]


def reads_the_feedback(page: Page, served: Served, code: str) -> None:
    page.goto(f"{served.learner}/feedback/")
    page.get_by_role("textbox").fill(code.lower())
    page.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("Feedback for Amina <b>Okoye</b>")
    expect(page.locator(".w-total")).to_contain_text("points")
    assert page.locator(".w-question").count() == 10
    wrong = httpx.get(f"{served.learner}/feedback/AAAA-AAAA-AAAA-AAAA")
    assert wrong.status_code == 404
    assert not [p for p in Path(served.home).rglob("*") if p.is_file()]
