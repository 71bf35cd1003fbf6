"""What stands in a box of the picture, and how high the box is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crossings.cases.graph.edges import RULE, letter
from crossings.cases.graph.layout import Layout
from crossings.cases.graph.letters import width, wrapped
from crossings.cases.graph.passages import Traffic
from crossings.cases.graph.words import KINDS, inside, named
from crossings.cases.state import Document

PAD = 12
KIND, TITLE, SMALL = 11, 15, 12
"""Sizes of letters, in pixels: the kind, the title, all else."""
KIND_LINE, TITLE_LINE, SMALL_LINE = 18, 20, 16
PORTS, PORTS_NOTED = 30, 44
"""Height of the row of letters, without and with a note under them."""


@dataclass(frozen=True)
class Port:
    """One choice (or branch) at the lower edge of a box. `note` is a few letters under its own."""

    part: str
    letter: str
    grade: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A line of the opened box: a lead (letter, name), a grade, the words in lines."""

    lead: str
    grade: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    name: str
    kind: str
    word: str
    title: tuple[str, ...]
    small: tuple[str, ...]
    parts: tuple[Part, ...]
    ports: tuple[Port, ...]
    evidence: int
    width: float
    outcome: str | None = None
    unreachable: bool = False
    met: int | None = None
    """How many plays came here; None where no traffic is drawn."""

    @property
    def ports_height(self) -> float:
        if not self.ports:
            return 0
        return PORTS_NOTED if any(port.note for port in self.ports) else PORTS

    @property
    def height(self) -> float:
        lines = sum(len(part.lines) for part in self.parts)
        # Half a line keeps two parts apart.
        parts = lines * SMALL_LINE + len(self.parts) * SMALL_LINE / 2
        text = KIND_LINE + len(self.title) * TITLE_LINE + len(self.small) * SMALL_LINE + parts
        return PAD + text + (self.ports_height + 4 if self.ports else PAD - 2)


def boxes(
    doc: Document, places: Layout, wide: float, opened: bool, traffic: Traffic | None
) -> dict[str, Box]:
    """The box of every node and every rule that jumps, each `wide` pixels wide."""
    rules = {RULE + rule["id"]: rule for rule in doc["rules"]}
    found: dict[str, Box] = {}
    for row in places.layers:
        for name in row:
            if name in rules:
                found[name] = _rule(doc, name, rules[name], wide)
            else:
                found[name] = _node(doc, places, name, wide, opened, traffic)
    return found


def _rule(doc: Document, name: str, rule: Mapping[str, Any], wide: float) -> Box:
    title = wrapped(name.removeprefix(RULE), TITLE, wide - 2 * PAD, bold=True)
    cap = f"at most {doc['caps'][rule['cap']]['percent']} %; " if "cap" in rule else ""
    small = wrapped(f"{cap}jumps from anywhere", SMALL, wide - 2 * PAD)
    return Box(name, "rule", KINDS["rule"], tuple(title), tuple(small), (), (), 0, wide)


def _node(
    doc: Document, places: Layout, name: str, wide: float, opened: bool, traffic: Traffic | None
) -> Box:
    node = doc["nodes"][name]
    room = wide - 2 * PAD
    met = traffic.nodes.get(name, 0) if traffic else None
    small = wrapped(inside(node), SMALL, room)
    if traffic and traffic.plays:
        share = round(100 * (met or 0) / traffic.plays)
        small += wrapped(f"met by {met} of {traffic.plays} plays ({share} %)", SMALL, room)
    unreachable = name in places.unreachable
    if unreachable:
        small += wrapped("No play gets here", SMALL, room, bold=True)
    return Box(
        name=name,
        kind=node["kind"],
        word=KINDS[node["kind"]],
        title=tuple(wrapped(named(doc, node["title"]), TITLE, room, bold=True)),
        small=tuple(small),
        parts=tuple(_parts(doc, node, room)) if opened else (),
        ports=tuple(_ports(doc, name, node, traffic)),
        evidence=len(node["evidence"]),
        width=wide,
        outcome=node.get("outcome"),
        unreachable=unreachable,
        met=met,
    )


def _ports(
    doc: Document, name: str, node: Mapping[str, Any], traffic: Traffic | None
) -> Iterator[Port]:
    taken: dict[str, int] = {}
    for (source, part, target), count in (traffic.edges if traffic else {}).items():
        if source == name:
            at = part or target
            taken[at] = taken.get(at, 0) + count
    for place, option in enumerate(node.get("options", ())):
        note = "if" if "when" in option else ""
        if "cap" in option:
            note = f"≤ {doc['caps'][option['cap']]['percent']} %"
        yield Port(option["id"], letter(place), option["grade"],
                   str(taken.get(option["id"], 0)) if traffic else note)  # fmt: skip
    branches = node.get("next", ())
    if len(branches) < 2:
        return
    targets: set[str] = set()
    for place, branch in enumerate(branches):
        if branch["to"] in targets:
            continue
        targets.add(branch["to"])
        note = "if" if "when" in branch else "else"
        yield Port(branch["to"], str(place + 1),
                   note=str(taken.get(branch["to"], 0)) if traffic else note)  # fmt: skip


SHAPE, LEAD = 18, 36
"""Room for the shape, and for the shape and the letter, before the words of a part."""


def _parts(doc: Document, node: Mapping[str, Any], room: float) -> Iterator[Part]:
    for place, option in enumerate(node.get("options", ())):
        yield _part(doc, letter(place), option["grade"], option["text"], room)
    for question in node.get("questions", ()):
        yield _part(doc, "", question["grade"], question["text"], room)
    for find in node.get("finds", ()):
        key = "good" if find["points"] else None
        words = f"{find['minutes']} min, key" if key else f"{find['minutes']} min"
        yield _part(doc, "", key, f"{find['label']} ({words})", room)
    for arrival in node.get("arrivals", ()):
        person = doc["people"][arrival["person"]]["name"]
        channels = {c["id"]: c["text"] for c in node["channels"]}
        best = [channels[c] for c, v in arrival["verdicts"].items() if v["grade"] == "good"]
        where = " or ".join(best)
        yield _part(doc, "", None, f"{person}: {where or 'no channel is good'}", room)


def _part(doc: Document, lead: str, grade: str | None, text: str, room: float) -> Part:
    lines = wrapped(named(doc, text), SMALL, room - (LEAD if lead else SHAPE))
    return Part(lead, grade, tuple(lines))


def port_places(box: Box, order: Mapping[str, float]) -> dict[str, float]:
    """Where the ports stand, from the left edge of the box: in equal shares, sorted by `order`."""
    ports = sorted(box.ports, key=lambda port: order.get(port.part, 0.0))
    share = (box.width - PAD) / max(1, len(ports))
    return {port.part: PAD / 2 + share * (n + 0.5) for n, port in enumerate(ports)}


def port_size(box: Box, text: str, size: float) -> float:
    """The size at which `text` fits in the share of a port: `size`, or less in a crowd."""
    room = (box.width - PAD) / max(1, len(box.ports)) - 2
    return min(size, size * room / max(1.0, width(text, size, bold=True)))
