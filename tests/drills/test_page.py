"""The participant's page and the big screen in a real browser, against a real server."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crossings.drills import DrillLog, Trainer, open_drill, open_script
from crossings.workspace import Workspace
from tests.accessibility import problems_at_each_width
from tests.drills import classroom, table_room
from tests.drills.site_process import serve
from tests.serving import free_port

pytestmark = pytest.mark.browser

NAME = "Amina <img src=x onerror=document.title='owned'>"


class Room:
    """A drill, and the site that serves it, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.workspace, self.port = Workspace(folder), free_port()
        self.log = DrillLog(self.workspace.drill_log)
        self.site: subprocess.Popen[bytes] = serve(self.workspace, self.port)
        self.base = f"http://127.0.0.1:{self.port}"

    def open(self, ref: str = classroom.QUIZ) -> Trainer:
        return Trainer(self.log, open_drill(self.log, classroom.course(), ref))

    def kill(self) -> None:
        self.site.kill()
        self.site.wait()

    def restart(self) -> None:
        self.site = serve(self.workspace, self.port)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("room"))
    yield made
    made.kill()
    made.log.close()


def join(page: Any, room: Room, code: str, name: str = NAME) -> None:
    page.goto(f"{room.base}/drill/?code={code}")
    page.fill("#name", name)
    page.click("button.main-button")
    page.wait_for_selector("text=Your seat code")


def heading(page: Any, text: str) -> None:
    """The heading is there, and has the focus: a screen reader starts reading at it."""
    page.wait_for_selector(f"h1:has-text('{text}')")
    assert text in page.evaluate("document.activeElement.textContent")


def test_places_in_a_picture_and_how_sure(room: Room, phone: Any) -> None:
    trainer = room.open(classroom.PICTURE)
    join(phone, room, trainer.state.code)
    trainer.start()
    heading(phone, "Which places speak")
    assert phone.locator(".picture img").evaluate("i => i.decode().then(() => i.naturalWidth)")
    phone.click("summary:has-text('Hint')")
    phone.wait_for_selector("text=Who keeps the page?")
    assert phone.locator("#sure").is_hidden(), "sure of what?"
    phone.locator(".spot").nth(0).click()
    phone.wait_for_selector("[aria-checked=true] >> text=The sticker")
    phone.click("text=Send my answer")
    phone.wait_for_selector("text=Saved ✓")
    phone.click("#sure >> text=Certain")
    phone.wait_for_selector("[data-level=certain][aria-pressed=true]")
    phone.reload()
    phone.wait_for_selector("[data-level=certain][aria-pressed=true]")
    trainer.refresh()
    (seat,) = trainer.state.present
    answer = trainer.state.answer(0, seat.id)
    assert answer is not None
    assert answer.response == {"choices": ["sticker"], "sure": "certain"}
    trainer.reveal()
    heading(phone, "Right")


