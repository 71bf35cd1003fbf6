"""Requests on the marking desk: read without names, answered once, in ledger and feedback."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crossings.apps.desk import Desk
from crossings.curriculum import Course
from crossings.grading import feedback, inbox, mark
from crossings.grading.ledger import Ledger, override, regrade
from crossings.grading.ledger.verify import verify
from crossings.grading.people.log import MarkingLog
from crossings.grading.people.requests import Reply, RequestError, listed, opened, reply
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY, data_notebook

KEYS = (f"{n:016}" for n in range(1_000))
NUMBER, WRITTEN = "item-ws-number", "item-ws-2"


@pytest.fixture
def codes(classroom: Workspace, course: Course) -> dict[str, str]:
    sent = {
        name: inbox.receive(classroom, "sheet", name, given)
        for name, given in (("Amina", GOOD), ("Bo", PARTLY | {"ws-number": {"number": 31}}))
    }
    mark.grade("sheet", None, classroom, course=course)
    return {name: one.code for name, one in sent.items()}


@pytest.fixture
def desk(classroom: Workspace, course: Course, codes: dict[str, str]) -> Desk:
    made = Desk(course, classroom)
    made.view.value = "Requests"
    return made


def ask(workspace: Workspace, student: str, question: str, text: str) -> regrade.Request:
    return regrade.ask(workspace, "sheet", student, question, text, next(KEYS))


def does(desk: Desk, what: str, **more: Any) -> dict[str, Any]:
    desk.asked.act({"do": what, **more})
    return dict(desk.asked.widget.state)


def open_first(desk: Desk, who: str = "Tara") -> dict[str, Any]:
    does(desk, "who", who=who)
    does(desk, "list")
    return does(desk, "onward")


def answers(page: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
    """What the page would send about the question that was asked about."""
    here = page["here"]
    one = next((q for q in here["questions"] if q["cell"] == here["about"]), None)
    about = {"cell": one["cell"], "now": one["points"]} if one else {"cell": "", "now": None}
    known = {"request": here["id"], "seen": len(here["answers"]), "points": None, "text": text}
    return known | about | more


def ledger_of(workspace: Workspace, kind: Any) -> list[Any]:
    with Ledger(workspace) as ledger:
        assert verify(ledger).problems == ()
        return list(ledger.entries(kind=kind))


def seen_by(workspace: Workspace, code: str) -> dict[str, Any]:
    found = feedback.by_code(workspace, code)
    assert found is not None
    entry: dict[str, Any] = found["assignments"]["sheet"]
    return entry


def test_an_empty_desk_says_so(desk: Desk) -> None:
    state = desk.asked.widget.state
    assert (state["requests"], state["here"], state["problem"]) == ([], None, "")
    assert "No other request waits" in does(desk, "onward")["said"]


def test_a_request_is_read_with_question_answer_and_points_and_without_a_name(
    desk: Desk, classroom: Workspace
) -> None:
    ask(classroom, "bo", NUMBER, "Is 31 not a \x1b[31mmonth?\u202e <b>Please</b>")
    page = open_first(desk)
    here = page["here"]
    question = next(q for q in here["questions"] if q["cell"] == NUMBER)
    assert (question["number"], question["answer"]) == (6, "31 days")
    assert (question["points"], question["most"], question["then"]) == (0, 1, 0)
    assert question["by"] == "a program" and question["title"] == "How many days at least?"
    assert "<b>Please</b>" in here["text"] and "\x1b" not in here["text"]
    text = json.dumps({k: v for k, v in page.items() if k != "who"}, ensure_ascii=False)
    assert "\u202e" not in text and '"bo"' not in text.lower()
    desk.view.value = "Mark"
    desk.panel.act({"do": "open", "assignment": "sheet", "cell": WRITTEN})
    assert desk.panel.session is not None
    assert here["alias"] in desk.panel.session.by_alias, "the same short name as under Mark"


def test_changed_points_are_in_ledger_and_feedback_of_this_trainee_only(
    desk: Desk, classroom: Workspace, course: Course, codes: dict[str, str]
) -> None:
    asked = ask(classroom, "bo", NUMBER, "31 is a month, too.")
    override.give(classroom, "sheet", "amina", WRITTEN, points=2, who="T", why="not out yet")
    page = open_first(desk)
    page = does(desk, "answer", **answers(page, "You are right.", points=0.5))
    assert page["problem"] == "" and "Saved ✓" in page["said"] and "marks changed" in page["said"]
    given = ledger_of(classroom, "override")[-1]
    assert (given.student, given.who) == ("bo", "Tara") and asked.id in given.why
    (told,) = ledger_of(classroom, "regrade-answer")
    assert (told.data["decision"], told.who) == ("changed", "Tara")
    assert (
        next(q for q in seen_by(classroom, codes["Bo"])["questions"] if q["cell"] == NUMBER)[
            "points"
        ]
        == 0.5
    )
    assert seen_by(classroom, codes["Amina"])["waiting"] == 1, "nobody else's marks go out"
    assert page["waiting"] == 0 and not page["here"]["waits"]


def test_the_same_answer_sent_twice_is_one(desk: Desk, classroom: Workspace) -> None:
    ask(classroom, "bo", NUMBER, "Look.")
    sent = answers(open_first(desk), "You are right.", points=1)
    for _ in range(2):  # its acknowledgement got lost on the way
        assert does(desk, "answer", **sent)["problem"] == ""
    assert len(ledger_of(classroom, "regrade-answer")) == 1
    assert len(ledger_of(classroom, "override")) == 1


def test_killed_between_the_points_and_the_answer_nothing_is_done_twice(
    desk: Desk, classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(classroom, "bo", NUMBER, "Look.")
    sent = answers(open_first(desk), "You are right.", points=1)

    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(regrade, "answer", killed)
        does(desk, "answer", **sent)
    again = Desk(course, classroom)
    again.view.value = "Requests"
    page = open_first(again)
    assert page["here"]["changed"] and page["here"]["waits"]
    for more in (sent, answers(page, "You are right.")):  # the page of before, or a fresh one
        page = does(again, "answer", **more)
    assert len(ledger_of(classroom, "override")) == 1
    (told,) = ledger_of(classroom, "regrade-answer")
    assert told.data["decision"] == "changed"


def test_marks_stay_or_something_is_only_said(desk: Desk, classroom: Workspace) -> None:
    ask(classroom, "amina", "", "All of it, please.")
    page = open_first(desk)
    assert page["here"]["about"] == "" and len(page["here"]["questions"]) == 8
    page = does(desk, "answer", **answers(page, "Which question do you mean?", stays=False))
    assert "no decision" in page["said"]
    page = does(desk, "answer", **answers(page, "I looked at all: they stay."))
    assert "marks stay" in page["said"]
    decisions = [e.data["decision"] for e in ledger_of(classroom, "regrade-answer")]
    assert decisions == ["answered", "stays"]
    more = {"cell": WRITTEN, "now": 0, "points": 2}
    page = does(desk, "answer", **answers(page, "On second thoughts: more.", **more))
    assert "marks changed" in page["said"] and page["problem"] == ""


def test_what_was_seen_must_still_be_so(desk: Desk, classroom: Workspace) -> None:
    asked = ask(classroom, "bo", NUMBER, "Look.")
    page = open_first(desk)
    override.give(classroom, "sheet", "bo", NUMBER, points=0.25, who="Ulla", why="half")
    said = does(desk, "answer", **answers(page, "Yes.", points=1))
    assert "it is 0.25 now" in said["problem"] and said["said"] == "Not saved."
    regrade.answer(classroom, asked.id, who="Ulla", text="Done.", decision="changed")
    said = does(desk, "answer", **answers(page, "Yes."))
    assert "Somebody answered meanwhile" in said["problem"]
    assert len(ledger_of(classroom, "regrade-answer")) == 1


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"text": " "}, "Write what the trainee should read"),
        ({"text": "x" * 2001}, "over 2000 characters"),
        ({"points": 7}, "0 to 1 points"),
        ({"points": -1}, "0 to 1 points"),
        ({"points": float("nan")}, "Points are a number"),
        ({"points": "1"}, "Points are a number"),
        ({"points": True}, "Points are a number"),
        ({"points": 1, "cell": "no-such"}, "not in the assignment any more"),
        ({"request": "another"}, "Not sent"),
    ],
)
def test_nonsense_answers_nothing(
    desk: Desk, classroom: Workspace, more: dict[str, Any], problem: str
) -> None:
    ask(classroom, "bo", NUMBER, "Look.")
    page = open_first(desk)
    assert problem in does(desk, "answer", **(answers(page, "Yes.") | more))["problem"]
    assert ledger_of(classroom, "override") == ledger_of(classroom, "regrade-answer") == []


def test_an_answer_needs_a_name(desk: Desk, classroom: Workspace) -> None:
    ask(classroom, "bo", NUMBER, "Look.")
    page = open_first(desk, " ")
    assert "Type your name" in does(desk, "answer", **answers(page, "Yes."))["problem"]


def test_those_that_wait_longest_come_first_and_keys_walk_through_all(
    desk: Desk, classroom: Workspace
) -> None:
    first = ask(classroom, "bo", NUMBER, "One.")
    second = ask(classroom, "amina", WRITTEN, "Two.")
    third = ask(classroom, "bo", "", "Three.")
    page = open_first(desk)
    assert page["here"]["id"] == first.id
    does(desk, "answer", **answers(page, "Seen."))
    assert does(desk, "onward")["here"]["id"] == second.id
    assert does(desk, "next")["here"]["id"] == third.id
    assert does(desk, "next")["here"]["id"] == first.id, "answered ones come last"
    assert "last request" in does(desk, "next")["said"]
    does(desk, "open", request=second.id)
    does(desk, "mark", cell=WRITTEN)
    assert desk.view.value == "Mark" and desk.panel.here is not None
    assert desk.panel.here.student == "amina"
    page = does(desk, "mark", cell=NUMBER)
    assert "A program marks this question" in page["problem"]


def test_marked_anew_with_the_rubric_counts_as_changed(desk: Desk, classroom: Workspace) -> None:
    ask(classroom, "amina", WRITTEN, "Look.")
    open_first(desk)
    does(desk, "mark", cell=WRITTEN)
    desk.panel.act({"do": "level", "level": 0})
    desk.view.value = "Requests"
    page = dict(desk.asked.widget.state)
    assert page["here"]["changed"]
    page = does(desk, "answer", **answers(page, "Marked anew."))
    assert "marks changed" in page["said"]


def test_the_code_before_a_test_is_shown(classroom: Workspace, course: Course) -> None:
    notebook = data_notebook()
    notebook["cells"][2]["source"] = "def count(rows):\n    return 4  # \x1b[31m"
    notebook["cells"][3]["source"] = "assert count(rows) is not None"
    body = json.dumps(notebook).encode()
    inbox.receive_upload(classroom, "people", "Amina", "people.ipynb", body)
    mark.grade("people", None, classroom, course=course)
    regrade.ask(classroom, "people", "amina", "count-test", "Why?", next(KEYS))
    (one,) = listed(classroom, MarkingLog(classroom))
    found = opened(classroom, course, one).question("count-test")
    assert found.answer.text.startswith("def count(rows):\n    return 4")
    assert "\x1b" not in found.answer.text and found.points == 0
    reply(classroom, course, one, Reply("It is three.", "Tara", "count-test", 1.5, 0, 0.0))
    assert opened(classroom, course, one).question("count-test").points == 1.5
    with pytest.raises(RequestError, match="0 to 2 points"):
        reply(classroom, course, one, Reply("More.", "Tara", "count-test", 5, 1, 1.5))
