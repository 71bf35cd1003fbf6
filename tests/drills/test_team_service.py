"""A case drill for teams over HTTP: votes, captains, what is refused, what is said again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.drills import DrillLog, Trainer, open_script
from crossings.drills.casework import playing
from crossings.drills.routes import drill_routes
from crossings.workspace import Workspace
from tests.drills import team_room
from tests.drills.test_case_state import APART, BOTH, GO
from tests.drills.test_service import join, view

KEY = "0123456789abcdef"


class Site:
    def __init__(self, workspace: Workspace) -> None:
        self.log = DrillLog(workspace.drill_log)
        plan = team_room.case(names=["Red", "Blue"])
        self.trainer = Trainer(self.log, open_script(self.log, plan))
        self.client = TestClient(Starlette(routes=drill_routes(None, workspace)))

    def send(
        self, seat: dict[str, Any], step: object, response: Any, key: str = KEY, **more: Any
    ) -> Any:
        body = {"token": seat["token"], "step": step, "response": response, "n": 1, "key": key}
        return self.client.post("/api/drill/answer", json=body | more)


@pytest.fixture
def site(tmp_path: Any) -> Iterator[Site]:
    made = Site(Workspace(tmp_path))
    with made.client:
        yield made
    made.log.close()


def test_a_team_votes_and_its_captain_decides(site: Site) -> None:
    people = [join(site.client, site.trainer, n, KEY + n) for n in ("Amina", "Bela", "Chipo")]
    leader, other, mate = people
    assert site.send(leader, 0, GO, decide=True).status_code == 409, "not started"
    site.trainer.start()
    time.sleep(0.7)
    assert site.send(mate, 0, GO, decide=True).json()["error"] == "captain"
    assert site.send(leader, 0, GO).json()["error"] == "captain", "nothing to vote on"
    for _ in range(2):  # the second time the acknowledgement was lost
        assert site.send(leader, 0, GO, decide=True).json()["saved"] is True
    early = site.send(leader, 1, APART, KEY + "1", decide=True)
    assert early.status_code == 409 and "still voting" in early.json()["message"]
    assert site.send(leader, 1, APART, KEY + "2").status_code == 200
    assert site.send(mate, 1, {"action": "choose", "choice": "x"}).status_code == 400
    assert view(site.client, mate)["step"]["voted"] == 1
    assert "split" not in view(site.client, mate)["step"]
    assert site.send(mate, 1, BOTH, KEY + "3").status_code == 200
    assert site.send(mate, 1, APART, KEY + "3").status_code == 200, "the first of a key stands"
    assert view(site.client, leader)["step"]["may"] and view(site.client, mate)["step"]["tie"]
    assert site.send(leader, 1, BOTH, KEY + "4", decide=True).status_code == 200
    assert site.send(mate, 1, BOTH, KEY + "5").json()["error"] == "moved-on"
    # A vote that counted is acknowledged also when its turn is long decided.
    assert site.send(mate, 1, BOTH, KEY + "3").json()["saved"] is True
    site.trainer.refresh()
    assert playing(site.trainer.state, "t1").state.chosen == {"first": "both"}
    assert view(site.client, other)["step"]["index"] == 0, "the other team is where it was"
    site.trainer.pause()
    time.sleep(0.7)
    assert site.send(other, 0, GO, decide=True).json()["error"] == "not-open"


def test_a_restarted_site_has_teams_votes_and_turns_back(site: Site, tmp_path: Any) -> None:
    leader = join(site.client, site.trainer, "Amina", KEY + "a")
    join(site.client, site.trainer, "Björn", KEY + "b")
    mate = join(site.client, site.trainer, "Chipo", KEY + "c")
    site.trainer.start()
    time.sleep(0.7)
    site.send(leader, 0, GO, decide=True)
    site.send(mate, 1, APART, KEY + "1")
    again = TestClient(Starlette(routes=drill_routes(None, Workspace(tmp_path))))
    with again:
        shown = view(again, mate)
        assert shown["you"]["team"]["name"] == "Red" and shown["step"]["answer"]["n"] == 1
        late = join(again, site.trainer, "Dau", KEY + "d")
        assert view(again, late)["you"]["team"]["name"] == "Blue"
        assert view(again, late)["step"]["index"] == 0