def test_a_quiz_from_the_code_to_the_score(room: Room, phone: Any) -> None:
    trainer = room.open()
    join(phone, room, trainer.state.code)
    heading(phone, "You are in, Amina <img")
    trainer.start()
    heading(phone, "A woman agreed")
    assert phone.locator("#saved").inner_text() == ""
    phone.click("text=No, because she agreed")
    phone.wait_for_selector("text=Saved ✓")
    phone.click("text=Yes, if she was deceived")
    phone.wait_for_selector("[aria-pressed=true] >> text=Yes, if she was deceived")
    phone.wait_for_selector("text=Saved ✓")
    heights = phone.eval_on_selector_all("button, summary", "all => all.map(b => b.offsetHeight)")
    assert min(heights) >= 44
    phone.reload()
    phone.wait_for_selector("[aria-pressed=true] >> text=Yes, if she was deceived")
    trainer.pause()
    heading(phone, "A short pause")
    trainer.resume()
    heading(phone, "A woman agreed")
    trainer.reveal()
    heading(phone, "Right")
    assert "SECRET rationale of consent" in phone.inner_text("main")
    trainer.forward()
    heading(phone, "Which of these are signs")
    phone.click("text=Someone else keeps")
    phone.click("text=Send my answer")
    phone.wait_for_selector("text=Saved ✓")
    trainer.close()
    heading(phone, "Time is over")
    trainer.forward()
    heading(phone, "Put the first conversation")
    phone.click("[aria-label^='Move down'] >> nth=0")
    phone.click("text=Send my answer")
    phone.wait_for_selector("text=Saved ✓")
    trainer.forward()
    heading(phone, "Act, means")
    for n in range(3):
        phone.select_option(f"#o{n}", index=1)
    phone.click("text=Send my answer")
    phone.wait_for_selector("text=Saved ✓")
    trainer.forward()
    heading(phone, "How many days")
    phone.fill("main input", "30,0")
    phone.click("text=Send my answer")
    phone.wait_for_selector("text=Saved ✓")
    trainer.forward()
    heading(phone, "What is the word")
    phone.fill("main input", "Smuggling.")
    phone.click("text=Send my answer")
    phone.wait_for_selector("text=Saved ✓")
    trainer.end()
    heading(phone, "The drill is over")
    assert "Weighing indicators" in phone.inner_text("main")
    trainer.refresh()
    (seat,) = trainer.state.present
    assert (
        phone.inner_text(".score")
        == f"{trainer.state.score(seat.id)[0]:.2f}".rstrip("0").rstrip(".") + " of 6"
    )
    assert phone.title() == "Signs and myths"


def test_an_answer_given_while_the_server_is_down_is_sent_later(room: Room, phone: Any) -> None:
    phone.allowed_errors += ["ERR_", "Failed to load"]
    trainer = room.open()
    join(phone, room, trainer.state.code, "Björn")
    trainer.start()
    trainer.extend(600)
    heading(phone, "A woman agreed")
    room.kill()
    phone.click("text=Yes, if she was deceived")
    phone.wait_for_selector("text=Waiting to send")
    phone.wait_for_selector("#net:not([hidden])")
    assert "Saved" not in phone.inner_text("main")
    room.restart()
    phone.reload()
    phone.wait_for_selector("text=Saved ✓", timeout=20_000)
    trainer.refresh()
    (seat,) = trainer.state.present
    assert trainer.state.answer(0, seat.id).response == {"choice": "yes"}


def test_another_device_late_joiners_and_removal(room: Room, phone: Any, browser: Any) -> None:
    trainer = room.open(classroom.TRIAGE)
    join(phone, room, trainer.state.code, "Chipo")
    trainer.start()
    heading(phone, "Sami")
    phone.click("text=Child protection")
    phone.wait_for_selector("text=Saved ✓")
    trainer.refresh()
    (seat,) = trainer.state.present

    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark")
    other = context.new_page()
    other.goto(f"{room.base}/drill/")
    other.fill("#code", trainer.state.code.lower())
    other.click("text=I was already in")
    other.fill("#seat-code", f"{seat.code[:3]} {seat.code[3:]}".lower())
    other.click("text=Continue in my seat")
    other.wait_for_selector("[aria-pressed=true] >> text=Child protection")
    other.click("text=Regular entry")
    phone.wait_for_selector("[aria-pressed=true] >> text=Regular entry")
    assert other.evaluate("document.documentElement.scrollWidth") <= 320
    trainer.refresh()
    assert len(trainer.state.present) == 1
    trainer.reveal()
    heading(phone, "Wrong referral")
    assert "A need for protection was missed" in phone.inner_text("main")
    trainer.remove(seat.id)
    phone.wait_for_selector("text=You are no longer in this drill")
    other.wait_for_selector("text=You are no longer in this drill")

    trainer.forward()
    late = context.new_page()
    join_url = f"{room.base}/drill/?code={trainer.state.code}"
    late.goto(join_url)
    late.fill("#name", "Dau")
    late.click("button.main-button")
    late.wait_for_selector("text=Person 2 of 4")
    context.close()


