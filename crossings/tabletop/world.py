"""The exercise while it is played through: milestones, injects, acts, at times of the exercise.

`World` never leaves the engine; `crossings.tabletop.play` freezes what it has come to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Literal

from crossings.cases.guard import truth
from crossings.tabletop.clock import MINUTE
from crossings.tabletop.event import Event
from crossings.tabletop.filed import kept_fields
from crossings.tabletop.language import Ast, parse, thresholds
from crossings.tabletop.model import CONTROL, EVERYBODY, Inject, Silence, Tabletop, To

Kind = Literal["inject", "message", "action", "form", "milestone", "way"]
MOST_TEXT = 2000
"""Characters of a message, or of a field of a form."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened.

    `id` is unique in the exercise. `what` names it in the file (inject, action, form, milestone,
    `branch.way`) and is empty for messages and for what the trainer wrote. `by` is the role that
    acted, or empty. `to` are the roles that know of it, beside the one that acted.
    """

    ms: int
    kind: Kind
    id: str
    what: str = ""
    by: str = ""
    to: tuple[str, ...] = ()
    public: bool = False
    title: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class World:
    """The state of one exercise, changed by time and by acts."""

    def __init__(self, table: Tabletop) -> None:
        self.table = table
        self.ms = 0
        self.entries: list[Entry] = []
        self.fired: dict[str, int] = {}
        self.met: dict[str, int] = {}
        self.first_met: dict[str, int] = {}
        self.done: dict[tuple[str, str], int] = {}
        self.filed: set[str] = set()
        self.wrote: set[tuple[str, str]] = set()
        self.ways: dict[str, str] = {}
        self.counted: set[str] = set()
        self._armed: dict[str, int] = {}
        self._decided: set[str] = set()
        self._times = _times(table)

    def copied(self) -> World:
        """The same, to go another way; what it consists of is never changed in place."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, (list, dict, set)):
                setattr(other, name, value.copy())
        return other

    # Time

    def next_after(self, ms: int) -> int | None:
        """The next time at which something may happen by itself."""
        waiting = (t for i, t in self._armed.items() if i not in self.fired)
        return min((t for t in (*self._times, *waiting) if t > ms), default=None)

    def run_to(self, ms: int) -> None:
        """Let time pass, and what it brings happen in its order."""
        while (due := self.next_after(self.ms)) is not None and due <= ms:
            self.ms = due
            self.settle()
        self.ms = max(self.ms, ms)

    def settle(self) -> None:
        """What follows from how things stand, until nothing more does."""
        for inject in self.table.injects:
            if self._waits(inject) and inject.when is None and self._is_time(inject):
                self._fire(inject)
        while self._meet_conditions() | self._fork() | self._release():
            pass

    def _is_time(self, inject: Inject) -> bool:
        return inject.at is not None and self.ms >= inject.at * MINUTE

    def _waits(self, inject: Inject) -> bool:
        return inject.id not in self.fired and inject.id not in self._decided

    def _meet_conditions(self) -> bool:
        changed = False
        for name, milestone in self.table.milestones.items():
            # What its condition has met once stays met, unless an act undoes it.
            if milestone.when is not None and name not in self.first_met:
                changed |= self.holds(milestone.when) and self._switch(name, True)
        return changed

    def _fork(self) -> bool:
        changed = False
        for name, fork in self.table.branches.items():
            if name in self.ways or fork.at is None or self.ms < fork.at * MINUTE:
                continue
            held = (w for w, way in fork.ways.items() if way.when is None or self.holds(way.when))
            way = next(held, None)
            if way is not None:
                self._go(name, way)
                changed = True
        return changed

    def _release(self) -> bool:
        """Fire one inject whose condition holds; then everything is looked at again."""
        for inject in self.table.injects:
            if self._waits(inject) and self._released(inject):
                self._fire(inject)
                return True
        return False

    def _released(self, inject: Inject) -> bool:
        if inject.silence is not None:
            if self.ms < inject.silence.by * MINUTE:
                return False
            self._decided.add(inject.id)
            return self._silent(inject.silence)
        if inject.when is None or self.ms < inject.earliest * MINUTE:
            return False
        if inject.at is not None:
            if not self._is_time(inject):
                return False
            self._decided.add(inject.id)
            return self.holds(inject.when)
        if inject.id not in self._armed:
            if not self.holds(inject.when):
                return False
            self._armed[inject.id] = self.ms + inject.delay * MINUTE
        return self.ms >= self._armed[inject.id]

    def _silent(self, silence: Silence) -> bool:
        if silence.of is not None:
            return (silence.of, silence.told) not in self.wrote
        return all(told != silence.told for _, told in self.wrote)

    # Conditions

    def holds(self, when: str | None) -> bool:
        return when is None or truth(parse(when), self._leaf)

    def _leaf(self, leaf: Ast) -> bool:
        word: str = leaf[0]
        if word == "cmp":
            minute, op, number = self.ms // MINUTE, str(leaf[1]), int(leaf[3])
            return leaf[2] == "clock" and compares(op, minute, number)
        if word == "is":
            return leaf[1] in self.met
        if word == "fired":
            return leaf[1] in self.fired
        if word == "told":
            return any(told == leaf[1] for _, told in self.wrote)
        if word == "wrote":
            return (leaf[1], leaf[2]) in self.wrote
        if word == "did":
            return any(action == leaf[1] for _, action in self.done)
        if word == "filed":
            return leaf[1] in self.filed
        return word == "chose" and (str(leaf[1]), str(leaf[2])) in self.ways.items()

    # Changes

    def _note(self, entry: Entry) -> None:
        self.entries.append(entry)

    def _fire(self, inject: Inject) -> None:
        self.fired[inject.id] = self.ms
        to = self.table.receivers(inject.to)
        public = inject.to == EVERYBODY
        sender = {"sender": inject.sender} if inject.sender else {}
        self._note(
            Entry(self.ms, "inject", inject.id, inject.id, "", to, public, inject.title,
                  inject.text, sender | {"asks": list(inject.asks)})
        )  # fmt: skip
        self._effects(inject.meets, inject.undoes)

    def _effects(self, meets: tuple[str, ...], undoes: tuple[str, ...] = ()) -> None:
        for name in meets:
            self._switch(name, True)
        for name in undoes:
            self._switch(name, False)

    def _switch(self, name: str, on: bool) -> bool:
        if name not in self.table.milestones or (name in self.met) == on:
            return False
        if on:
            self.met[name] = self.ms
            self.first_met.setdefault(name, self.ms)
        else:
            del self.met[name]
        number = len(self.entries)
        self._note(Entry(self.ms, "milestone", f"{name}/{number}", name, data={"on": on}))
        return True

    def _go(self, branch: str, way: str) -> None:
        self.ways[branch] = way
        self._note(Entry(self.ms, "way", f"{branch}.{way}", f"{branch}.{way}"))

    # Acts

    def take(self, event: Event) -> None:
        """The effect of an act; one that cannot be done now has none."""
        act = _ACTS.get(event.kind)
        if act is not None and act(self, event):
            self.counted.add(event.key)
            self.settle()

    def open_actions(self, role: str) -> tuple[str, ...]:
        """Actions that `role` may take now."""
        return tuple(
            name
            for name, action in self.table.actions.items()
            if role in action.roles and (role, name) not in self.done and self.holds(action.when)
        )

    def open_forms(self, role: str) -> tuple[str, ...]:
        return tuple(
            name
            for name, form in self.table.forms.items()
            if role in form.roles and self.holds(form.when)
        )

    def _tell(self, role: str, to: tuple[str, ...]) -> None:
        self.wrote |= {(role, other) for other in to if other != role}

    def sent(self, event: Event) -> bool:
        role, to, text = (event.payload.get(k) for k in ("role", "to", "text"))
        if not isinstance(role, str) or role not in self.table.roles:
            return False
        known = {*self.table.roles, CONTROL} - {role}
        if not isinstance(to, (list, tuple)) or not to:
            return False
        if any(not isinstance(t, str) or t not in known for t in to):
            return False
        if not isinstance(text, str) or not text.strip() or len(text) > MOST_TEXT:
            return False
        receivers = tuple(dict.fromkeys(to))
        self._tell(role, receivers)
        self._note(
            Entry(self.ms, "message", short(event.key), "", role, receivers, text=text.strip())
        )
        return True

    def did(self, event: Event) -> bool:
        role, name = event.payload.get("role"), event.payload.get("action")
        if not isinstance(role, str) or name not in self.open_actions(role):
            return False
        action = self.table.actions[name]
        self.done[role, name] = self.ms
        self._note(
            Entry(self.ms, "action", short(event.key), name, role, title=action.text,
                  text=action.consequence)
        )  # fmt: skip
        self._effects(action.meets, action.undoes)
        return True

    def file(self, event: Event) -> bool:
        role, name = event.payload.get("role"), event.payload.get("form")
        if not isinstance(role, str) or name not in self.open_forms(role):
            return False
        form = self.table.forms[name]
        fields, problem = kept_fields(form, event.payload.get("fields"), MOST_TEXT)
        if problem:
            return False
        to: To = form.to
        receivers = tuple(r for r in self.table.receivers(to) if r != role)
        self.filed.add(name)
        self._tell(role, receivers)
        public, data = to == EVERYBODY, {"fields": fields}
        self._note(
            Entry(
                self.ms,
                "form",
                short(event.key),
                name,
                role,
                receivers,
                public,
                form.title,
                data=data,
            )
        )
        self._effects(form.meets)
        return True

    def injected(self, event: Event) -> bool:
        """The trainer's hand: an inject of the file, or one that was thought of just now."""
        name = event.payload.get("inject")
        if name is not None:
            inject = self.table.inject(str(name))
            if inject is None or inject.id in self.fired:
                return False
            self._fire(inject)
            return True
        to, text = event.payload.get("to"), str(event.payload.get("text", "")).strip()
        wanted = list(self.table.roles) if to == EVERYBODY else to
        if not isinstance(wanted, (list, tuple)) or not wanted or not text:
            return False
        if any(str(r) not in self.table.roles for r in wanted):
            return False
        title = str(event.payload.get("title", "")).strip()
        public, name = to == EVERYBODY, short(event.key)
        self._note(
            Entry(self.ms, "inject", name, "", "", tuple(wanted), public, title, text[:MOST_TEXT])
        )
        return True

    def branched(self, event: Event) -> bool:
        branch, way = str(event.payload.get("branch")), str(event.payload.get("way"))
        fork = self.table.branches.get(branch)
        if fork is None or way not in fork.ways or branch in self.ways:
            return False
        self._go(branch, way)
        return True

    def switched(self, event: Event) -> bool:
        """The trainer saw that a milestone was met, or that it is not."""
        name, on = event.payload.get("milestone"), event.payload.get("on")
        return isinstance(on, bool) and self._switch(str(name), on)


_ACTS: dict[str, Callable[[World, Event], bool]] = {
    "sent": World.sent,
    "did": World.did,
    "filed": World.file,
    "injected": World.injected,
    "branched": World.branched,
    "switched": World.switched,
}


def short(key: str) -> str:
    """A name for what others see: the key of an act says which seat sent it."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _times(table: Tabletop) -> tuple[int, ...]:
    minutes = thresholds(table)
    for inject in table.injects:
        minutes |= {m for m in (inject.at, inject.earliest) if m}
        if inject.silence is not None:
            minutes.add(inject.silence.by)
    minutes |= {f.at for f in table.branches.values() if f.at is not None}
    return tuple(sorted(m * MINUTE for m in minutes if m >= 0))


def compares(op: str, left: int, right: int) -> bool:
    return {
        "==": left == right, "!=": left != right, "<": left < right, "<=": left <= right,
        ">": left > right, ">=": left >= right,
    }[op]  # fmt: skip
