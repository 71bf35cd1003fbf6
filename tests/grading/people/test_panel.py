"""Marking without a browser: what the page sends and shows, what gradebook and ledger have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crossings.apps.desk import Desk
from crossings.curriculum import Course
from crossings.grading import gradebook, inbox, mark
from crossings.grading.gradebook import Marked
from crossings.grading.ledger import Ledger
from crossings.grading.ledger.verify import verify
from crossings.grading.people import comments
from crossings.grading.people.log import Act
from crossings.workspace import Workspace

CELL = "item-ws-2"
TEXTS = {
    "Amina": "She asked for water and we found her a quiet room.",
    "Bo": "She asked for water, and we found her a quiet room there.",
    "Cho": "<script>alert(1)</script> \x1b[31mI do not know\u202e",
    "Dee": "The log says who came, when, and what they said.",
    "Eli": "",
}


@pytest.fixture
def marked(classroom: Workspace, course: Course) -> Workspace:
    for name, text in TEXTS.items():
        inbox.receive(classroom, "sheet", name, {"ws-2": {"text": text}} if text else {})
    mark.grade("sheet", None, classroom, course=course, publish=False)
    return classroom


class Hand:
    """A marker at the desk, who sends what the page would send."""

    def __init__(self, course: Course, workspace: Workspace, who: str, role: str = "first") -> None:
        self.desk = Desk(course, workspace)
        self.desk.view.value = "Mark"
        self.panel = self.desk.panel
        self.does("who", who=who)
        self.does("role", role=role)
        self.does("open", assignment="sheet", cell=CELL)

    @property
    def page(self) -> dict[str, Any]:
        return dict(self.panel.widget.state)

    @property
    def student(self) -> str:
        assert self.panel.here is not None
        return self.panel.here.student

    def does(self, what: str, **more: Any) -> dict[str, Any]:
        self.panel.act({"do": what, **more})
        return self.page

    def gives(self, student: str, level: int) -> dict[str, Any]:
        assert self.panel.session is not None
        alias = next(a.alias for a in self.panel.session.answers if a.student == student)
        self.does("go", to=alias)
        return self.does("level", answer=alias, level=level)


def booked(workspace: Workspace) -> dict[str, Marked]:
    with gradebook.opened(workspace) as book:
        found = gradebook.marks(book, "sheet")
    return {s: next(m for m in marks if m.cell == CELL) for s, marks in found.items()}


def overrides(workspace: Workspace) -> list[Any]:
    with Ledger(workspace) as ledger:
        assert verify(ledger).problems == ()
        return list(ledger.entries(kind="override"))


def test_the_queue_counts_what_waits(marked: Workspace, course: Course) -> None:
    desk = Desk(course, marked)
    desk.view.value = "Mark"
    sheet, people = desk.panel.widget.state["assignments"]
    (question,) = sheet["questions"]
    assert (question["done"], question["of"], question["blank"]) == (0, 4, 1)
    assert people["questions"] == [] and "Nothing is collected" in people["none"]


def test_a_mark_is_in_gradebook_and_ledger_when_saved_is_shown(
    marked: Workspace, course: Course
) -> None:
    hand = Hand(course, marked, "Tara")
    page = hand.gives("amina", 0)
    assert page["said"].startswith("Saved ✓") and page["problem"] == ""
    amina = booked(marked)["amina"]
    assert (amina.points, amina.by_person, amina.needs_person) == (2, True, False)
    (entry,) = overrides(marked)
    assert entry.who == "Tara" and "facts 2 of 2" in entry.why
    assert (page["done"], page["of"]) == (1, 4)


def test_names_are_hidden_and_hostile_text_is_bounded_data(
    marked: Workspace, course: Course
) -> None:
    hand = Hand(course, marked, "Tara")
    hand.gives("cho", 2)
    text = json.dumps(hand.page, ensure_ascii=False)
    assert not any(name.lower() in text.lower() for name in ("Amina", "Dee", "Eli"))
    assert "\x1b" not in text and "\u202e" not in text
    assert "<script>alert(1)</script>" in hand.page["answer"]["text"], "shown, as text"


def test_like_answers_follow_each_other(marked: Workspace, course: Course) -> None:
    hand = Hand(course, marked, "Tara")
    assert hand.panel.session is not None
    order = [a.student for a in hand.panel.session.queue]
    assert abs(order.index("amina") - order.index("bo")) == 1 and "eli" not in order
    assert next(a.alike for a in hand.panel.session.queue if a.student == "bo") == 2


def test_a_mark_needs_a_name(marked: Workspace, course: Course) -> None:
    hand = Hand(course, marked, " ")
    page = hand.does("level", level=0)
    assert "Type your name" in page["problem"] and page["said"] == "Not saved."
    assert overrides(marked) == []


def test_a_key_for_an_answer_that_is_gone_is_not_taken(marked: Workspace, course: Course) -> None:
    hand = Hand(course, marked, "Tara")
    before = hand.page["answer"]["alias"]
    hand.does("next")
    page = hand.does("level", answer=before, level=0)
    assert "before its answer was on the screen" in page["problem"] and overrides(marked) == []


@pytest.mark.parametrize(
    "act", [{}, {"do": "level"}, {"do": "level", "level": 9}, {"do": "level", "level": "0"},
            {"do": "go", "to": 7}, {"do": "role", "role": "boss"}, {"do": "open"},
            {"do": "bank", "key": "q"}, {"do": "level", "level": 0, "criterion": 5},
            {"do": "__init__"}, {"do": "level", "level": True, "id": "x"}]
)  # fmt: skip
def test_nonsense_from_the_page_marks_nothing(
    marked: Workspace, course: Course, act: dict[str, Any]
) -> None:
    hand = Hand(course, marked, "Tara")
    hand.panel.act(act)
    assert overrides(marked) == []


def test_undo_goes_back_step_by_step_also_in_the_gradebook(
    marked: Workspace, course: Course
) -> None:
    hand = Hand(course, marked, "Tara")
    hand.gives("amina", 0)
    hand.gives("bo", 1)
    hand.gives("bo", 2)
    assert booked(marked)["bo"].points == 0
    hand.does("undo")
    assert hand.student == "bo" and booked(marked)["bo"].points == 1
    hand.does("undo")
    assert booked(marked)["bo"].needs_person and not booked(marked)["bo"].by_person
    page = hand.does("undo")
    assert hand.student == "amina" and booked(marked)["amina"].needs_person
    assert not page["undo"] and "nothing to take back" in hand.does("undo")["said"]
    assert [e.why.split(":")[0] for e in overrides(marked)].count(
        "taken back on the marking desk"
    ) == 3


def test_what_a_crash_left_between_log_and_gradebook_is_brought_over_once(
    marked: Workspace, course: Course
) -> None:
    hand = Hand(course, marked, "Tara")
    here = hand.panel.here
    assert here is not None
    body = {
        "student": here.student,
        "role": "first",
        "levels": {"facts": 1.0},
        "answer": here.print_,
    }
    hand.desk.log.append(Act("mark", "sheet", CELL, "Tara", body))
    assert booked(marked)[here.student].needs_person
    for _ in range(2):
        Hand(course, marked, "Tara")
        assert booked(marked)[here.student].points == 1
    assert len(overrides(marked)) == 1


def test_comments_and_the_bank(marked: Workspace, course: Course) -> None:
    hand = Hand(course, marked, "Tara")
    alias, student = hand.page["answer"]["alias"], hand.student
    hand.does("comment", answer=alias, text="Say who was there.\x1b[2J")
    assert booked(marked)[student].comment == "Say who was there.\ufffd"
    assert "Kept ✓ Key a" in hand.does("keep", text="Name the source: who said it?")["said"]
    path = comments.file_of(marked, "sheet", CELL)
    assert comments.read(path) == ["Name the source: who said it?"]
    other = Hand(course, marked, "Ulla")
    other.does("next")
    page = other.does("bank", key="a")
    assert page["comment"] == "Name the source: who said it?"
    assert booked(marked)[other.student].comment == "Name the source: who said it?"
    assert booked(marked)[other.student].needs_person, "a comment is no mark"
    path.write_text("- one: [", encoding="utf-8")
    assert "not valid YAML" in other.does("next")["bankProblem"]


def test_a_new_hand_in_asks_to_be_marked_again(marked: Workspace, course: Course) -> None:
    code = inbox.receive(marked, "sheet", "Flo", {"ws-2": {"text": "First words of mine."}}).code
    mark.grade("sheet", None, marked, course=course, publish=False)
    hand = Hand(course, marked, "Tara")
    hand.gives("flo", 0)
    inbox.receive(marked, "sheet", "Flo", {"ws-2": {"text": "Other words."}}, code=code)
    mark.grade("sheet", None, marked, course=course, publish=False)
    again = Hand(course, marked, "Tara")
    assert again.panel.session is not None
    flo = next(a for a in again.panel.session.answers if a.student == "flo")
    assert again.panel.session.status(flo) == "changed"
    again.gives("flo", 0)
    assert again.panel.session.status(flo) == "marked" and not booked(marked)["flo"].needs_person


def test_the_second_marker_is_another_person_and_sees_nothing(
    marked: Workspace, course: Course
) -> None:
    Hand(course, marked, "Tara").gives("amina", 0)
    same = Hand(course, marked, " tara ", "second")
    assert "another person" in same.gives("amina", 1)["problem"]
    second = Hand(course, marked, "Ulla", "second")
    page = second.does("next")
    assert page["others"] == [] and page["levels"] == {}
    second.gives("amina", 2)
    assert booked(marked)["amina"].points == 2, "the first mark counts until it is settled"


def test_agreement_sample_and_settling(marked: Workspace, course: Course) -> None:
    first = Hand(course, marked, "Tara")
    for student, level in (("amina", 0), ("bo", 0), ("cho", 2), ("dee", 1)):
        first.gives(student, level)
    view = first.desk
    view.view.value = "Two markers"
    view.compare.size.value = 3
    view.compare.drawn.click()
    assert "<b>3</b> answers are drawn" in view.compare.sample.value
    second = Hand(course, marked, "Ulla", "second")
    assert len(second.page["queue"]) == 3
    view.compare.all.click()
    second = Hand(course, marked, "Ulla", "second")
    for student, level in (("amina", 0), ("bo", 1), ("cho", 2), ("dee", 1)):
        second.gives(student, level)
    view.compare.show()
    # By hand, linear: seen 0.5/4; chance (2·1·0 + …): first {0:2, 1:1, 2:1}, second {0:1, 1:2, 2:1}
    # = (2·2·½ + 2·1·1 + 1·1·½ + 1·1·½ + 1·1·1 + 1·2·½)/16 = 7/16; kappa 1 - (1/8)/(7/16) = 5/7.
    assert ">0.71<" in view.compare.found.value and "Only 4 answers" in view.compare.found.value
    assert "Answers with unlike levels: 1" in view.compare.found.value
    view.compare.go.click()
    assert view.view.value == "Mark" and first.page["role"] == "settled"
    assert [other["label"] for other in first.page["others"]] == [
        "First marker (Tara)",
        "Second marker (Ulla)",
    ]
    assert first.student == "bo"
    page = first.does("level", level=1)
    assert page["said"].startswith("Saved ✓") and booked(marked)["bo"].points == 1
    assert "settled on the marking desk" in overrides(marked)[-1].why
    first.does("role", role="first")
    assert "settled" in first.gives("bo", 0)["problem"]


def test_shared_passages_are_shown_side_by_side_and_judged(
    marked: Workspace, course: Course
) -> None:
    copied = (
        "At nine the <b>woman</b> told the night officer that her passport was taken by the agency "
        "in the port and that she does not want to go back there."
    )
    for name in ("Gil", "Hugo"):
        inbox.receive(marked, "sheet", name, {"ws-2": {"text": f"{name} writes. {copied}"}})
    mark.grade("sheet", None, marked, course=course, publish=False)
    hand = Hand(course, marked, "Tara")
    hand.desk.view.value = "Shared passages"
    view = hand.desk.passages
    assert len(view.pair.options) == 1
    assert view.shown.value.count("<mark>") == 2 and "<b>woman" not in view.shown.value
    assert "Hugo</span>" not in view.shown.value
    view.names.value = True
    assert "Hugo</span>" in view.shown.value
    before = booked(marked)
    view.talk.click()
    assert "to talk about" in view.pair.options[0][0] and booked(marked) == before


def test_formgrader_and_desk_see_each_other(marked: Workspace, course: Course) -> None:
    with gradebook.opened(marked) as book:
        grade = book.find_grade(CELL, "sheet", "sheet", "dee")
        grade.manual_score, grade.needs_manual_grade = 0.25, False
        book.db.commit()
    hand = Hand(course, marked, "Tara")
    assert hand.panel.session is not None
    dee = next(a for a in hand.panel.session.answers if a.student == "dee")
    assert hand.panel.session.status(dee) == "elsewhere"
    hand.does("go", to=dee.alias)
    assert "0.25 points" in hand.page["answer"]["note"]
    hand.gives("dee", 0)
    assert booked(marked)["dee"].points == 2