def test_a_wrong_code_is_one_clear_message(room: Room, phone: Any) -> None:
    phone.allowed_errors.append("404")
    phone.goto(f"{room.base}/drill/?code=QQQQ")
    phone.fill("#name", "Elif")
    phone.click("button.main-button")
    phone.wait_for_selector("text=There is no drill with this code")
    assert phone.evaluate("document.activeElement.id") == "code"


WRONG = """
const Real = Date;
window.Date = class extends Real {
  constructor(...a) { a.length ? super(...a) : super(Real.now() + window.off); }
  static now() { return Real.now() + window.off; }
};
"""


@pytest.fixture(params=[-600, 600], ids=["ten-minutes-behind", "ten-minutes-ahead"])
def wrong_clock(request: Any, browser: Any) -> Iterator[Any]:
    """A device whose clock is wrong, for everything that a page can ask it."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(f"window.off = {request.param * 1000};" + WRONG)
    yield context.new_page()
    context.close()


def left(page: Any) -> int:
    page.wait_for_selector("#clock b:has-text(' s')")
    return int(page.inner_text("#clock b").split()[0])


def test_time_runs_by_the_servers_clock(room: Room, wrong_clock: Any) -> None:
    """The seconds that are shown, and the moment in which time is over, are the server's."""
    page, plan = wrong_clock, classroom.quiz()
    steps = (plan.steps[0].model_copy(update={"seconds": 4}), *plan.steps[1:])
    trainer = Trainer(room.log, open_script(room.log, plan.model_copy(update={"steps": steps})))
    join(page, room, trainer.state.code, "Farid")
    assert abs(page.evaluate("new Date().getTime()") / 1000 - time.time()) > 590
    trainer.start()
    assert 1 <= left(page) <= 4
    page.click("text=Yes, if she was deceived")
    page.wait_for_selector("text=Saved ✓")
    heading(page, "Time is over")
    trainer.refresh()
    assert -0.5 < time.time() - trainer.state.deadline(0) < 3, "not before its time"
    trainer.forward()
    heading(page, "Which of these are signs")
    assert 38 <= left(page) <= 45
    trainer.pause()
    heading(page, "A short pause")
    trainer.end()


def test_an_exercise_runs_by_the_servers_clock(room: Room, wrong_clock: Any) -> None:
    page = wrong_clock
    trainer = Trainer(room.log, open_script(room.log, table_room.small_plan()))
    join(page, room, trainer.state.code, "Farid")
    trainer.refresh()
    trainer.start()
    page.wait_for_selector(".mail >> text=A call")
    assert page.inner_text("#hour") == "04:30" and page.inner_text("#minute") == "minute 0"
    trainer.skip(6)
    page.wait_for_selector("#minute:has-text('minute 6')")
    assert page.inner_text("#hour") == "04:42", "two minutes of the story each"
    trainer.end()


def test_the_big_screen_shows_counts_and_no_names(room: Room, page: Any, phone: Any) -> None:
    trainer = room.open()
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")
    page.wait_for_selector(f"text={trainer.state.code}")
    join(phone, room, trainer.state.code, "Grace")
    page.wait_for_selector("#seats:has-text('1')")
    trainer.start()
    phone.click("text=No, because she agreed")
    page.wait_for_selector("#of:has-text('of 1 answered')")
    page.wait_for_selector("#answered:has-text('1')")
    assert page.locator("#bars").count() == 0
    trainer.close()
    page.wait_for_selector("#bars")
    assert "right" not in page.inner_text("#bars")
    trainer.reveal()
    page.wait_for_selector("#bars >> text=✓ right")
    assert "Grace" not in page.content()
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight + 1")


