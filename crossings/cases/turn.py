"""One event taking its course: effects, caps, the clock, delayed rules, entering nodes.

`crossings.cases.engine` checks what the learner did and hands over here for what follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crossings.cases.state import Document, Draft, Value, holds

Json = Mapping[str, Any]
Branches = Sequence[Json]


@dataclass(frozen=True)
class Turn:
    """A draft on its way to the next state. The methods change the draft."""

    doc: Document
    draft: Draft

    def happens(self, judged: Json) -> None:
        """The cap and the effects of something chosen, asked, opened, decided or fired."""
        if "cap" in judged:
            _add(self.draft.caps, judged["cap"])
        self.effects(judged["effects"])

    def effects(self, effects: Sequence[Sequence[Any]]) -> None:
        for op, *rest in effects:
            if op == "advance":
                self.draft.clock += rest[0]
            else:
                self._change(op, rest[0], rest[1])

    def _change(self, op: str, name: str, value: Any) -> None:
        """One change of a variable; what does not fit its type changes nothing."""
        declared = self.doc["variables"].get(name)
        if declared is None:
            return
        old = self.draft.vars[name]
        new: Value | None = None
        if declared["type"] == "set":
            new = _tagged(op, old, value)
        elif declared["type"] == "boolean":
            new = value if op == "set" and isinstance(value, bool) else None
        elif op in ("set", "add") and not isinstance(value, bool) and isinstance(old, int):
            wanted = value if op == "set" else old + value
            new = min(declared["max"], max(declared["min"], wanted))
        if new is not None:
            self.draft.vars[name] = new

    def settle(self, branches: Branches | None) -> tuple[list[str], list[str]]:
        """Fire rules, move where a rule or `branches` lead, fire again, until all is still.

        Returns:
            The rules that fired and the nodes that were entered, each in order.
        """
        fired: list[str] = []
        entered: list[str] = []
        to = self._rules(fired)
        if to is None and branches is not None:
            to = self._led(branches)
        while to is not None:
            self.enter(to)
            entered.append(to)
            to = self._rules(fired)
        return fired, entered

    def _led(self, branches: Branches) -> str:
        """The first branch that holds; the last has no guard."""
        open_ones = (b for b in branches if holds(b.get("when"), self.draft))
        to: str = next(open_ones, branches[-1])["to"]
        return to

    def enter(self, name: str) -> None:
        node = self.doc["nodes"][name]
        self.draft.node = name
        _add(self.draft.visited, name)
        self.effects(node["effects"])
        for evidence in node["evidence"]:
            _add(self.draft.seen, evidence)
        if node["kind"] == "ending":
            self.draft.ending = name

    def _rules(self, fired: list[str]) -> str | None:
        """Fire rules in file order until none is left to fire; where the first `goto` leads.

        At an ending, rules still fire but lead nowhere.
        """
        to: str | None = None
        again = True
        while again:
            again = False
            for rule in self.doc["rules"]:
                if rule["id"] in self.draft.fired or not holds(rule["when"], self.draft):
                    continue
                again = True
                self.draft.fired.append(rule["id"])
                fired.append(rule["id"])
                self.happens(rule)
                to = to or rule.get("goto")
        return None if self.draft.ending else to


def _tagged(op: str, old: Value, tag: str) -> Value | None:
    if not isinstance(old, tuple) or op not in ("tag", "untag"):
        return None
    kept = set(old) - {tag}
    return tuple(sorted(kept | {tag} if op == "tag" else kept))


def _add(known: list[str], name: str) -> None:
    if name not in known:
        known.append(name)
