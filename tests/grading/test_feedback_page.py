"""The feedback page in a real browser: hostile text, markup that slipped in, certificates."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.curriculum import Course, load
from crossings.exchange import badge, baking
from crossings.grading import feedback, gradebook, inbox, mark, trainees, words
from crossings.grading.awards import issue
from crossings.grading.ledger import override, regrade
from crossings.grading.people.log import MarkingLog
from crossings.grading.people.session import Session
from crossings.grading.routes import work_routes
from crossings.grading.rubrics import questions
from crossings.grading.words import Words
from crossings.workspace import Workspace
from tests.accessibility import problems_at_each_width
from tests.grading.conftest import GOOD, PARTLY, write_tiny
from tests.grading.test_awards import AWARD, RULE
from tests.grading.test_words import backwards, made_language

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

EVIL = (
    "<script>window.stolen = 1</script><img src=x onerror='window.stolen = 2'>"
    "<svg onload='window.stolen = 3'><a href='javascript:window.stolen = 4'>x</a>"
    "</script><style>* { display: none }</style><base href='//evil.invalid/'>\u202e"
)


@pytest.fixture
def code(course: Course, classroom: Workspace) -> str:
    """Somebody whose every text is hostile, marked by a person whose comment is, too."""
    given = PARTLY | {"ws-2": {"text": EVIL}, "ws-short": {"text": EVIL}}
    sent = inbox.receive(classroom, "sheet", f"Amal {EVIL}", given)
    mark.grade("sheet", workspace=classroom, course=course)
    comment(classroom, sent.student, EVIL)
    feedback.publish("sheet", classroom, course)
    return sent.code


def comment(workspace: Workspace, student: str, text: str, share: float = 0.5) -> None:
    with gradebook.opened(workspace) as book:
        notebook = book.find_submission_notebook("sheet", "sheet", student)
        for grade in notebook.grades:
            if grade.needs_manual_grade:
                grade.manual_score = grade.cell.max_score * share
                grade.needs_manual_grade = False
        for said in notebook.comments:
            said.manual_comment = text
        book.db.commit()


@pytest.mark.browser
@pytest.mark.attack
def test_hostile_text_is_shown_as_text(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}/feedback/{code}")
    page.wait_for_load_state("networkidle")
    shown = page.inner_text("main")
    assert shown.count("<script>window.stolen = 1</script>") >= 3, "answer, comment and name"
    assert page.evaluate("window.stolen === undefined")
    assert page.locator("main script:not([type='application/json'])").count() == 0
    assert page.locator("main img, main svg, main style, base").count() == 0


SLIPPED = """
<script>window.stolen = 1</script>
<script src="/work/assets/work.js"></script>
<script nonce="">window.stolen = 2</script>
<img src="x" onerror="window.stolen = 3">
<a id="trap" href="javascript:window.stolen = 4">x</a>
<iframe srcdoc="<script>parent.stolen = 5</script>"></iframe>
<object data="data:text/html,<script>parent.stolen = 6</script>"></object>
<form action="https://evil.invalid/"><button id="send">x</button></form>
<base href="https://evil.invalid/">
<meta http-equiv="refresh" content="0;url=javascript:window.stolen=7">
<img src="https://evil.invalid/pixel">
"""


@pytest.mark.browser
@pytest.mark.attack
def test_markup_that_slipped_in_does_nothing(page: Page, address: str, code: str) -> None:
    """As if escaping had failed: the markup is put into the answer on its way to the browser."""
    asked: list[str] = []
    page.allowed_errors += [  # type: ignore[attr-defined]
        "Content Security Policy", "Refused", "violates", "net::ERR", "404", "TrustedScript",
        "requires 'Trusted",
    ]  # fmt: skip

    def leaves(route: Route) -> None:  # what the policy stops never gets here
        asked.append(route.request.url)
        route.abort()

    page.route("**/evil.invalid/**", leaves)
    page.route("**/work.js*", leaves)

    def slip(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace("</h1>", f"</h1>{SLIPPED}", 1)
        route.fulfill(response=answer, body=body)

    page.route(f"**/feedback/{code}", slip)
    page.goto(f"{address}/feedback/{code}")
    page.wait_for_load_state("networkidle")
    assert page.locator("#trap").count() == 1, "the markup did arrive"
    page.locator("#trap").click()
    page.locator("#send").evaluate("button => button.click()")
    page.wait_for_timeout(300)
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<b>x</b>'")
    assert page.evaluate("window.stolen === undefined")
    assert asked == [], "nothing leaves, and not even a script of our own is loaded"
    assert page.url == f"{address}/feedback/{code}"


@pytest.mark.browser
def test_what_to_read_again_and_asking_still_work(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}/feedback/{code}")
    standing = page.locator(".w-standing")
    assert "Not yet" in standing.inner_text() or "Partly" in standing.inner_text()
    assert "Ask the right question." in standing.inner_text()
    link = standing.get_by_role("link", name="First chapter")
    assert link.get_attribute("href") == "/modules/demo/first.html"
    page.locator(".w-regrade summary").click()
    page.fill(".w-regrade textarea", "Please look again.")
    page.click(".w-regrade button")
    page.locator(".w-asked").get_by_text("Please look again.").wait_for()


@pytest.mark.browser
def test_a_certificate_is_taken_home(
    phone: Page, address: str, course: Course, classroom: Workspace
) -> None:
    sent = inbox.receive(classroom, "sheet", "Amal Okuro", GOOD)
    mark.grade("sheet", workspace=classroom, course=course)
    comment(classroom, sent.student, "Well seen.", 1.0)
    feedback.publish("sheet", classroom, course)
    issue.award(course, classroom, RULE, AWARD)
    phone.goto(f"{address}/feedback/{sent.code}")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert problems_at_each_width(phone) == []
    for name, kind in (("PDF", "pdf"), ("PNG", "png"), ("JSON", "json")):
        with phone.expect_download() as saved:
            phone.locator(".w-files").get_by_role("link", name=name).click()
        assert saved.value.suggested_filename == f"asks.{kind}"
        content = saved.value.path().read_bytes()
        text = {
            "pdf": lambda c: baking.attached(c)[0],
            "png": baking.unbaked,
            "json": bytes.decode,
        }[kind](content)
        found = badge.read(json.loads(text))
        badge.check(found)
        assert found.name == "Amal Okuro"
        assert sent.code.encode() not in content


def test_nobody_gets_somebody_elses(course: Course, classroom: Workspace) -> None:
    site = TestClient(Starlette(routes=work_routes(course, classroom)))
    mine = inbox.receive(classroom, "sheet", "Amal Okuro", GOOD)
    other = inbox.receive(classroom, "sheet", "Bo", {"ws-2": {"text": "x"}})
    mark.grade("sheet", workspace=classroom, course=course)
    comment(classroom, mine.student, "", 1.0)
    given = issue.award(course, classroom, RULE, AWARD).issued[0]
    file = given.credential["id"].removeprefix("urn:uuid:")
    answer = site.get(f"/feedback/{mine.code}/{file}.json")
    assert answer.json() == given.credential
    assert "attachment" in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert site.get(f"/feedback/{other.code}/{file}.json").status_code == 404
    assert site.get(f"/feedback/AAAA-AAAA-AAAA-AAAA/{file}.json").status_code == 404
    next_to_it = file[:-1] + ("1" if file.endswith("0") else "0")
    for name in ("x.json", f"{file}.exe", f"{file}", "..%2F..%2Fissuer.pem", f"{next_to_it}.pdf"):
        assert site.get(f"/feedback/{mine.code}/{name}").status_code == 404
    issue.revoke(classroom, RULE, file, "T. Rainer", "a mistake")
    assert site.get(f"/feedback/{mine.code}/{file}.json").status_code == 404
    assert "Taken back" in site.get(f"/feedback/{mine.code}").text


def test_the_policy_lets_only_this_answers_scripts_run(
    course: Course, classroom: Workspace, code: str
) -> None:
    site = TestClient(Starlette(routes=work_routes(course, classroom)))
    nonces = set()
    for _ in range(3):
        answer = site.get(f"/feedback/{code}")
        policy = answer.headers["content-security-policy"]
        (nonce,) = re.findall(r"script-src 'nonce-([\w-]{20,})'", policy)
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        tags = re.findall(r"<script(?! type=\"application/json\")[^>]*>", answer.text)
        assert tags
        assert all(f'nonce="{nonce}"' in tag for tag in tags)
        nonces.add(nonce)
    assert len(nonces) == 3
    assert "script-src 'none'" in site.get("/feedback/").headers["content-security-policy"]


@pytest.mark.browser
def test_right_to_left(
    page: Page, address: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = words.of("en").texts
    monkeypatch.setattr(words, "chosen", lambda accepted: Words("ar", english))
    page.goto(f"{address}/feedback/{code}")
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    stem = page.locator(".w-stem").first
    assert stem.evaluate("e => getComputedStyle(e).direction") == "ltr", "the course is English"
    bar = page.locator(".w-question").first
    assert bar.evaluate("e => getComputedStyle(e).borderRightWidth") == "5px"


def test_feedback_of_before_can_still_be_read(course: Course, classroom: Workspace) -> None:
    """Files that an older version published have no objectives."""
    sent = inbox.receive(classroom, "sheet", "Amal", GOOD)
    mark.grade("sheet", workspace=classroom, course=course)
    path = next(classroom.feedback.glob("*.json"))
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for entry in told["assignments"].values():
        del entry["objectives"]
        for question in entry["questions"]:
            del question["objectives"]
    path.write_text(json.dumps(told), encoding="utf-8")
    site = TestClient(Starlette(routes=work_routes(course, classroom)))
    answer = site.get(f"/feedback/{sent.code}")
    assert answer.status_code == 200
    assert "w-standing" not in answer.text
    assert trainees.by_code(classroom, sent.code) is not None
    assert io.StringIO(answer.text).read(15).lower() == "<!doctype html>"


# ---- levels of a rubric, and another language ---------------------------------------------------


def give_levels(course: Course, workspace: Workspace, student: str, place: int) -> None:
    log = MarkingLog(workspace)
    question = next(q for q in questions(course, workspace, "sheet") if q.cell == "item-ws-2")
    session = Session(workspace, course, question, log, "Tara")
    alias = next(a.alias for a in session.answers if a.student == student)
    for criterion in question.criteria:
        session.set_level(alias, criterion.id, place)
    log.close()


@pytest.fixture
def with_rubric(tmp_path: Path) -> Course:
    root = write_tiny(tmp_path / "a course with a rubric")
    (root / "grading" / "rubrics").mkdir(parents=True)
    (root / "grading" / "rubrics" / "log.yml").write_text(
        "id: log\nitem: demo/ws-2\ncriteria:\n  - id: facts\n    levels:\n"
        "      - {points: 2, text: All facts <b>with</b> their source, example: AT NINE SHE SAID}\n"
        "      - {points: 1, text: Some facts}\n      - {points: 0, text: No facts}\n"
        "notes: NOTES FOR MARKERS\n",
        encoding="utf-8",
    )
    return load(root)


def test_the_level_reached_and_what_the_next_would_have_needed(
    with_rubric: Course, classroom: Workspace
) -> None:
    sent = inbox.receive(classroom, "sheet", "Amal", GOOD)
    mark.grade("sheet", workspace=classroom, course=with_rubric, agree=lambda preview: True)
    site = TestClient(Starlette(routes=work_routes(with_rubric, classroom)))
    shown = {}
    for place in (2, 1, 0):
        give_levels(with_rubric, classroom, sent.student, place)
        feedback.publish("sheet", classroom, with_rubric)
        page = site.get(f"/feedback/{sent.code}").text
        shown[place] = page[page.index('<ul class="w-levels">') :].partition("</ul>")[0]
        assert "NINE SHE SAID" not in page and "NOTES FOR" not in page, "for markers only"
    assert "No facts" in shown[2] and "0 of 2 points" in shown[2]
    assert "What would have earned 1:" in shown[2] and "Some facts" in shown[2]
    assert "Some facts" in shown[1] and "1 of 2 points" in shown[1]
    assert "All facts &lt;b&gt;with&lt;/b&gt;" in shown[1], "what 2 points would have needed"
    assert "All facts &lt;b&gt;with&lt;/b&gt;" in shown[0] and "would have earned" not in shown[0]


def test_points_that_come_from_no_level_show_none(
    with_rubric: Course, classroom: Workspace
) -> None:
    sent = inbox.receive(classroom, "sheet", "Amal", GOOD)
    other = inbox.receive(classroom, "sheet", "Bo", GOOD)
    mark.grade("sheet", workspace=classroom, course=with_rubric, agree=lambda preview: True)
    give_levels(with_rubric, classroom, sent.student, 0)
    override.give(classroom, "sheet", sent.student, "item-ws-2", points=1.5, who="U", why="asked")
    feedback.publish("sheet", classroom, with_rubric)
    site = TestClient(Starlette(routes=work_routes(with_rubric, classroom)))
    for code in (sent.code, other.code):
        page = site.get(f"/feedback/{code}").text
        assert "w-levels" not in page and "What your trainer looks for" in page


def words_of(page: str) -> str:
    """What a reader reads of the page that is not the course's own English, or somebody's text."""
    main = BeautifulSoup(page, "html.parser").main
    assert main is not None
    for found in main.select("[lang=en], .w-comment, script, bdi"):
        found.decompose()
    return " ".join(main.get_text(" ").split())


def test_a_translated_catalogue_leaves_no_english_of_ours(
    course: Course, classroom: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = {**PARTLY, "ws-number": {"number": "soon"}, "ws-1": {"choice": "no such"}}
    sent = inbox.receive(classroom, "sheet", "Amal", damaged)
    mark.grade("sheet", workspace=classroom, course=course)
    give_levels(course, classroom, sent.student, 1)
    torn = classroom.exercises / "submitted" / sent.student / "people"
    torn.mkdir(parents=True)
    (torn / "people.ipynb").write_text("{", encoding="utf-8")
    mark.grade("people", workspace=classroom, course=course)
    asked = regrade.ask(classroom, "sheet", sent.student, "item-ws-2", "Xx.", "0" * 16)
    regrade.answer(classroom, asked.id, who="T", text="Yy.", decision="stays")
    regrade.ask(classroom, "sheet", sent.student, "", "Zz.", "1" * 16)
    feedback.publish("sheet", classroom, course)
    site = TestClient(Starlette(routes=work_routes(course, classroom)))
    english = site.get(f"/feedback/{sent.code}").text
    for sentence in ("2 answers are damaged", "this is not a number", "the file is not a notebook:",
                     "Partly met.", "Your marks stay", "How it was marked"):  # fmt: skip
        assert sentence in english
    turned = made_language()
    monkeypatch.setattr(words, "chosen", lambda accepted: turned)
    page = words_of(site.get(f"/feedback/{sent.code}").text)
    assert backwards("Partly met.") in page and backwards("this is not a number") in page
    texts = words.of("en").texts.values()
    parts = {" ".join(part.split()) for text in texts for part in re.split(r"\{\w+\}", text)}
    left = [part for part in parts if len(part.split()) > 1 and part in page]
    assert left == []
    wrong = site.post("/api/regrade", json={"code": sent.code, "assignment": "sheet", "text": " ",
                      "question": "", "key": "2" * 16})  # fmt: skip
    assert wrong.json()["error"] == backwards("Write what should be looked at again, and why.")
    lost = site.post("/api/regrade", json={"code": "AAAA-AAAA-AAAA-AAAA"})
    assert lost.json()["error"] == backwards(
        "Nobody has this private code. Open your feedback again."
    )