def test_the_big_screen_shows_the_picture_and_marks_what_was_right(
    room: Room, page: Any, phone: Any
) -> None:
    trainer = room.open(classroom.PICTURE)
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")
    join(phone, room, trainer.state.code, "Grace")
    trainer.start()
    for phase in ("open", "closed", "revealed"):
        if phase != "open":
            getattr(trainer, {"closed": "close", "revealed": "reveal"}[phase])()
        page.wait_for_selector(f".play.{phase} .picture img")
        page.wait_for_function("document.querySelector('.picture img').complete")
        width, height = page.eval_on_selector(
            ".picture img", "i => [i.clientWidth, i.clientHeight]"
        )
        assert width > 250 and abs(width / height - 1.5) < 0.02, f"{phase}: {width} x {height}"
        spot = page.locator(".spot").first.bounding_box()
        assert abs(spot["width"] - 0.3 * width) < 2, "a place lies where it is in the picture"
        assert page.locator(".spot.good").count() == (1 if phase == "revealed" else 0)
        assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight + 1")
    assert page.locator("#bars .is-right").count() == 1


def test_the_big_screen_says_what_was_right_and_what_to_talk_about(
    room: Room, page: Any, phone: Any
) -> None:
    trainer = room.open()
    page.goto(f"{room.base}/drill/projector?key={trainer.state.projector_key}")
    join(phone, room, trainer.state.code, "Grace")
    trainer.start()
    told = ("order", "grid", "match", "number", "short")
    for number, step in enumerate(trainer.state.plan().steps):
        assert step.item is not None
        page.wait_for_selector(f"text=Question {number + 1} of")
        trainer.close()
        page.wait_for_selector(".play.closed")
        if step.item.kind in told:
            page.wait_for_selector(".shut:has-text('Time is over')")
            assert page.locator(".key").count() == 0, "nothing before the reveal"
        trainer.reveal()
        page.wait_for_selector(".play.revealed")
        lines = page.locator(".key li").all_inner_texts()
        if step.item.kind == "order":
            assert lines == [o.text for o in step.item.options]
        elif step.item.kind in ("grid", "match"):
            names = {t.id: t.text for t in step.item.targets}
            told_ = {o.text: names[o.target] for o in step.item.options if o.target}
            assert sorted(lines) == sorted(f"{o}{t}" for o, t in told_.items())
        elif step.item.kind == "number":
            assert lines[0].startswith(f"{step.item.answer:g}")
        elif step.item.kind == "short":
            assert lines == [step.item.accept[0]]
        else:
            assert lines == [] and page.locator(".is-right").count() >= 1
        assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight + 1")
        if number + 1 < len(trainer.state.plan().steps):
            trainer.forward()
    trainer.end()
    page.wait_for_selector("h1:has-text('The drill is over')")
    assert page.inner_text(".over .big") == "0 %"


def test_a_finger_leaves_no_mark_on_the_next_question(room: Room, phone: Any) -> None:
    """On a phone there is no hovering: what was under the finger must not look chosen."""
    trainer = room.open()
    join(phone, room, trainer.state.code)
    trainer.start()
    heading(phone, "A woman agreed")
    phone.tap("#main .choice >> nth=0")
    phone.wait_for_selector("#saved:has-text('Saved')")
    trainer.forward()
    heading(phone, "Which of these")
    shades = phone.eval_on_selector_all(
        "#main .choice", "all => all.map(c => getComputedStyle(c).borderTopColor)"
    )
    assert len(set(shades)) == 1


