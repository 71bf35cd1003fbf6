"""Who gets into a room and who does not; what people send stays text; a class is not an attack."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.drills import DrillLog, Trainer, open_drill, teamwork
from crossings.drills.limits import whose
from crossings.drills.names import claims_to_lead, folded, unique
from crossings.drills.replies import Refused
from crossings.drills.routes import drill_routes
from crossings.drills.service import MOST_STREAMS, DrillService
from crossings.drills.views import participant_view, projector_view
from crossings.workspace import Workspace
from tests import aside
from tests.drills import classroom, team_room
from tests.drills.test_service import KEY, answer, join, view
from tests.drills.test_state import Play

PHONE, OTHER = "a-device-of-its-own", "another-device"


@pytest.fixture
def trainer(tmp_path: Path) -> Iterator[Trainer]:
    log = DrillLog(Workspace(tmp_path).drill_log)
    yield Trainer(log, open_drill(log, classroom.course(), classroom.QUIZ))
    log.close()


@pytest.fixture
def site(tmp_path: Path, trainer: Trainer) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=drill_routes(None, Workspace(tmp_path)))) as client:
        yield client


def ask(site: TestClient, trainer: Trainer, name: str, key: str, device: str = PHONE) -> Any:
    body = {"code": trainer.state.code, "name": name, "key": key, "device": device}
    return site.post("/api/drill/join", json=body)


def follow(trainer: Trainer) -> None:
    time.sleep(0.7)
    trainer.refresh()


def test_a_locked_room_takes_nobody_new_and_everybody_back(
    site: TestClient, trainer: Trainer
) -> None:
    seat = join(site, trainer)
    trainer.lock()
    follow(trainer)
    late = ask(site, trainer, "Late", KEY + "2")
    assert late.status_code == 403 and late.json()["error"] == "locked"
    assert join(site, trainer) == seat, "the answer was lost on the way, and is said again"
    body = {"code": trainer.state.code, "seat_code": seat["seat_code"]}
    assert site.post("/api/drill/rejoin", json=body).status_code == 200
    trainer.lock(False)
    follow(trainer)
    assert ask(site, trainer, "Late", KEY + "2").status_code == 200


def test_a_lock_that_is_first_by_a_moment_holds() -> None:
    play = Play().add(2, "locked").add(3, "joined", {"name": "Late", "code": "L"}, "s3")
    assert "s3" not in play.state.seats
    play.add(4, "unlocked").add(5, "joined", {"name": "Late", "code": "L"}, "s4")
    assert "s4" in play.state.seats


def test_a_block_that_is_first_by_a_moment_holds() -> None:
    loud = {"name": "Loud", "code": "L", "device": "d1"}
    play = Play(None, ()).add(1, "joined", loud, "s1").add(2, "blocked", {}, "s1")
    play.add(3, "joined", loud | {"name": "Again"}, "s2")
    play.add(3, "joined", {"name": "Other", "code": "O", "device": "d2"}, "s3")
    assert [s.id for s in play.state.present] == ["s3"] and "s2" not in play.state.seats


def test_a_blocked_device_stays_out_with_every_key_and_code(
    site: TestClient, trainer: Trainer
) -> None:
    first = ask(site, trainer, "Loud", KEY + "1").json()
    second = ask(site, trainer, "Louder", KEY + "2").json()
    friend = ask(site, trainer, "Friend", KEY + "3", OTHER).json()
    trainer.refresh()
    trainer.block(first["seat"])
    follow(trainer)
    assert [s.name for s in trainer.state.present] == ["Friend"], "all seats of that device"
    assert view(site, first)["status"] == "removed" and view(site, second)["status"] == "removed"
    assert view(site, first)["blocked"] is True
    for key in (KEY + "1", KEY + "2", KEY + "4"):
        refused = ask(site, trainer, "Quiet", key)
        assert refused.status_code == 403, key
    for code in (first["seat_code"], friend["seat_code"]):
        body = {"code": trainer.state.code, "seat_code": code, "device": PHONE}
        assert site.post("/api/drill/rejoin", json=body).json()["error"] == "blocked"
    body = {"code": trainer.state.code, "seat_code": first["seat_code"], "device": OTHER}
    assert site.post("/api/drill/rejoin", json=body).json()["error"] == "blocked", "nor elsewhere"
    joined = [e.payload for e in trainer.log.since(trainer.state.run) if e.kind == "joined"]
    assert PHONE not in str(joined), "the log does not hold what the device calls itself"
    trainer.readmit(first["seat"])
    follow(trainer)
    assert view(site, first)["status"] == "lobby"
    assert ask(site, trainer, "Quiet", KEY + "5").status_code == 200


def test_a_seat_that_was_removed_can_be_let_in_again_with_what_it_had() -> None:
    play = Play().add(10, "started").answer(12, "s1", "yes").add(13, "removed", {}, "s1")
    assert play.state.answered(0) == []
    play.add(14, "readmitted", {}, "s1")
    assert play.state.answered(0) == ["s1"]
    play.add(15, "removed", {}, "s1")
    assert play.state.answered(0) == []


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("Аmіnа", "Amina"), ("AMINA", "amina"), ("A m i n a", "Amina"), ("Amína", "Amina"),
        ("Ａｍｉｎａ", "Amina"), ("Ali", "AIi"), ("B0", "Bo"), ("Chipo!", "Chipo"),
    ],
)  # fmt: skip
def test_a_name_that_looks_like_another_gets_a_number(name: str, like: str) -> None:
    assert unique(name, [like]).endswith(" (2)")


def test_names_that_only_begin_alike_are_left_alone() -> None:
    names = [
        "Amina",
        "Aminata",
        "محمد",
        "محمود",
        "李",
        "王",
        "Ольга",
        "Олег",
        "😀",
        "😁",
        "Trainor",
    ]
    assert len({folded(n) for n in names}) == len(names)
    assert not any(claims_to_lead(n) for n in names)


def test_nobody_joins_as_the_trainer(site: TestClient, trainer: Trainer) -> None:
    for n, name in enumerate(("Trainer", "тrаiner", "T R A I N E R", "Admin!", "Your trainer")):
        refused = ask(site, trainer, name, KEY + str(n))
        assert refused.status_code == 400 and refused.json()["error"] == "name", name


def test_a_hidden_name_is_a_number_for_all_others() -> None:
    play = Play(team_room.quiz(names=["Red", "Blue"]), team_room.seats(4))
    play.add(5, "masked", {"on": True}, "s3")
    assert participant_view(play.state, "s1", 6)["you"]["team"]["mates"] == ["Participant 3"]
    assert participant_view(play.state, "s3", 6)["you"]["name"] == "Person s3"
    play.add(7, "captained", {"team": "t1"}, "s3")
    assert participant_view(play.state, "s1", 8)["you"]["team"]["captain"] == "Participant 3"
    play.add(9, "masked", {"on": False}, "s3")
    assert participant_view(play.state, "s1", 9)["you"]["team"]["mates"] == ["Person s3"]
    assert teamwork.captain(play.state, "t1") == "s3"


def test_a_class_of_three_hundred_behind_one_address_is_not_an_attack(
    site: TestClient, trainer: Trainer
) -> None:
    """All mistype the code once, all join, all answer twice, all open the page on two devices."""
    for _ in range(300):
        body = {"code": "QQQQ", "name": "x", "key": KEY}
        assert site.post("/api/drill/join", json=body).status_code == 404
    seats = []
    for n in range(300):
        reply = ask(site, trainer, f"Person {n}", f"{KEY}-{n}", f"device-number-{n}")
        assert reply.status_code == 200, reply.text
        seats.append(reply.json())
    trainer.start()
    trainer.extend(600)
    for n, seat in enumerate(seats):
        for again in (1, 2):
            reply = answer(site, seat, "yes", n=again, key=f"{KEY}-{n}-{again}")
            assert reply.status_code == 200, reply.text
        assert view(site, seat)["step"]["answer"]["n"] == 2
        body = {"code": trainer.state.code, "seat_code": seat["seat_code"]}
        assert site.post("/api/drill/rejoin", json=body).status_code == 200
    trainer.refresh()
    assert len(trainer.state.answered(0)) == 300


def test_guessing_codes_and_flooding_are_slowed_down(site: TestClient, trainer: Trainer) -> None:
    statuses = [
        site.post("/api/drill/join", json={"code": "QQQQ", "name": "x", "key": KEY}).status_code
        for _ in range(700)
    ]
    assert statuses[:600] == [404] * 600 and set(statuses[610:]) == {429}
    assert ask(site, trainer, "x", KEY).status_code == 429, "a right guess is not told either"


def test_one_seat_cannot_flood(site: TestClient, trainer: Trainer) -> None:
    loud, quiet = join(site, trainer, "Loud", KEY + "1"), join(site, trainer, "Quiet", KEY + "2")
    trainer.start()
    sent = [answer(site, loud, "yes", n, f"{KEY}-{n}").status_code for n in range(60)]
    assert sent[:40] == [200] * 40 and 429 in sent
    looked = [site.get("/api/drill/view", params={"token": loud["token"]}).status_code
              for _ in range(120)]  # fmt: skip
    assert looked[0] == 200 and 429 in looked
    assert answer(site, quiet, "no").status_code == 200 and view(site, quiet)["status"] == "running"


def test_a_seat_is_kept_up_to_date_on_some_pages_and_not_on_hundreds(trainer: Trainer) -> None:
    async def opened() -> None:
        service = DrillService(lambda: trainer.log)
        seat = await service.join(trainer.state.code, "Loud", KEY, "here")
        streams = []
        for _ in range(MOST_STREAMS):
            streams.append(await service.listen(seat["token"]))
            assert (await anext(streams[-1]))["status"] == "lobby"  # type: ignore[index]
        with pytest.raises(Refused, match="open too often"):
            await service.listen(seat["token"])
        await streams.pop().aclose()  # type: ignore[attr-defined]
        streams.append(await service.listen(seat["token"]))
        for stream in streams:
            await stream.aclose()  # type: ignore[attr-defined]

    aside.run(opened())


def test_an_address_is_one_computer() -> None:
    assert whose("192.168.1.7") == whose("::ffff:192.168.1.7") == "192.168.1.7"
    assert whose("fe80::1%eth0") == whose("fe80::2") and whose("2001:db8:1::1") != whose(
        "2001:db8:2::1"
    )
    assert whose("testclient") == "testclient"


def test_what_is_held_up_or_covered_on_the_big_screen() -> None:
    play = Play().add(10, "started")
    for _ in range(5):
        play.add(20, "moved", {"from": play.state.step, "to": play.state.step + 1})
    written = {"step": 5, "n": 1, "response": {"text": "<b>smuggling</b>"}}
    play.add(21, "answered", written, "s1")
    play.add(22, "highlighted", {"step": 5, "seat": "s1"})
    assert "highlight" not in projector_view(play.state, 23)["step"], "not while others write"
    play.add(24, "closed", {"step": 5})
    shown = projector_view(play.state, 25)
    assert shown["step"]["highlight"] == {"text": "<b>smuggling</b>"}
    assert "Person s1" not in str(shown)
    play.add(26, "curtained", {"on": True})
    covered = projector_view(play.state, 27)
    assert covered["curtain"] is True and "step" not in covered
    play.add(28, "removed", {}, "s1").add(29, "curtained", {"on": False})
    assert "highlight" not in projector_view(play.state, 30)["step"], "who is out is not quoted"
    play.add(31, "moved", {"from": 5, "to": 0}).add(32, "highlighted", {"step": 5, "seat": "s1"})
    assert play.state.highlight == {}
    play.add(33, "closed", {"step": 0}).add(34, "highlighted", {"step": 0, "option": "no"})
    assert projector_view(play.state, 35)["step"]["highlight"] == {"option": "no"}
