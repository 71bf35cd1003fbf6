"""The learner site's API: joining, answering, hostile input."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.drills import DrillLog, Trainer, open_drill
from crossings.drills.routes import drill_routes
from crossings.drills.state import GRACE
from crossings.workspace import Workspace
from tests.drills import classroom

KEY = "0123456789abcdef"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def trainer(workspace: Workspace) -> Iterator[Trainer]:
    log = DrillLog(workspace.drill_log)
    yield Trainer(log, open_drill(log, classroom.course(), classroom.QUIZ))
    log.close()


@pytest.fixture
def site(workspace: Workspace, trainer: Trainer) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=drill_routes(None, workspace))) as client:
        yield client


def join(site: TestClient, trainer: Trainer, name: str = "Amina", key: str = KEY) -> dict:
    body = {"code": trainer.state.code, "name": name, "key": key}
    answer = site.post("/api/drill/join", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def answer(site: TestClient, seat: dict, choice: str, n: int = 1, key: str = KEY, step: int = 0):  # type: ignore[no-untyped-def]
    body = {"token": seat["token"], "step": step, "response": {"choice": choice}, "n": n}
    return site.post("/api/drill/answer", json=body | {"key": key})


def view(site: TestClient, seat: dict) -> dict:
    return site.get("/api/drill/view", params={"token": seat["token"]}).json()


def test_a_whole_drill_over_http(site: TestClient, trainer: Trainer) -> None:
    seat = join(site, trainer)
    assert view(site, seat)["status"] == "lobby"
    trainer.start()
    shown = answer(site, seat, "yes")
    assert shown.status_code == 200 and shown.json()["saved"] is True
    trainer.refresh()
    assert trainer.state.answered(0) == [seat["seat"]]
    trainer.reveal()
    time.sleep(0.7)
    seen = view(site, seat)
    assert seen["step"]["result"]["word"] == "Right"
    assert "SECRET rationale" in seen["step"]["result"]["reason"]
    trainer.forward()
    trainer.end()
    time.sleep(0.7)
    assert view(site, seat)["final"]["points"] == 1


def test_joining_twice_with_one_key_is_one_seat(site: TestClient, trainer: Trainer) -> None:
    first, again = join(site, trainer), join(site, trainer)
    assert first == again
    trainer.refresh()
    assert len(trainer.state.present) == 1


def test_another_device_continues_with_the_seat_code(site: TestClient, trainer: Trainer) -> None:
    seat = join(site, trainer)
    code = seat["seat_code"]
    body = {"code": trainer.state.code.lower(), "seat_code": f"{code[:3].lower()} {code[3:]}"}
    assert site.post("/api/drill/rejoin", json=body).json() == seat
    wrong = site.post("/api/drill/rejoin", json=body | {"seat_code": "XXXXXX"})
    assert wrong.status_code == 404 and "seat" in wrong.json()["message"]


def test_an_answer_sent_twice_counts_once(site: TestClient, trainer: Trainer) -> None:
    seat = join(site, trainer)
    trainer.start()
    assert answer(site, seat, "no").json() == answer(site, seat, "no").json()
    trainer.refresh()
    kinds = [e.kind for e in trainer.log.since(trainer.state.run)]
    assert kinds.count("answered") == 1


def test_a_lost_acknowledgement_can_be_asked_for_after_the_close(
    site: TestClient, trainer: Trainer
) -> None:
    seat = join(site, trainer)
    trainer.start()
    answer(site, seat, "no")
    trainer.reveal()
    again = answer(site, seat, "no")
    assert again.status_code == 200 and again.json()["stands"] is True
    late = answer(site, seat, "yes", n=2, key=KEY + "2")
    assert late.status_code == 409 and late.json()["error"] == "late"


def test_a_late_joiner_enters_where_the_room_is(site: TestClient, trainer: Trainer) -> None:
    trainer.start()
    trainer.forward()
    seen = view(site, join(site, trainer))
    assert seen["step"]["index"] == 1 and seen["step"]["phase"] == "open"
    assert seen["step"]["deadline"] > seen["now"]


def test_a_removed_seat_is_out(site: TestClient, trainer: Trainer) -> None:
    seat = join(site, trainer)
    trainer.start()
    trainer.refresh()
    trainer.remove(seat["seat"])
    time.sleep(0.7)
    assert view(site, seat)["status"] == "removed"
    assert answer(site, seat, "yes").status_code == 403
    body = {"code": trainer.state.code, "seat_code": seat["seat_code"]}
    assert site.post("/api/drill/rejoin", json=body).status_code == 403


def test_wrong_codes_are_slowed_but_a_class_behind_one_address_gets_in(
    site: TestClient, trainer: Trainer
) -> None:
    for _ in range(30):  # everybody mistypes once
        wrong = site.post("/api/drill/join", json={"code": "ZZZZ", "name": "x", "key": KEY})
        assert wrong.status_code == 404 and "no drill" in wrong.json()["message"]
    for n in range(60):
        join(site, trainer, f"Person {n}", f"key-of-person-{n}")
    codes = [
        site.post("/api/drill/join", json={"code": f"QQ{n:03d}", "name": "x", "key": KEY})
        for n in range(610)
    ]
    assert codes[-1].status_code == 429 and int(codes[-1].headers["retry-after"]) >= 1


HOSTILE = [
    b"", b"{", b"[]", b"null", b'{"code": NaN}', b"[" * 9000, b'{"a":' * 3000, b"\xff\xfe",
    b'{"code": {"$gt": ""}, "name": ["x"], "key": 7}', b'{"code": "' + b"9" * 9000 + b'"}',
    b'{"n": 1' + b"0" * 5000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", ["join", "rejoin", "answer"])
def test_malformed_requests_get_a_clear_error(site: TestClient, path: str, body: bytes) -> None:
    reply = site.post(f"/api/drill/{path}", content=body)
    assert reply.status_code in (400, 401, 404)
    assert set(reply.json()) >= {"error", "message"}


def test_a_large_body_is_refused(site: TestClient) -> None:
    reply = site.post("/api/drill/answer", content=b"x" * 200_000)
    assert reply.status_code == 413


@pytest.mark.parametrize(
    "response",
    [None, {}, [], "yes", {"choice": None}, {"choice": "nothing"}, {"choice": ["yes"]},
     {"choice": {"yes": 1}}, {"choices": ["yes"]}, {"choice": 10**400}],
    ids=str,
)  # fmt: skip
def test_answers_that_do_not_fit_are_refused(
    site: TestClient, trainer: Trainer, response: object
) -> None:
    seat = join(site, trainer)
    trainer.start()
    body = {"token": seat["token"], "step": 0, "response": response, "n": 1, "key": KEY}
    reply = site.post("/api/drill/answer", json=body)
    assert reply.status_code == 400
    assert "answered" not in [e.kind for e in trainer.log.since(trainer.state.run)]


@pytest.mark.parametrize("step", [-1, 1, 99, True, "0", None, 1.5, 10**30])
def test_answers_to_steps_that_are_not_open_are_refused(
    site: TestClient, trainer: Trainer, step: object
) -> None:
    seat = join(site, trainer)
    trainer.start()
    body = {"token": seat["token"], "step": step, "response": {"choice": "yes"}, "n": 1}
    assert site.post("/api/drill/answer", json=body | {"key": KEY}).status_code == 409


def test_tokens_cannot_be_made_up(site: TestClient, trainer: Trainer) -> None:
    seat = join(site, trainer)
    run, name, sign = seat["token"].split(".")
    for token in ("", "x", f"{run}.{name}.", f"{run}.{name}.{'0' * 40}", f"{run}.other.{sign}",
                  f"no-run.{name}.{sign}", "a.b.ü", None):  # fmt: skip
        params = {"token": token} if token is not None else {}
        assert site.get("/api/drill/view", params=params).status_code == 401


def test_hostile_names_are_text(site: TestClient, trainer: Trainer) -> None:
    seat = join(site, trainer, "<img src=x onerror=alert(1)>\u202e" + "y" * 99)
    assert len(seat["name"]) <= 40 and "\u202e" not in seat["name"]
    empty = {"code": trainer.state.code, "name": " \u200b ", "key": "another-key"}
    assert site.post("/api/drill/join", json=empty).status_code == 400


def test_time_given_in_the_last_moment_is_known_at_once(site: TestClient, trainer: Trainer) -> None:
    seat = join(site, trainer)
    trainer.start()
    answer(site, seat, "no")
    trainer.close()
    time.sleep(GRACE + 0.2)
    trainer.extend(30)
    assert answer(site, seat, "yes", n=2, key=KEY + "2").status_code == 200


def test_the_projector_needs_its_key_and_gets_no_names(site: TestClient, trainer: Trainer) -> None:
    join(site, trainer, "Somebody Special")
    trainer.start()
    trainer.refresh()
    assert site.get("/api/drill/projector").status_code == 404
    reply = site.get("/api/drill/projector", params={"key": trainer.state.projector_key})
    assert reply.status_code == 200 and reply.json()["seats"] == 1
    assert "Somebody" not in reply.text and "SECRET" not in reply.text


def test_pages_are_small_and_ask_nobody_else(site: TestClient) -> None:
    import gzip

    paths = ["/drill/", "/drill/tokens.css", "/drill/page/drill.css", "/drill/page/drill.js",
             "/drill/page/case.js", "/drill/page/news.js", "/drill/page/tabletop.js"]  # fmt: skip
    pages = [site.get(path) for path in paths]
    assert all(p.status_code == 200 for p in pages)
    named = set(re.findall(r'(?:src|href)="([a-z/.]+)"', pages[0].text))
    assert {f"/drill/{n}" for n in named} == set(paths[1:]), "everything that the page loads"
    assert sum(len(gzip.compress(p.content)) for p in pages) < 30_000
    assert "default-src 'none'" in pages[0].headers["content-security-policy"]
    assert not any("://" in p.text.replace("http://www.w3.org/2000/svg", "") for p in pages[:3])
    assert site.get("/drill/?code=ABCD").status_code == 200
    assert site.get("/drill/qr.svg", params={"code": "abcd"}).text.startswith("<svg")
    assert not any(".innerHTML" in p.text for p in pages[3:])