def test_the_participants_page_can_be_used_by_everybody(room: Room, phone: Any) -> None:
    """Each state of the page: what it says, how it is hit, its colours, at both widths."""
    phone.allowed_errors.append("404")
    trainer = room.open()

    def fine(what: str) -> None:
        assert problems_at_each_width(phone) == [], what

    phone.goto(f"{room.base}/drill/?code=QQQQ")
    phone.click("text=I was already in")
    fine("joining")
    phone.fill("#name", "Elif")
    phone.click("button.main-button")
    phone.wait_for_selector("text=There is no drill with this code")
    fine("a wrong code")
    join(phone, room, trainer.state.code)
    fine("waiting")
    trainer.start()
    trainer.extend(600)
    heading(phone, "A woman agreed")
    fine("a question")
    phone.click("text=No, because she agreed")
    phone.wait_for_selector("text=Saved ✓")
    phone.click("#sure >> text=Certain")
    phone.wait_for_selector("[data-level=certain][aria-pressed=true]")
    fine("answered")
    trainer.pause()
    heading(phone, "A short pause")
    fine("a pause")
    trainer.resume()
    trainer.close()
    heading(phone, "Time is over")
    fine("closed")
    trainer.reveal()
    heading(phone, "Not right")
    fine("revealed")
    for words in KINDS:
        trainer.forward()
        trainer.extend(600)
        heading(phone, words)
        fine(words)
    trainer.end()
    heading(phone, "The drill is over")
    fine("the end")


def test_triage_and_pictures_can_be_used_by_everybody(room: Room, phone: Any) -> None:
    trainer = room.open(classroom.TRIAGE)
    join(phone, room, trainer.state.code)
    trainer.start()
    trainer.extend(600)
    heading(phone, "Sami")
    phone.click("text=Regular entry")
    phone.wait_for_selector("text=Saved ✓")
    assert problems_at_each_width(phone) == [], "a person"
    trainer.reveal()
    heading(phone, "Wrong referral")
    assert problems_at_each_width(phone) == [], "a need that was missed"
    phone.context.set_offline(True)
    phone.allowed_errors.append("ERR_INTERNET_DISCONNECTED")
    phone.wait_for_selector("#net:not([hidden])")
    assert problems_at_each_width(phone) == [], "no connection"
    phone.context.set_offline(False)
    trainer.refresh()
    (seat,) = trainer.state.present
    trainer.remove(seat.id)
    heading(phone, "You are no longer in this drill")
    assert problems_at_each_width(phone) == [], "taken out"

    trainer = room.open(classroom.PICTURE)
    join(phone, room, trainer.state.code)
    trainer.start()
    trainer.extend(600)
    heading(phone, "Which places speak")
    phone.click("summary:has-text('Hint')")
    assert problems_at_each_width(phone) == [], "a picture"


def test_the_big_screen_can_be_read_by_everybody(room: Room, page: Any, phone: Any) -> None:
    page.allowed_errors.append("404")
    trainer = room.open()
    address = f"{room.base}/drill/projector?key="
    page.goto(address + "nothing")
    page.wait_for_selector("text=No drill here")
    assert problems_at_each_width(page) == [], "a wrong key"
    page.goto(address + trainer.state.projector_key)
    page.wait_for_selector(f"text={trainer.state.code}")
    join(phone, room, trainer.state.code, "Grace")
    page.wait_for_selector("#seats:has-text('1')")
    assert problems_at_each_width(page) == [], "waiting"
    trainer.start()
    trainer.extend(600)
    phone.click("text=No, because she agreed")
    page.wait_for_selector("#answered:has-text('1')")
    assert problems_at_each_width(page) == [], "a question"
    trainer.pause()
    page.wait_for_selector("text=A short pause")
    assert problems_at_each_width(page) == [], "a pause"
    trainer.resume()
    trainer.close()
    page.wait_for_selector("#bars")
    assert problems_at_each_width(page) == [], "closed"
    trainer.reveal()
    page.wait_for_selector("#bars >> text=✓ right")
    assert problems_at_each_width(page) == [], "revealed"
    trainer.end()
    page.wait_for_selector("text=The drill is over")
    assert problems_at_each_width(page) == [], "the end"


KINDS = ("Which of these", "Put the first", "Act, means", "How many days", "What is the word")
"""The first words of the quiz's other questions."""
