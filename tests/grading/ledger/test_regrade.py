"""Requests to look at a mark again: from the feedback page into the ledger, and the answer back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.curriculum import Course
from crossings.grading import durable, feedback, inbox, mark
from crossings.grading.ledger import Ledger, override, regrade
from crossings.grading.ledger.regrade import RegradeError
from crossings.grading.ledger.verify import verify
from crossings.grading.routes import work_routes
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD

HERE = {"Origin": "http://testserver"}
KEY = "0123456789abcdef"


@pytest.fixture
def marked(classroom: Workspace, course: Course) -> tuple[Workspace, str]:
    code = inbox.receive(classroom, "sheet", "Amina", GOOD).code
    inbox.receive(classroom, "sheet", "Bo", {})
    mark.grade("sheet", None, classroom, course=course)
    return classroom, code


@pytest.fixture
def site(marked: tuple[Workspace, str], course: Course) -> TestClient:
    return TestClient(Starlette(routes=work_routes(course, marked[0])))


def sent(private: str, **more: Any) -> dict[str, Any]:
    about = {"assignment": "sheet", "question": "item-ws-2"}
    return about | {"code": private, "text": "I wrote who was present.", "key": KEY} | more


def test_ask_answer_and_both_read_it(
    marked: tuple[Workspace, str], course: Course, site: TestClient
) -> None:
    workspace, code = marked
    answer = site.post("/api/regrade", json=sent(code), headers=HERE)
    assert answer.status_code == 201, answer.text
    (waiting,) = regrade.all_of(workspace)
    assert (waiting.student, waiting.question, waiting.waits) == ("amina", "item-ws-2", True)
    page = site.get(f"/feedback/{code}").text
    assert "I wrote who was present." in page and "Waiting for an answer" in page

    override.give(workspace, "sheet", "amina", "item-ws-2", points=2, who="T. Rainer", why="right")
    told = {"who": "T. Rainer", "text": "You did. <b>Sorry</b>.", "decision": "changed"}
    regrade.answer(workspace, waiting.id, **told)
    feedback.publish("sheet", workspace, course)
    page = site.get(f"/feedback/{code}").text
    assert "You did. &lt;b&gt;Sorry&lt;/b&gt;." in page and "Your marks were changed" in page
    assert "<strong>14</strong> of 14" in page and "T. Rainer" not in page
    with Ledger(workspace) as ledger:
        kinds = [e.kind for e in ledger.entries(student="amina")]
        assert kinds == ["mark", "regrade-request", "override", "regrade-answer"]
        assert verify(ledger).problems == ()


def test_the_same_request_is_one_request(marked: tuple[Workspace, str], site: TestClient) -> None:
    workspace, code = marked
    first = site.post("/api/regrade", json=sent(code), headers=HERE).json()
    again = site.post("/api/regrade", json=sent(code), headers=HERE).json()
    assert first == again and len(regrade.all_of(workspace)) == 1


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"code": "AAAA-BBBB-CCCC-DDDD"}, 422, "Nobody has"),
        ({"assignment": "people"}, 404, "not been marked"),
        ({"assignment": "../x"}, 404, "not been marked"),
        ({"question": "item-none"}, 404, "no such question"),
        ({"text": "  \n "}, 422, "Write what"),
        ({"text": "x" * 2_001}, 422, "over 2000"),
        ({"text": ["x"]}, 422, "Write what"),
        ({"key": "short"}, 422, "key"),
    ],
)
def test_a_refused_request_leaves_nothing(
    marked: tuple[Workspace, str], site: TestClient, change: dict[str, Any], status: int, said: str
) -> None:
    workspace, code = marked
    answer = site.post("/api/regrade", json=sent(code, **change), headers=HERE)
    assert (answer.status_code, said in answer.json()["error"]) == (status, True), answer.text
    assert regrade.all_of(workspace) == []


def test_too_many_requests_are_stopped(marked: tuple[Workspace, str], site: TestClient) -> None:
    workspace, code = marked
    for number in range(regrade.MAX_WAITING):
        made = site.post("/api/regrade", json=sent(code, key=f"{KEY}{number}"), headers=HERE)
        assert made.status_code == 201
    more = site.post("/api/regrade", json=sent(code, key=f"{KEY}x"), headers=HERE)
    assert more.status_code == 429 and "wait" in more.json()["error"]
    assert len(regrade.all_of(workspace)) == regrade.MAX_WAITING


@pytest.mark.attack
def test_a_request_is_data(marked: tuple[Workspace, str], site: TestClient) -> None:
    workspace, code = marked
    evil = "<script>alert(1)</script>\x1b[2J\u202e\x00 {{7*7}} 😀 line\rtwo"
    assert site.post("/api/regrade", json=sent(code, text=evil), headers=HERE).status_code == 201
    (request,) = regrade.all_of(workspace)
    assert "\x1b" not in request.text and "\x00" not in request.text
    assert request.text.endswith("line\ntwo")
    page = site.get(f"/feedback/{code}").text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert "{{7*7}}" in page
    scripts = re.findall(r"<script[^>]*>", page)
    assert all("src=" in tag or "application/json" in tag for tag in scripts)
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = site.post("/api/regrade", json=sent(code, key=f"{KEY}z"), headers=headers)
        assert answer.status_code == 403
    long = site.post("/api/regrade", content=b"{" + b" " * 30_000, headers=HERE | {
        "content-type": "application/json"})  # fmt: skip
    assert long.status_code == 413
    plain = site.post("/api/regrade", content=b"{}", headers=HERE | {"content-type": "text/plain"})
    assert plain.status_code == 415


@pytest.mark.attack
def test_codes_cannot_be_tried_out(marked: tuple[Workspace, str], site: TestClient) -> None:
    for _ in range(30):
        site.post("/api/regrade", json=sent("AAAA-BBBB-CCCC-DDDD"), headers=HERE)
    assert site.post("/api/regrade", json=sent(marked[1]), headers=HERE).status_code == 429


def test_a_full_disk_is_said(
    marked: tuple[Workspace, str], site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: Any, **more: Any) -> None:
        raise durable.NotSavedError(durable.FULL, 507)

    monkeypatch.setattr(Ledger, "append", full)
    answer = site.post("/api/regrade", json=sent(marked[1]), headers=HERE)
    assert answer.status_code == 507 and "NOT saved" in answer.json()["error"]


def test_an_answer_needs_a_request_and_words(marked: tuple[Workspace, str]) -> None:
    workspace, _ = marked
    with pytest.raises(RegradeError, match="no request"):
        regrade.answer(workspace, "none", who="T", text="x")
    with pytest.raises(RegradeError, match="Say who"):
        regrade.answer(workspace, "none", who="", text="x")


ASK = """
import sys
from pathlib import Path
from crossings.grading.ledger import regrade
from crossings.workspace import Workspace
regrade.MAX_WAITING = regrade.MAX_A_DAY = 10_000
for number in range(10_000):
    made = regrade.ask(Workspace(Path(sys.argv[1])), "sheet", "amina", "", "Why?",
                       f"{sys.argv[2]}-{number:016}")
    print(made.id, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_an_acknowledged_request_survives_a_kill(marked: tuple[Workspace, str]) -> None:
    workspace, _ = marked
    told: list[str] = []
    for name in "ab":
        command = [sys.executable, "-c", ASK, str(workspace.root), name]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        told += [running.stdout.readline().strip() for _ in range(7)]
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        running.stdout.close()
    assert len(told) == 14 and set(told) <= {r.id for r in regrade.all_of(workspace)}
