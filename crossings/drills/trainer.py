"""The trainer's hand: opens a drill and moves it on. Every act is one event in the log.

Nothing is remembered here that is not in the log, so a console can be closed and opened again, and
two consoles can lead the same drill. Acts name the step that they mean: a second press of "next",
or a late one from the other console, does nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crossings.curriculum.model import Course
from crossings.drills import snapshots
from crossings.drills.log import Draft, DrillLog, Event
from crossings.drills.names import cleaned, new_code
from crossings.drills.script import Script, script
from crossings.drills.state import DrillState
from crossings.drills.teamplay import agreed
from crossings.drills.votes import plurality

CODE_LENGTH = 4


def open_drill(log: DrillLog, course: Course, ref: str) -> str:
    """Open the lobby of drill `ref` and return the id of the run."""
    return open_script(log, script(course, ref))


def open_script(log: DrillLog, plan: Script, at: float | None = None) -> str:
    """As `open_drill`, for a script at hand; `at` is for rehearsals in another time."""
    code = new_code(CODE_LENGTH, {e.payload["code"] for e in log.openings()})
    moment = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    run = f"{moment:%Y%m%d-%H%M%S}-{code.lower()}"
    opened = {
        "ref": plan.ref,
        "title": plan.title,
        "kind": plan.kind,
        "code": code,
        "secret": secrets.token_hex(32),
        "projector": secrets.token_urlsafe(9),
    }
    content = {"script": plan.model_dump(mode="json", exclude_defaults=True)}
    log.append(
        [
            Draft(run, "opened", "opened", opened, at=at),
            Draft(run, "script", "script", content, at=at),
        ]
    )
    return run


def runs(log: DrillLog) -> list[Event]:
    """The opening of every drill in the log, the newest first."""
    return log.openings()


class Trainer:
    """Leads one run. `state` follows the log when `refresh` is called, and after every act."""

    def __init__(self, log: DrillLog, run: str) -> None:
        self.log = log
        self.state: DrillState = snapshots.resumed(log, run)
        if self.state.script is None:
            raise KeyError(f"There is no drill `{run}` in the log.")

    def refresh(self) -> bool:
        """Take in what is new; True if anything was."""
        news = self.log.since(self.state.run, self.state.seq)
        for event in news:
            self.state.apply(event)
        if any(event.kind == "forgotten" for event in news):
            self.state = snapshots.resumed(self.log, self.state.run)
        return bool(news)

    def start(self) -> None:
        self._act("started", {}, key="started")

    def pause(self) -> None:
        self._act("paused", {})

    def resume(self) -> None:
        self._act("resumed", {})

    def extend(self, seconds: int = 30) -> None:
        """More time for everybody; opens the step again if its time is over."""
        self._act("extended", {"step": self.state.step, "seconds": seconds})

    def close(self) -> None:
        self._act("closed", {"step": self.state.step})

    def reveal(self) -> None:
        """Show the right answer and the reason to everybody."""
        self._act("revealed", {"step": self.state.step})

    def go(self, step: int) -> None:
        self._act("moved", {"from": self.state.step, "to": step})

    def forward(self) -> None:
        self.go(self.state.step + 1)

    def back(self) -> None:
        self.go(self.state.step - 1)

    def take(self, action: Mapping[str, Any], how: str = "trainer") -> None:
        """Case drill for the room: what the play does now, and on to the next turn.

        `how` is `vote` where the action is what most people voted for.
        """
        payload = {"step": self.state.step, "action": dict(action), "how": how}
        self._act("taken", payload)

    def take_votes(self) -> bool:
        """Take what most people voted for; False where nobody voted or a tie stands."""
        self.refresh()
        action = plurality(self.state, self.state.step)
        if action is not None:
            self.take(action, "vote")
        return action is not None

    # Tabletop

    def skip(self, minute: int) -> None:
        """Move the exercise forward to a minute; what lies between happens."""
        self._act("skipped", {"to": minute})

    def rewind(self, minute: int) -> None:
        """Go back to a minute; what came later is taken back and stays in the log."""
        self._act("rewound", {"to": minute})

    def inject(self, name: str) -> None:
        """Send an inject of the file now."""
        self._act("injected", {"inject": name})

    def improvise(self, to: Sequence[str] | str, title: str, text: str) -> None:
        """Send an inject that is thought of just now, to roles or to `all`."""
        wanted: Any = to if isinstance(to, str) else list(to)
        self._act("injected", {"to": wanted, "title": title, "text": text})

    def branch(self, name: str, way: str) -> None:
        """Choose how the story goes on."""
        self._act("branched", {"branch": name, "way": way})

    def switch(self, milestone: str, on: bool) -> None:
        """Say that a milestone is met, or that it is not."""
        self._act("switched", {"milestone": milestone, "on": on})

    def give_level(self, role: str, criterion: str, level: int, note: str = "") -> None:
        """Score a role by a criterion of the rubric; the last score counts."""
        payload = {"role": role, "criterion": criterion, "level": level, "note": note}
        self._act("scored", payload)

    def end(self) -> None:
        self._act("ended", {}, key="ended")

    def rename(self, seat: str, name: str) -> None:
        wanted = cleaned(name)
        if wanted:
            self._act("renamed", {"name": wanted}, seat=seat)

    def remove(self, seat: str) -> None:
        """Take a person out of the room; their page says so, and the seat is closed."""
        self._act("removed", {}, seat=seat)

    def block(self, seat: str) -> None:
        """Take a person out for good: neither seat code nor device comes in again."""
        self._act("blocked", {}, seat=seat)

    def readmit(self, seat: str) -> None:
        """Let somebody in again who was removed or blocked, with all that they had."""
        self._act("readmitted", {}, seat=seat)

    def mask(self, seat: str, on: bool = True) -> None:
        """Hide a name from everybody else: they see a number."""
        self._act("masked", {"on": on}, seat=seat)

    def lock(self, on: bool = True) -> None:
        """Let nobody new in; who has a seat comes back to it."""
        self._act("locked" if on else "unlocked", {})

    def curtain(self, on: bool = True) -> None:
        """Take everything but the title off the big screen, or put it back."""
        self._act("curtained", {"on": on})

    def highlight(self, seat: str = "", option: str = "") -> None:
        """Hold up a seat's written answer, without a name, or an option; neither takes it down."""
        what = {"seat": seat} if seat else {"option": option} if option else None
        self._act("highlighted", {"step": self.state.step, **what} if what else {})

    def give_time(self, seat: str, seconds: int) -> None:
        """Seconds more than the others for one person, in this step and every later one."""
        self._act("extra", {"seconds": seconds}, seat=seat)

    # Teams

    def balance(self) -> None:
        """Even the teams out; who came last moves first."""
        self._act("balanced", {})

    def move(self, seat: str, team: str) -> None:
        """Put one person into another team."""
        self._act("assigned", {"team": team}, seat=seat)

    def name_team(self, team: str, name: str) -> None:
        """Rename a team, or make one where there is none with this id."""
        wanted = cleaned(name)
        if wanted:
            self._act("teamed", {"team": team, "name": wanted})

    def give_roles(self, team: str, roles: Sequence[str]) -> None:
        """The roles that a team plays from now on."""
        self._act("teamed", {"team": team, "roles": list(roles)})

    def make_captain(self, seat: str) -> None:
        """Name somebody captain of the team they are in."""
        team = self.state.seats[seat].team
        if team:
            self._act("captained", {"team": team}, seat=seat)

    def take_for_team(self, team: str, action: Mapping[str, Any], how: str = "trainer") -> None:
        """Case drill for teams: decide for a team that is stuck."""
        step = self.state.turns[team].step
        self._act("taken", {"team": team, "step": step, "action": dict(action), "how": how})

    def take_team_votes(self, team: str) -> bool:
        """Take a team's votes as they are; False where none came or a tie stands."""
        self.refresh()
        action = agreed(self.state, team)
        if action is not None:
            self.take_for_team(team, action, "vote")
        return action is not None

    def _act(
        self, kind: str, payload: Mapping[str, Any], seat: str = "", key: str | None = None
    ) -> None:
        key = key or f"{kind}:{secrets.token_hex(8)}"
        self.log.append([Draft(self.state.run, kind, key, payload, seat=seat)])
        self.refresh()
