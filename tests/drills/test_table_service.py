"""A tabletop drill over HTTP: who sees what, what is refused, and a server that is killed."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.curriculum.model import Teams
from crossings.drills import DrillLog, Script, Trainer, fold, frozen, open_script
from crossings.drills.log import Draft, Event
from crossings.drills.news import merged
from crossings.drills.routes import drill_routes
from crossings.drills.service import DrillService
from crossings.drills.tablework import play_at, unmanned
from crossings.drills.views import participant_view, projector_view
from crossings.workspace import Workspace
from tests import aside
from tests.drills import table_room
from tests.drills.site_process import outlived, serve
from tests.drills.test_service import join, view
from tests.serving import free_port

KEY = "0123456789abcdef"
Seats = dict[str, dict[str, Any]]


class Site:
    def __init__(self, workspace: Workspace, plan: Script | None = None) -> None:
        self.log = DrillLog(workspace.drill_log)
        self.trainer = Trainer(self.log, open_script(self.log, plan or table_room.small_plan()))
        self.client = TestClient(Starlette(routes=drill_routes(None, workspace)))

    def send(self, seat: dict[str, Any], key: str = KEY, **response: Any) -> httpx.Response:
        body = {"token": seat["token"], "step": 1, "response": response, "n": 1, "key": key}
        return self.client.post("/api/drill/answer", json=body)

    def seats(self) -> Seats:
        """One person for each role, in the order of the file."""
        roles = ("coast", "child", "press")
        return {
            r: join(self.client, self.trainer, f"Name of {r}", f"{KEY}{n}")
            for n, r in enumerate(roles)
        }

    def table(self, seat: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.65)
        return view(self.client, seat)["table"]


@contextmanager
def led(made: Site) -> Iterator[Site]:
    with made.client:
        yield made
    made.log.close()


@pytest.fixture
def site(tmp_path: Any) -> Iterator[Site]:
    with led(Site(Workspace(tmp_path))) as made:
        yield made


def test_a_role_reads_its_inbox_and_writes_to_another(site: Site) -> None:
    seats = site.seats()
    site.trainer.start()
    shown = site.table(seats["coast"])
    assert [r["name"] for r in shown["roles"]] == ["Coast Guard"]
    assert [m["title"] for m in shown["inbox"]] == ["A call"]
    assert shown["inbox"][0]["from"] == "Radio" and shown["running"]
    told = site.send(seats["coast"], kind="sent", role="coast", to=["child"], text="A boy!\u0000")
    assert told.json() == {"saved": True, "step": 1, "n": 1, "stands": True}
    assert [m["text"] for m in site.table(seats["child"])["inbox"]] == ["A boy!"]
    assert site.table(seats["press"])["inbox"] == []


def test_sent_again_is_the_same_act(site: Site) -> None:
    seats = site.seats()
    site.trainer.start()
    for _ in range(3):
        reply = site.send(seats["coast"], kind="did", role="coast", action="send-boat")
        assert reply.status_code == 200
    again = site.send(seats["coast"], KEY + "9", kind="did", role="coast", action="send-boat")
    assert again.status_code == 400 and "already" in again.json()["message"]
    assert [m["kind"] for m in site.table(seats["coast"])["inbox"]] == ["inject", "action"]


def test_what_was_taken_back_is_still_acknowledged(site: Site) -> None:
    """A page that lost the acknowledgement must not do it a second time in another history."""
    seats = site.seats()
    site.trainer.start()
    site.trainer.skip(3)
    act = {"kind": "did", "role": "coast", "action": "send-boat"}
    assert site.send(seats["coast"], **act).status_code == 200
    site.trainer.rewind(2)
    assert site.send(seats["coast"], **act).status_code == 200
    assert [m["kind"] for m in site.table(seats["coast"])["inbox"]] == ["inject"]


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"kind": "ended"},
        {"kind": "skipped", "role": "coast", "to": 9},
        {"kind": "sent", "role": "press", "to": ["coast"], "text": "not my role"},
        {"kind": "sent", "role": ["coast"], "to": ["press"], "text": "x"},
        {"kind": "sent", "role": "coast", "to": [], "text": "x"},
        {"kind": "sent", "role": "coast", "to": ["coast"], "text": "x"},
        {"kind": "sent", "role": "coast", "to": [{"a": 1}], "text": "x"},
        {"kind": "sent", "role": "coast", "to": ["press"], "text": " \u0007 "},
        {"kind": "sent", "role": "coast", "to": ["press"], "text": "x" * 2001},
        {"kind": "sent", "role": "coast", "to": ["press"], "text": 3},
        {"kind": "did", "role": "coast", "action": "visit"},
        {"kind": "did", "role": "coast", "action": ["send-boat"]},
        {"kind": "did", "role": "coast", "action": "nothing"},
        {"kind": "filed", "role": "coast", "form": "line", "fields": {"text": "x"}},
        {"kind": "filed", "role": "coast", "form": "report", "fields": {}},
        {"kind": "filed", "role": "coast", "form": "report", "fields": {"people": "many"}},
        {"kind": "filed", "role": "coast", "form": "report", "fields": [1]},
    ],
    ids=str,
)
def test_what_a_role_may_not_do_is_refused_and_not_logged(
    site: Site, response: dict[str, Any]
) -> None:
    seats = site.seats()
    site.trainer.start()
    before = len(site.log.since(site.trainer.state.run))
    reply = site.send(seats["coast"], **response)
    assert reply.status_code == 400 and len(reply.json()["message"]) > 10
    assert len(site.log.since(site.trainer.state.run)) == before


def test_nothing_is_taken_before_the_start_and_after_the_end(site: Site) -> None:
    seats = site.seats()
    act = {"kind": "sent", "role": "coast", "to": ["press"], "text": "x"}
    assert site.send(seats["coast"], **act).status_code == 409
    site.trainer.start()
    site.trainer.end()
    time.sleep(0.65)
    assert site.send(seats["coast"], **act).status_code == 409


def test_a_message_that_was_on_its_way_is_taken_in_a_pause(site: Site) -> None:
    seats = site.seats()
    site.trainer.start()
    site.trainer.pause()
    reply = site.send(seats["coast"], kind="sent", role="coast", to=["press"], text="Late")
    assert reply.status_code == 200
    site.trainer.resume()
    assert [m["text"] for m in site.table(seats["press"])["inbox"]] == ["Late"]


def test_no_page_knows_what_it_should_not(site: Site) -> None:
    seats = site.seats()
    site.trainer.start()
    site.send(seats["coast"], kind="did", role="coast", action="wait")
    site.send(seats["press"], KEY + "8", kind="sent", role="press", to=["coast"], text="hush hush")
    site.trainer.give_level("coast", "clear", 2, "too late")
    site.trainer.skip(26)
    time.sleep(0.65)
    for role, seat in seats.items():
        shown = json.dumps(view(site.client, seat))
        for secret in ("harmful", "Life first", "milestone", "boat-out", "too late", "It rises"):
            assert secret not in shown
        others = [r for r in seats if r != role]
        assert not any(f"Name of {o}" in shown for o in others)
        assert ("hush hush" in shown) == (role in ("press", "coast"))
        assert ("You have one boat" in shown) == (role == "coast")
    wall = json.dumps(projector_view(site.trainer.state, time.time()))
    assert "hush" not in wall and "Name of" not in wall and "A boat was seen" in wall


def test_an_inject_reaches_an_open_page_without_an_event(site: Site) -> None:
    """The stream tells of what time brings; nobody writes it into the log."""
    run, seat = site.trainer.state.run, join(site.client, site.trainer)
    # The start lies so far back that the public news is due in a moment.
    at = time.time() - 5 * 60 + 4
    site.log.append([Draft(run, "started", "started", {}, at=at)])
    before = len(site.log.since(run))

    async def listening() -> list[tuple[float, list[str]]]:
        service, heard = DrillService(lambda: site.log), list[tuple[float, list[str]]]()
        shown: dict[str, Any] | None = None
        async for told in await service.listen(seat["token"]):
            if told is not None:
                shown = merged(shown, told)
                assert shown is not None
                titles = [m["title"] for m in shown["table"]["inbox"]]
                heard.append((time.time() - at, titles))
            if heard and "On the radio" in heard[-1][1]:
                return heard
        raise AssertionError("the stream ended")

    heard = aside.run(asyncio.wait_for(listening(), 60))
    assert [titles for _, titles in heard] == [["A call"], ["A call", "On the radio"]]
    assert heard[-1][0] >= 300
    assert len(site.log.since(run)) == before


def test_a_step_that_opens_with_the_clock_is_news() -> None:
    """Nothing is written when time opens it, and the page still changes."""
    plan = table_room.small_plan()
    assert plan.tabletop is not None
    wait = plan.tabletop.actions["wait"].model_copy(update={"when": "clock >= 3"})
    actions = {**plan.tabletop.actions, "wait": wait}
    plan = plan.model_copy(
        update={"tabletop": plan.tabletop.model_copy(update={"actions": actions})}
    )
    events = [("opened", {"ref": "", "title": "", "kind": "tabletop", "code": "A", "secret": "s",
                          "projector": "p"}),
              ("script", {"script": plan.model_dump(mode="json", exclude_defaults=True)}),
              ("joined", {"name": "A", "code": "AAAAAA"}), ("started", {})]  # fmt: skip
    state = fold(
        Event("run", n, 1000.0, "s1" if kind == "joined" else "", kind, kind, payload)
        for n, (kind, payload) in enumerate(events, 1)
    )
    views = [participant_view(state, "s1", 1000.0 + t) for t in (1, 179.9, 180.1)]
    assert [len(v["table"]["actions"]) for v in views] == [3, 3, 4]
    assert views[0]["version"] == views[1]["version"] != views[2]["version"]


def test_roles_that_nobody_plays_go_to_those_who_are_there(site: Site) -> None:
    join(site.client, site.trainer, "Only one", KEY)
    site.trainer.refresh()
    assert unmanned(site.trainer.state) == ["child", "press"]
    site.trainer.start()
    state = site.trainer.state
    assert unmanned(state) == [] and [t.roles for t in state.teams.values()] == [
        ("coast", "child", "press")
    ]
    late = join(site.client, site.trainer, "Late", KEY + "late")
    assert [r["name"] for r in site.table(late)["roles"]] == [
        "Coast Guard", "Child Protection", "Press office"
    ]  # fmt: skip


def test_only_captains_send_where_the_file_says_so(tmp_path: Any) -> None:
    plan = table_room.small_plan()
    teams = Teams(roles=tuple(plan.tabletop.roles), by="captain")  # type: ignore[union-attr]
    with led(Site(Workspace(tmp_path), plan.model_copy(update={"teams": teams}))) as site:
        seats = site.seats()
        mate = join(site.client, site.trainer, "A mate", KEY + "mate")
        site.trainer.start()
        shown = view(site.client, mate)["you"]["team"]
        assert shown["decides"] and not shown["leads"] and shown["captain"] == "Name of coast"
        act = {"kind": "sent", "role": "coast", "to": ["child"], "text": "A boy"}
        refused = site.send(mate, KEY + "1", **act)
        assert refused.status_code == 403 and "captain" in refused.json()["message"]
        assert site.send(seats["coast"], KEY + "2", **act).status_code == 200
        site.trainer.refresh()
        site.trainer.make_captain(mate["seat"])
        time.sleep(0.65)
        assert site.send(mate, KEY + "3", **act).status_code == 200
        # A captain who was replaced a moment before: the fold has the last word.
        run, late = site.trainer.state.run, {"role": "coast", "to": ["child"], "text": "Too late"}
        site.log.append([Draft(run, "sent", "act:late", late, seats["coast"]["seat"])])
        site.trainer.refresh()
        told = [e.text for e in play_at(site.trainer.state, time.time()).entries
                if e.kind == "message"]  # fmt: skip
        assert told == ["A boy", "A boy"]


def test_the_end_tells_what_was_reached_and_why(site: Site) -> None:
    seats = site.seats()
    site.trainer.start()
    site.send(seats["coast"], kind="did", role="coast", action="send-boat")
    site.trainer.switch("calm", True)
    site.trainer.give_level("coast", "clear", 0, "Short.")
    site.trainer.end()
    time.sleep(0.65)
    shown = view(site.client, seats["coast"])
    final = shown["final"]["table"]
    assert [m["standing"] for m in final["milestones"]] == ["met", "missed", "missed", "met"]
    assert final["own"][0]["grade"] == "good" and final["own"][0]["reason"] == "Life."
    assert final["scores"][0]["level"] == "Yes" and shown["you"]["points"] == 2
    other = view(site.client, seats["press"])["final"]["table"]
    assert other["own"] == [] and other["scores"] == []
    wall = projector_view(site.trainer.state, time.time())
    assert wall["room"]["met"] == 2


def test_a_drill_of_an_old_log_still_folds(site: Site) -> None:
    site.trainer.start()
    events = site.log.since(site.trainer.state.run)
    assert fold(events).status == "running" and fold(events) == fold(events)


class Player(threading.Thread):
    """A phone that sends messages until each is acknowledged, and remembers which were."""

    def __init__(self, base: str, seat: dict[str, Any], role: str, to: str) -> None:
        super().__init__()
        self.base, self.seat, self.role, self.to = base, seat, role, to
        self.book: list[str] = []

    def run(self) -> None:
        chance = Random(self.role)
        for number in range(25):
            text = f"{self.role} {number}"
            response = {"kind": "sent", "role": self.role, "to": [self.to], "text": text}
            body = {"token": self.seat["token"], "step": number, "response": response, "n": 1,
                    "key": f"key-of-{self.role}-{number}"}  # fmt: skip
            while True:
                try:
                    reply = httpx.post(f"{self.base}/api/drill/answer", json=body, timeout=3)
                except httpx.HTTPError:
                    time.sleep(0.05)
                    continue
                if reply.status_code == 200:
                    break
                assert reply.status_code in (429, 503), reply.text
                time.sleep(0.1)
            self.book.append(text)
            time.sleep(chance.random() * 0.1)


def test_sigkill_in_the_middle_loses_and_doubles_no_acknowledged_message(tmp_path: Any) -> None:
    workspace = Workspace(tmp_path)
    port, log = free_port(), DrillLog(workspace.drill_log)
    trainer = Trainer(log, open_script(log, table_room.small_plan()))
    site = serve(workspace, port)
    base, roles = f"http://127.0.0.1:{port}", ("coast", "child", "press")
    players = []
    for number, role in enumerate(roles):
        body = {"code": trainer.state.code, "name": role, "key": f"{KEY}{number}"}
        seat = httpx.post(f"{base}/api/drill/join", json=body).json()
        players.append(Player(base, seat, role, roles[(number + 1) % 3]))
    trainer.refresh()
    trainer.start()
    outlived(site, workspace, port, players, every=0.7)
    state = fold(log.since(trainer.state.run))
    entries = play_at(state, time.time()).entries
    for player in players:
        told = [e.text for e in entries if e.kind == "message" and e.by == player.role]
        assert told == player.book and len(player.book) == 25
    log.close()


def test_a_snapshot_of_an_exercise_is_the_fold(site: Site) -> None:
    seats = site.seats()
    site.trainer.start()
    site.send(seats["coast"], kind="did", role="coast", action="send-boat")
    site.send(seats["coast"], KEY + "5", kind="sent", role="coast", to=["child"], text="A boy")
    site.trainer.skip(9)
    state = fold(site.log.since(site.trainer.state.run))
    begun = fold(site.log.first(state.run, 2))
    again = frozen.from_json(json.loads(json.dumps(frozen.to_json(state))), begun)
    assert again == state
    now = time.time()
    assert play_at(again, now).entries == play_at(state, now).entries
