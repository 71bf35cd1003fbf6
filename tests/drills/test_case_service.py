"""A case drill over HTTP: votes, own moves, what is refused; and a server that is killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.cases import replay
from crossings.cases.plays import moves
from crossings.drills import DrillLog, Trainer, fold, open_script
from crossings.drills.casework import ROOM, begun, playing, traces
from crossings.drills.routes import drill_routes
from crossings.workspace import Workspace
from tests.drills import case_room
from tests.drills.site_process import outlived, serve
from tests.drills.test_service import join, view
from tests.serving import free_port

KEY = "0123456789abcdef"


class Site:
    def __init__(self, workspace: Workspace, decide: str) -> None:
        self.log = DrillLog(workspace.drill_log)
        plan = case_room.small_plan(decide)
        self.trainer = Trainer(self.log, open_script(self.log, plan))
        self.client = TestClient(Starlette(routes=drill_routes(None, workspace)))

    def send(self, seat: dict[str, Any], step: object, response: Any, key: str = KEY, n: int = 1):  # type: ignore[no-untyped-def]
        body = {"token": seat["token"], "step": step, "response": response, "n": n, "key": key}
        return self.client.post("/api/drill/answer", json=body)


@pytest.fixture
def room(workspace: Workspace) -> Iterator[Site]:
    yield from opened(workspace, "room")


@pytest.fixture
def each(workspace: Workspace) -> Iterator[Site]:
    yield from opened(workspace, "each")


@pytest.fixture
def workspace(tmp_path: Any) -> Workspace:
    return Workspace(tmp_path)


def opened(workspace: Workspace, decide: str) -> Iterator[Site]:
    site = Site(workspace, decide)
    with site.client:
        yield site
    site.log.close()


def test_a_vote_counts_until_it_is_closed_and_the_trainer_takes_it(room: Site) -> None:
    seat = join(room.client, room.trainer)
    room.trainer.start()
    time.sleep(0.7)
    assert view(room.client, seat)["step"]["scene"]["kind"] == "scene"
    early = room.send(seat, 0, {"action": "continue"})
    assert early.status_code == 400 and "trainer goes on" in early.json()["message"]
    room.trainer.take({"action": "continue"})
    time.sleep(0.7)
    apart, both = ({"action": "choose", "choice": c} for c in ("apart", "both"))
    assert room.send(seat, 1, both).status_code == 200
    assert room.send(seat, 1, apart, KEY + "2", n=2).json()["stands"] is True
    assert room.send(seat, 1, both).json() == {"saved": True, "step": 1, "n": 1, "stands": False}
    shown = view(room.client, seat)["step"]
    assert shown["answer"]["response"] == apart and "split" not in shown
    room.trainer.reveal()
    late = room.send(seat, 1, both, KEY + "3", n=3)
    assert late.status_code == 409 and late.json()["error"] == "late"
    assert room.trainer.take_votes()
    time.sleep(0.7)
    shown = view(room.client, seat)["step"]
    assert shown["last"]["taken"][0]["text"] == "Lead her to a room of her own"
    assert shown["scene"]["news"][0]["consequence"] == "She sits down."
    assert shown["scene"]["kind"] == "interview"


@pytest.mark.parametrize(
    "response",
    [None, {}, [], "x", {"action": None}, {"action": "choose"}, {"action": "continue"},
     {"action": "choose", "choice": {"x": 1}}, {"action": "choose", "choice": "nowhere"},
     {"action": "rewind", "to": 1}, {"action": "sort", "pairs": {"2": "home"}},
     {"action": "write", "text": "y" * 30}],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("decide", ["room", "each"])
def test_what_the_case_does_not_allow_is_refused_and_not_logged(
    decide: str, response: object, workspace: Workspace
) -> None:
    for site in opened(workspace, decide):
        seat = join(site.client, site.trainer)
        site.trainer.start()
        if decide == "room":
            site.trainer.take({"action": "continue"})
        else:
            assert site.send(seat, 0, {"action": "continue"}).status_code == 200
        before = len(site.log.since(site.trainer.state.run))
        reply = site.send(seat, 1, response, KEY + "x")
        assert reply.status_code == 400, reply.text
        assert len(site.log.since(site.trainer.state.run)) == before


def test_only_the_field_of_the_action_enters_the_log(each: Site) -> None:
    seat = join(each.client, each.trainer)
    each.trainer.start()
    extra = {"action": "continue", "node": "memo", "points": 99, "choice": "x", "text": "y"}
    assert each.send(seat, 0, extra).status_code == 200
    event = each.log.since(each.trainer.state.run)[-1]
    assert event.payload == {"step": 0, "response": {"action": "continue"}}


def test_a_move_is_made_once_however_often_it_is_sent(each: Site) -> None:
    seat = join(each.client, each.trainer)
    before = each.send(seat, 0, {"action": "continue"})
    assert before.status_code == 409 and before.json()["error"] == "not-open"
    each.trainer.start()
    time.sleep(0.2)
    first = each.send(seat, 0, {"action": "continue"})
    assert first.status_code == 200
    assert each.send(seat, 0, {"action": "continue"}).json() == first.json()
    other = each.send(seat, 0, {"action": "continue"}, "another-device-key")
    assert other.status_code == 409 and other.json()["error"] == "moved-on"
    ahead = each.send(seat, 7, {"action": "continue"}, "a-key-from-ahead")
    assert ahead.status_code == 409
    each.trainer.refresh()
    assert [e.kind for e in each.log.since(each.trainer.state.run)].count("acted") == 1
    each.trainer.pause()
    held = each.send(seat, 1, {"action": "choose", "choice": "apart"}, "a-key-in-a-pause")
    assert held.status_code == 409
    # Its acknowledgement was lost: it is given again, also in a pause.
    assert each.send(seat, 0, {"action": "continue"}).status_code == 200


def test_everybody_gets_their_own_debrief_at_the_end(each: Site) -> None:
    ann, ben = (join(each.client, each.trainer, n, f"key-of-{n}-xx") for n in ("Ann", "Ben"))
    each.trainer.start()
    time.sleep(0.2)
    for seat, choice in ((ann, "apart"), (ben, "both")):
        each.send(seat, 0, {"action": "continue"})
        each.send(seat, 1, {"action": "choose", "choice": choice}, KEY + choice)
    each.trainer.end()
    time.sleep(0.7)
    good, bad = view(each.client, ann)["final"], view(each.client, ben)["final"]
    assert good["well"][0]["reason"] == "A private place is safer." and not good["went_wrong"]
    assert bad["went_wrong"][0]["grade"] == "harmful" and bad["caps"]


def test_loss_repetition_and_order_over_http_lead_to_the_same_plays(each: Site) -> None:
    chance = Random(7)
    seats = {n: join(each.client, each.trainer, n, f"key-of-{n}-xx") for n in ("Ann", "Ben")}
    each.trainer.start()
    time.sleep(0.2)
    wanted = {"Ann": random_moves(each, "a"), "Ben": random_moves(each, "b")}
    made = dict.fromkeys(seats, 0)
    while any(made[n] < len(wanted[n]) for n in seats):
        name = chance.choice([n for n in seats if made[n] < len(wanted[n])])
        number = made[name] if chance.random() < 0.6 else chance.randrange(made[name] + 1)
        reply = each.send(
            seats[name], number, wanted[name][number], f"the-key-{number}", n=number + 1
        )
        if reply.status_code == 429:
            time.sleep(float(reply.headers["retry-after"]))
            continue
        assert reply.status_code == 200, reply.text
        lost = chance.random() < 0.3  # the acknowledgement; the page sends it again
        made[name] += number == made[name] and not lost
    each.trainer.refresh()
    for name, seat in seats.items():
        play = playing(each.trainer.state, seat["seat"])
        kept = [{k: v for k, v in e.items() if k not in ("seq", "at", "node")} for e in play.events]
        assert kept == wanted[name]


def random_moves(site: Site, seed: str) -> list[dict[str, Any]]:
    play, chance, found = playing(site.trainer.state, "nobody"), Random(seed), []
    while not play.over:
        move = chance.choice(moves(play.part.doc, play.state, chance))
        found.append({k: v for k, v in move.items() if k != "node"})
        play = play.moved(found[-1], 0)
    return found


class Player(threading.Thread):
    """Plays the case alone, sending each move until it is acknowledged; keeps a book of those."""

    def __init__(self, base: str, code: str, name: str) -> None:
        super().__init__()
        self.base, self.code, self.label = base, code, name
        self.book: list[dict[str, Any]] = []
        self.seat: dict[str, str] = {}

    def run(self) -> None:
        chance = Random(self.label)
        with httpx.Client(base_url=self.base, timeout=3) as client:
            joining = {"code": self.code, "name": self.label, "key": f"join-{self.label}"}
            self.seat = self.sent(client, "join", joining)
            plan = case_room.small_plan("each")
            assert plan.case is not None
            play = begun(plan.case, self.seat["run"])
            while not play.over:
                move = chance.choice(moves(play.part.doc, play.state, chance))
                action = {k: v for k, v in move.items() if k != "node"}
                number = play.state.seq
                body = {"token": self.seat["token"], "step": number, "response": action, "n": 1}
                self.sent(client, "answer", body | {"key": f"{self.label}-{number:04d}"})
                self.book.append(action)
                play = play.moved(action, 0)
                time.sleep(0.25)

    def sent(self, client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, str]:
        while True:
            try:
                reply = client.post(f"/api/drill/{path}", json=body)
                if reply.status_code == 200:
                    return dict(reply.json())
                assert reply.status_code in (429, 503), reply.text
            except httpx.HTTPError:
                pass
            time.sleep(0.1)


def test_sigkill_in_the_middle_loses_and_doubles_no_acknowledged_move(workspace: Workspace) -> None:
    port, log = free_port(), DrillLog(workspace.drill_log)
    trainer = Trainer(log, open_script(log, case_room.small_plan("each")))
    trainer.start()
    players = [Player(f"http://127.0.0.1:{port}", trainer.state.code, f"player-{i}")
               for i in range(6)]  # fmt: skip
    outlived(serve(workspace, port), workspace, port, players, every=0.8)
    state = fold(log.since(trainer.state.run))
    keys = [e.key for e in log.since(trainer.state.run)]
    assert len(keys) == len(set(keys))
    for player in players:
        play = playing(state, player.seat["seat"])
        kept = [{k: v for k, v in e.items() if k not in ("seq", "at", "node")} for e in play.events]
        assert play.over and kept == player.book
    assert all(replay(case_room.small_plan("each").case.doc, t).finished for t in traces(state))  # type: ignore[union-attr]
    log.close()


def test_the_projector_gets_no_names_and_no_note(room: Site) -> None:
    seat = join(room.client, room.trainer, "Somebody Special")
    room.trainer.start()
    room.trainer.take({"action": "continue"})
    room.trainer.take({"action": "choose", "choice": "both"})
    time.sleep(0.7)
    assert playing(room.trainer.state, ROOM).kind == "note"
    wrote = room.send(seat, 2, {"action": "write", "text": "My own words\u0000\u200b"})
    assert wrote.status_code == 200
    room.trainer.reveal()
    time.sleep(0.7)
    key = {"key": room.trainer.state.projector_key}
    reply = room.client.get("/api/drill/projector", params=key)
    assert reply.json()["step"]["answered"] == 1
    assert "Somebody" not in reply.text and "own words" not in reply.text
