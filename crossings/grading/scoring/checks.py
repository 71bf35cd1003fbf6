"""The checks of one test cell: what the learner's run recorded against the reference run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crossings.check import compare, words
from crossings.check.record import MIME, VERSION

MOST = 200
"""Checks in one cell."""
_KINDS = ("value", "number", "text", "frame", "figure", "function")


@dataclass(frozen=True)
class Probe:
    """One recorded check."""

    kind: str
    name: str
    thing: Any
    spec: Mapping[str, Any]
    points: float | None
    say: str


@dataclass(frozen=True)
class Checked:
    """How one check of the assignment came out. `share` is 0 to 1 of its `points`."""

    name: str
    points: float
    share: float
    why: str
    say: str

    @property
    def right(self) -> bool:
        return self.share >= 1


@dataclass(frozen=True)
class Compared:
    checked: tuple[Checked, ...]
    odd: str = ""
    """What does not fit the assignment's own checks: forged, or called twice."""

    @property
    def share(self) -> float:
        """The points earned."""
        return sum(c.points * c.share for c in self.checked)

    @property
    def all_right(self) -> bool:
        return all(c.right for c in self.checked)


def probes(cell: Mapping[str, Any]) -> Iterator[Probe]:
    """The well-formed probes in a cell's outputs, in order."""
    for output in (cell.get("outputs") or [])[: MOST * 5]:
        data = output.get("data") if output.get("output_type") == "display_data" else None
        found = data.get(MIME) if isinstance(data, Mapping) else None
        if isinstance(found, Mapping) and found.get("version") == VERSION:
            probe = _probe(found)
            if probe is not None:
                yield probe


def _probe(found: Mapping[str, Any]) -> Probe | None:
    kind, name, spec = found.get("kind"), found.get("name"), found.get("spec")
    points, say = found.get("points"), found.get("say")
    if kind not in _KINDS or not isinstance(name, str) or not isinstance(spec, Mapping):
        return None
    worth = float(points) if isinstance(points, int | float) and points >= 0 else None
    said = say if isinstance(say, str) else ""
    return Probe(kind, name, found.get("thing"), spec, worth, said)


def compared(
    reference: Mapping[str, Any], learner: Mapping[str, Any], max_points: float
) -> Compared:
    """Compare the two executed versions of one test cell; points are shared out by the reference.

    The n-th check of a name is compared with the n-th of that name. A check that was not reached
    earns nothing.
    """
    ours = list(probes(reference))
    theirs: dict[str, list[Probe]] = {}
    for probe in probes(learner):
        theirs.setdefault(probe.name, []).append(probe)
    worth = shares([probe.points for probe in ours], max_points)
    checked = []
    for probe, points in zip(ours, worth, strict=True):
        queue = theirs.get(probe.name) or []
        got = queue.pop(0) if queue else None
        checked.append(_one(probe, got, points))
    left = [name for name, queue in theirs.items() if queue]
    odd = f"{len(left)} checks were recorded that the test does not make" if left else ""
    return Compared(tuple(checked), odd)


def _one(probe: Probe, got: Probe | None, points: float) -> Checked:
    if got is None:
        return Checked(probe.name, points, 0.0, "missing check", probe.say)
    try:
        verdict = compare.compare(probe.kind, probe.thing, got.thing, probe.spec)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError, RecursionError):
        verdict = compare.wrong("kind")  # JSON that no encoder of ours wrote
    return Checked(probe.name, points, verdict.share, verdict.why, probe.say)


def shares(points: list[float | None], max_points: float) -> list[float]:
    """What each check of a cell is worth: its own points, the others an equal part of the rest.

    Where the points named do not come to the cell's, they count as weights.
    """
    named = sum(p for p in points if p is not None)
    free = points.count(None)
    if free and named <= max_points:
        return [(max_points - named) / free if p is None else p for p in points]
    weights = [1.0 if p is None else p for p in points]
    total = sum(weights)
    return [max_points * w / total if total else 0.0 for w in weights]


def message(found: Compared, visible: frozenset[str], open_so_far: bool) -> str:
    """What the trainee reads of the first check that is not right.

    A check that trainees can read, in a notebook where no hidden test has run, also says in what
    the answer falls short. Of any other only the author's `say` is shown.
    """
    first = next((c for c in found.checked if not c.right), None)
    if first is None:
        return ""
    if first.say:
        return first.say
    if open_so_far and first.name in visible:
        return f"{first.name}: {words.WHY.get(first.why, words.NOT_PASSED)}"
    return words.NOT_PASSED
