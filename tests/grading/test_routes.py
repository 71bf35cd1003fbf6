"""The learner site's doors: answers and files come in, feedback goes out, nothing else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from crossings.curriculum import Course
from crossings.grading import inbox, mark, routes
from crossings.grading.routes import work_routes
from crossings.workspace import Workspace
from tests import aside
from tests.grading.conftest import GOOD, data_notebook

HERE = {"Origin": "http://testserver"}
NOTEBOOK = json.dumps(data_notebook()).encode()


@pytest.fixture
def site(course: Course, workspace: Workspace) -> TestClient:
    return TestClient(Starlette(routes=work_routes(course, workspace)))


def sheet(**more: Any) -> dict[str, Any]:
    return {"assignment": "sheet", "version": 1, "name": "Amina", "answers": GOOD} | more


def upload(site: TestClient, body: bytes = NOTEBOOK, **fields: str) -> Any:
    data = {"assignment": "people", "name": "Amina"} | fields
    files = {"file": ("people.ipynb", body)}
    return site.post("/api/submissions/file", data=data, files=files, headers=HERE)


def test_the_worksheet_page_has_every_question_and_no_key(site: TestClient) -> None:
    page = site.get("/work/demo/sheet").text
    for text in ("Question 8 of 8", "What would you write in the log?", "debt bondage"):
        assert text in page
    for key in (
        "correct",
        "rationale",
        "Act, means and purpose",
        "tolerance",
        '"target"',
        '"accept"',
    ):
        assert key not in page
    assert "<script>" not in page, "scripts are files, so a strict policy can hold"


def test_the_list_names_what_there_is(site: TestClient) -> None:
    page = site.get("/work").text
    assert "/work/demo/sheet" in page and "/work/notebook/people" in page
    assert "Counting people" in page


@pytest.mark.parametrize("path", ["/work/demo/none", "/work/notebook/none", "/work/assets/x.js"])
def test_what_does_not_exist_says_so(site: TestClient, path: str) -> None:
    assert site.get(path).status_code == 404


def test_answers_come_in_and_get_a_receipt(site: TestClient, workspace: Workspace) -> None:
    answer = site.post("/api/submissions", json=sheet(), headers=HERE)
    assert answer.status_code == 201
    assert answer.json()["student"] == "amina"
    assert len(answer.json()["sha256"]) == 64
    assert set(inbox.latest(workspace, "sheet")) == {"amina"}


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"assignment": "no-such"}, 404, "no such worksheet"),
        ({"assignment": "people"}, 404, "no such worksheet"),
        ({"name": "  "}, 422, "Write your name"),
        ({"name": ["Amina"]}, 422, "Write your name"),
        ({"code": "AAAA-BBBB-CCCC-DDDD"}, 422, "Nobody has this private code"),
        ({"key": "../../x"}, 422, "key"),
    ],
)
def test_a_refusal_says_what_to_do(
    site: TestClient, workspace: Workspace, sent: dict[str, Any], status: int, said: str
) -> None:
    answer = site.post("/api/submissions", json=sheet(**sent), headers=HERE)
    assert (answer.status_code, said in answer.json()["error"]) == (status, True)
    assert inbox.latest(workspace, "sheet") == {}


@pytest.mark.attack
def test_other_sites_cannot_hand_in(site: TestClient, workspace: Workspace) -> None:
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    ):
        assert site.post("/api/submissions", json=sheet(), headers=headers).status_code == 403
        files = {"file": ("people.ipynb", NOTEBOOK)}
        sent = site.post(
            "/api/submissions/file", data={"assignment": "people"}, files=files, headers=headers
        )
        assert sent.status_code == 403
    plain = {"content-type": "text/plain"} | HERE
    body = json.dumps(sheet())
    assert site.post("/api/submissions", content=body, headers=plain).status_code == 415
    assert not workspace.inbox.exists()


def test_a_notebook_comes_in_and_so_does_a_zip(site: TestClient, workspace: Workspace) -> None:
    assert upload(site).json()["kind"] == "notebook"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("people/people.ipynb", NOTEBOOK)
    assert upload(site, made.getvalue(), name="Bo").status_code == 201
    assert set(inbox.latest(workspace, "people")) == {"amina", "bo"}
    assert "not a notebook" in upload(site, b"hello").json()["error"]


def test_answers_of_a_worksheet_done_in_a_notebook_come_in_as_a_file(
    site: TestClient, workspace: Workspace
) -> None:
    body = json.dumps({"answers": GOOD}).encode()
    by_file = upload(site, body, assignment="sheet").json()
    by_page = site.post("/api/submissions", json=sheet(name="Bo"), headers=HERE).json()
    assert by_file["sha256"] == by_page["sha256"], "the same answers are the same submission"
    assert "answers.json" in upload(site, b"%PDF", assignment="sheet").json()["error"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"assignment": "other", "answers": GOOD}, "another worksheet"),
        ({"assignment": "sheet"}, "holds no answers"),
        (data_notebook(), "holds no answers"),
    ],
)
def test_another_file_is_not_taken_for_empty_answers(
    site: TestClient, workspace: Workspace, sent: dict[str, Any], said: str
) -> None:
    answer = upload(site, json.dumps(sent).encode(), assignment="sheet")
    assert answer.status_code == 422 and said in answer.json()["error"]
    assert inbox.latest(workspace, "sheet") == {}


def test_the_file_says_which_version_was_answered(site: TestClient, workspace: Workspace) -> None:
    for version, kept in ((7, 7), ("7", 1), (None, 1), (True, 1)):
        body = json.dumps({"version": version, "answers": GOOD}).encode()
        assert upload(site, body, assignment="sheet").status_code == 201
        newest = max(inbox.latest(workspace, "sheet").values(), key=lambda s: s.path.name)
        assert json.loads((newest.path / "answers.json").read_text("utf-8"))["version"] == kept


@pytest.mark.attack
def test_two_hundred_megabytes_are_refused_while_they_stream(
    course: Course, workspace: Workspace
) -> None:
    """The reader stops at the limit: the rest is never taken, and nothing is left behind."""
    taken = 0

    def stream() -> Iterator[bytes]:
        nonlocal taken
        yield (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="people.ipynb"\r\n\r\n'
        )
        for _ in range(200):
            taken += 1_000_000
            yield b"0" * 1_000_000

    source = stream()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": next(source), "more_body": True}

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
    request = Request(scope, receive)
    with pytest.raises(routes.StopError, match="over 20 MB") as caught:
        aside.run(routes._form(request))
    assert caught.value.status == 413
    assert taken <= 22_000_000
    assert not workspace.inbox.exists()


def test_a_declared_length_is_refused_before_a_byte_is_read(site: TestClient) -> None:
    headers = {"content-type": "application/json", "content-length": "209715200"} | HERE
    answer = site.post("/api/submissions", content=b"{}", headers=headers)
    assert answer.status_code == 413 and "2 MB" in answer.json()["error"]


def test_a_full_disk_is_said_and_not_acknowledged(
    site: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    def full(*given: Any) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "write", full)
    answer = site.post("/api/submissions", json=sheet(), headers=HERE)
    assert answer.status_code == 507 and "NOT saved" in answer.json()["error"]
    monkeypatch.undo()
    assert inbox.latest(workspace, "sheet") == {}


def test_the_notebook_can_be_downloaded_without_hidden_tests(
    course: Course, released: Workspace
) -> None:
    site = TestClient(Starlette(routes=work_routes(course, released)))
    assert "people.csv" in site.get("/work/notebook/people").text
    body = site.get("/work/notebook/people/people.zip").content
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert sorted(archive.namelist()) == ["people/people.csv", "people/people.ipynb"]
        assert b"HIDDEN" not in archive.read("people/people.ipynb")
    assert site.get("/work/notebook/people/..%2f..%2fx.zip").status_code == 404


def test_a_notebook_that_is_not_released_says_so(site: TestClient) -> None:
    assert "has not released" in site.get("/work/notebook/people").text


def test_feedback_is_private_and_everything_in_it_is_text(
    course: Course, classroom: Workspace
) -> None:
    site = TestClient(Starlette(routes=work_routes(course, classroom)))
    evil = "<script>alert(1)</script>\n<img src=x onerror=alert(2)>"
    given = GOOD | {"ws-2": {"text": evil}, "ws-short": {"text": "{{7*7}}<b>"}}
    sent = sheet(name="<b>Amina</b>", answers=given)
    code = site.post("/api/submissions", json=sent, headers=HERE).json()["code"]
    assert "is not marked yet" in site.get(f"/feedback/{code}").text
    mark.grade("sheet", None, classroom, course=course)
    answer = site.get("/feedback/", params={"code": code.lower().replace("-", " ")})
    page = answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "&lt;script&gt;alert(1)" in page and "{{7*7}}&lt;b&gt;" in page
    scripts = re.findall(r"<script[^>]*>", page)
    ours = ("<script defer nonce=", '<script type="application/json"')
    assert all(tag.startswith(ours) for tag in scripts)
    assert "<img" not in page and "<b>Amina" not in page
    assert "11</strong> of 14 points" in page and "1 of your answers" in page
    assert "First rule" in page and "Act, means and purpose." in page


@pytest.mark.attack
def test_guessing_codes_is_slowed_down(site: TestClient) -> None:
    def guess(n: int) -> int:
        letters = "ABCDEFGHJKMNPQRSTVWXYZ"
        code = "AAAA-AAAA-AAAA-AA" + letters[n // 22] + letters[n % 22]
        return site.get(f"/feedback/{code}").status_code

    assert [guess(n) for n in range(30)] == [404] * 30
    assert guess(31) == 429
    sent = sheet(code="AAAA-AAAA-AAAA-AAAA")
    assert site.post("/api/submissions", json=sent, headers=HERE).status_code == 429
    assert site.post("/api/submissions", json=sheet(), headers=HERE).status_code == 201
    assert "four groups" in site.get("/feedback/", params={"code": "12"}).text
