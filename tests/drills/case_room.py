"""Case drills for tests: scripts of any case, and a driver that plays through real drill events."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crossings.cases import Case, document
from crossings.curriculum.cases import find_case, references
from crossings.drills import Draft, DrillLog, Script, Trainer, open_script
from crossings.drills.casework import ROOM, playing
from crossings.workspace import ROOT
from tests.reading import read_yaml

SMALL = Path(__file__).parent.parent / "cases" / "small.yml"
SEATS = ("s1", "s2", "s3")


@functools.cache
def small() -> Case:
    """A case with every kind of node, delayed rules, guards and caps."""
    return Case.model_validate(read_yaml(SMALL))


@functools.cache
def shipped() -> dict[str, tuple[Case, dict[str, Any]]]:
    """Every case of the course, with its document."""
    found = {}
    for ref in references(ROOT):
        case = find_case(ref, ROOT)
        found[ref] = (case.case, case.doc)
    return found


def plan(doc: dict[str, Any], decide: str, seconds: int = 60) -> Script:
    return Script.model_validate(
        {
            "ref": f"demo/{doc['id']}", "kind": "case", "title": doc["title"], "intro": "Together.",
            "minutes": 30, "objectives": {o: f"Objective {o}" for o in doc["objectives"]},
            "case": {"decide": decide, "seconds": seconds, "doc": doc},
        }
    )  # fmt: skip


def small_plan(decide: str, seconds: int = 60) -> Script:
    return plan(document(small()), decide, seconds)


class Class:
    """A started drill in a log, with three people in it."""

    def __init__(self, log: DrillLog, script: Script, seats: Iterable[str] = SEATS) -> None:
        self.log = log
        self.trainer = Trainer(log, open_script(log, script))
        self.run = self.trainer.state.run
        for seat in seats:
            self.add("joined", {"name": f"Person {seat}", "code": seat.upper()}, seat)
        self.trainer.start()

    def add(self, kind: str, payload: dict[str, Any], seat: str = "", key: str = "") -> None:
        key = key or secrets.token_hex(8)
        self.log.append([Draft(self.run, kind, key, payload, seat)])
        self.trainer.refresh()

    def vote(self, seat: str, action: dict[str, Any], n: int = 1, step: int | None = None) -> None:
        self.trainer.refresh()
        index = self.trainer.state.step if step is None else step
        self.add("answered", {"step": index, "n": n, "response": action}, seat)

    def act(self, seat: str, action: dict[str, Any]) -> None:
        number = playing(self.trainer.state, seat).state.seq
        self.add("acted", {"step": number, "response": action}, seat)

    def play(self, decide: str, actions: Iterable[dict[str, Any]], seat: str = "s1") -> None:
        """Move by move: two of three vote for it and the vote is taken; or a seat makes it."""
        for action in actions:
            bare = {k: v for k, v in action.items() if k not in ("node", "seq", "at")}
            if decide == "each":
                self.act(seat, bare)
                continue
            if playing(self.trainer.state, ROOM).votes:
                self.vote("s1", bare)
                self.vote("s3", bare)
            if bare["action"] == "write":
                self.trainer.take(bare)
            else:
                assert self.trainer.take_votes(), action
