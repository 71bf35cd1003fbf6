"""What no play does, and what some play does that none should: the model check.

`crossings.cases.explore` answers; here its answers become an author's problems. One cause gives
one problem: nothing is said about guards in a node that is never met.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossings.cases.checks.graph import dead_ends, reachable, unreachable
from crossings.cases.checks.problem import CaseProblem, Path
from crossings.cases.document import BEST, walked
from crossings.cases.explore import Answers, Bounds, Moves, Run, inquire
from crossings.cases.model import Case, Ending, Triage
from crossings.cases.score import score
from crossings.cases.state import Document

WIDE = 10
"""Percent by which a bound of an ending may be further out than plays come, without a word."""


def problems(case: Case, doc: Document, bound: int) -> Iterator[CaseProblem]:
    """What the reachable states of `case` show; `doc` is its document with `max`."""
    walks = {name: _moves(case, name) for name in case.walkthroughs}
    answers = inquire(doc, walks, bound)
    yield from _nodes(case, answers)
    yield from _evidence(case, answers)
    yield from _guards(case, answers)
    yield from _stuck(case, answers)
    if doc["max"]:
        for name, node in case.nodes.items():
            if isinstance(node, Ending) and name in answers.bounds:
                yield from _score(case, name, node, answers.bounds[name])
        yield from _best(case, doc, answers)
    if answers.stopped:
        yield _stopped(answers)


def _moves(case: Case, name: str) -> Moves:
    """A walkthrough as moves of the explorer, where a sorting is one move for each arrival."""
    moves: Moves = []
    for action in case.walkthroughs[name].actions:
        node = case.nodes.get(action.node)
        if action.action == "sort" and node is not None and node.kind == "triage":
            pairs = action.pairs or {}
            moves.extend(("sort", pairs.get(a.id, "")) for a in node.arrivals)
        elif action.action in ("choose", "ask", "open"):
            moves.append((action.action, action.choice or action.question or action.evidence or ""))
        else:
            moves.append((action.action,))
    return moves


def _nodes(case: Case, answers: Answers) -> Iterator[CaseProblem]:
    linked = reachable(case)
    for name, node in case.nodes.items():
        if name in linked and ("enter", name) in answers.never:
            hint = "some `when` on every way to it never holds; look at those, or remove the node"
            yield unreachable(name, isinstance(node, Ending), hint)


def _evidence(case: Case, answers: Answers) -> Iterator[CaseProblem]:
    for name in case.evidence:
        if ("see", name) in answers.never:
            hint = (
                "lay it open in a node's `evidence` or put it into a search; "
                "look at its `minutes`, its `when` and the `budget`"
            )
            message = "nobody can open this evidence"
            yield CaseProblem(("evidence", name), message, hint, "evidence-closed")


def _guards(case: Case, answers: Answers) -> Iterator[CaseProblem]:
    for event in answers.never:
        if event[0] != "guard":
            continue
        _, path, held = event
        if ("guard", path, not held) in answers.happens:
            yield _one_sided(case, path, held)


def _one_sided(case: Case, path: Path, never: bool) -> CaseProblem:
    """A guard that has one value whenever a play asks it; `never` is the value it never has."""
    if path[0] == "rules" and never:
        message = f"the rule `{case.rules[int(path[1])].id}` never fires"
        hint = "no play makes its `when` true; change it, or remove the rule"
        return CaseProblem(path, message, hint, "rule-never-fires")
    if never:
        hint = "no play gets here with this `when` true; change it, or remove what it guards"
        return CaseProblem(path, "this guard never holds", hint, "guard-never-true")
    hint = "every play that gets here has it true; remove the `when`, or change it"
    return CaseProblem(path, "this guard always holds", hint, "guard-always-true")


def _stuck(case: Case, answers: Answers) -> Iterator[CaseProblem]:
    told = dead_ends(case)
    for name in case.nodes:
        if name in told:
            continue
        stuck = answers.happens.get(("stuck", name))
        if ("stuck", name) in answers.happens:
            hint = f"leave an option without `when`; {_played(case, stuck)}"
            message = "a play is stuck here: no option is open"
            yield CaseProblem(("nodes", name), message, hint, "stuck")
        elif name in answers.trapped:
            hint = f"add a way out of the circle; {_played(case, answers.trapped[name])}"
            message = "a trap: from here on, no play reaches an ending"
            yield CaseProblem(("nodes", name), message, hint, "trap")


def _score(case: Case, name: str, node: Ending, bounds: Bounds) -> Iterator[CaseProblem]:
    low, high = node.score
    path: Path = ("nodes", name, "score")
    for run in (bounds.low_play, bounds.high_play):
        if run is not None and not low <= run.percent <= high:
            message = f"a play ends here with {run.percent} percent, not {low} to {high}"
            if bounds.exact:
                message += f"; plays end here with {bounds.low} to {bounds.high}"
            hint = f"correct `score`, or the points and caps; {_played(case, run)}"
            yield CaseProblem(path, message, hint, "score-range")
    # A range that is open to 0 or 100, or goes up to a cap, claims nothing that plays must reach.
    plain_tops = {100, *(cap.percent for cap in case.caps.values())}
    for given, plain, met, side in (
        (low, {0}, bounds.low, "less"),
        (high, plain_tops, bounds.high, "more"),
    ):
        if given not in plain and (given - met if side == "more" else met - given) > WIDE:
            message = f"`score` says {given}, but no play ends here with {side} than {met} percent"
            hint = "bring the range closer, or let worse or better play end here"
            yield CaseProblem(path, message, hint, "score-wide", "warning")


def _best(case: Case, doc: Document, answers: Answers) -> Iterator[CaseProblem]:
    if answers.richest is not None:
        most = answers.richest.points
        message = f"a play earns {most} points, the best walkthrough {doc['max']}"
        hint = f"let `best` earn the most; {_played(case, answers.richest)}"
        yield CaseProblem(("walkthroughs", BEST), message, hint, "best-beaten")
    safe = [n for n, x in case.nodes.items() if isinstance(x, Ending) and x.outcome == "protected"]
    if not safe:
        hint = "give the ending of the best play `outcome: protected`"
        message = "no ending has the outcome `protected`"
        yield CaseProblem(("nodes",), message, hint, "no-best-ending")
        return
    end = walked(doc, case, BEST)
    if end.ending is None or (end.ending in safe and score(doc, end)["percent"] == 100):
        return
    reached = [answers.bounds[name] for name in safe if name in answers.bounds]
    if not answers.bounds or any(bounds.high == 100 for bounds in reached):
        return
    best = max((bounds.high for bounds in reached), default=0)
    message = f"no play reaches an ending `protected` with 100 percent; the most is {best}"
    hint = "let the best play keep clear of caps and end where people are protected"
    yield CaseProblem(("walkthroughs", BEST, "ending"), message, hint, "no-best-ending")


def _stopped(answers: Answers) -> CaseProblem:
    """That something stayed open, and what."""
    names = {
        str(event[1]) for event in answers.open if event[0] in ("enter", "fire", "see", "stuck")
    }
    names |= {".".join(map(str, event[1])) for event in answers.open if event[0] == "guard"}
    names |= {f"nodes.{name}.score" for name, _ in answers.unproved if name is not None}
    names |= {"walkthroughs.best" for name, _ in answers.unproved if name is None}
    names |= {"ways out of circles" for event in answers.open if event[0] == "trapped"}
    message = f"not decided within {answers.bound:,} states: {', '.join(sorted(names))}"
    hint = "`./course check --deep` looks further; plays that were tried show nothing wrong"
    return CaseProblem(("nodes",), message, hint, "state-bound", "warning")


def _played(case: Case, run: Run | None) -> str:
    return f"the play chose {_choices(case, run) if run else 'nothing'}"


def _choices(case: Case, run: Run) -> str:
    """The choices of a play as an author names them; whoever is sorted is named, too."""
    again = Run.begin(run.machine)
    told: list[str] = []
    waiting: list[str] = []
    for move in run.moves:
        name = again.draft.node
        node = case.nodes[name]
        if move[0] == "sort" and isinstance(node, Triage):
            waiting = waiting or [arrival.id for arrival in node.arrivals]
            told.append(f"{name}: {waiting.pop(0)} to {move[1]}")
        elif move[0] in ("choose", "ask", "open"):
            told.append(f"{name}: {move[1]}")
        again.take(move, again.open_moves()[move])
    return ", ".join(told) or "nothing"
