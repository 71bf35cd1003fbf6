"""From an executed notebook to points: nbgrader's and the fair ones side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from crossings.check.words import NOT_PASSED
from crossings.grading.scoring import checks, hidden, messages, points, watching
from crossings.grading.scoring.late import Late, penalty
from crossings.grading.scoring.master import Master, MasterCell
from crossings.grading.scoring.points import Points
from crossings.grading.scoring.prepare import Look, reached, without_probes
from crossings.grading.scoring.restore import Restored, Rules
from crossings.grading.scoring.result import ByPerson, Outcome, Persons, Scored, TestResult
from crossings.grading.scoring.signals import Signal, strong

MAX_LINES = 1000
"""nbgrader's LimitOutput.max_lines where the course does not set another."""
NOBODY: Persons = {}


class Ran(Protocol):
    """What the runner hands back; `notebook` is executed, or None where nothing ran."""

    @property
    def outcome(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def notebook(self) -> dict[str, Any] | None: ...
    @property
    def signals(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class _Cell:
    """All that is known of one marked cell of this submission."""

    own: MasterCell
    ran: Mapping[str, Any] | None
    reference: Mapping[str, Any] | None
    restored: bool
    open_so_far: bool
    signals: tuple[Signal, ...]
    max_lines: int


def score(
    master: Master,
    restored: Restored,
    ran: Ran,
    *,
    nonce: str,
    reference: Mapping[str, Any] | None = None,
    rules: Rules = "fair",
    late: Late | None = None,
    persons: Persons = NOBODY,
    max_lines: int = MAX_LINES,
) -> Scored:
    """Score what ran.

    `reference` is the executed source notebook, needed where tests use `crossings.check`.
    `persons` is what people gave in the gradebook; it wins over what the program gives, and extra
    credit is added, as in nbgrader.

    Raises:
        ValueError: where a test uses `crossings.check` and there is no reference run of it.
    """
    signals = [*restored.signals, *(Signal("runner", text) for text in ran.signals)]
    executed, looks = without_probes(ran.notebook, nonce) if ran.notebook else (None, {})
    cells = _cells(master, restored, executed, reference, looks, max_lines)
    if ran.outcome == "tampered":
        # Who writes on the examiner's line may have written the results of earlier tests, too.
        cells = [_doubted(cell, ran.reason) for cell in cells]
    signals += [s for cell in cells for s in cell.signals]
    tests = tuple(_with_person(_test(c, rules), persons) for c in cells)
    refused = _refused(restored, cells)
    outcome, reason = _outcome(ran, rules, signals, refused)
    found = Scored(master.name, rules, outcome, reason, tests, signals=tuple(signals),
                   refused=refused)  # fmt: skip
    return replace(
        found,
        late_penalty=penalty(late, found.total),
        exact_late_penalty=penalty(late, found.exact_total),
    )


def missing(master: Master, rules: Rules = "fair") -> Scored:
    """The score of a notebook that is not in the submission: 0 in nbgrader, without a look."""
    note = f"the submission has no notebook {master.name}.ipynb"
    status: points.Status = "failed" if rules == "exact" else "not run"
    tests = tuple(
        TestResult(c.name, 0.0, c.max_score, 0.0, status, messages.NOT_HANDED_IN, note)
        for c in master.counted
    )
    return Scored(master.name, rules, "graded", note, tests)


def _cells(
    master: Master,
    restored: Restored,
    executed: Mapping[str, Any] | None,
    reference: Mapping[str, Any] | None,
    looks: Mapping[str, Look],
    max_lines: int,
) -> list[_Cell]:
    there = _by_name(executed, master)
    references = {n: cell for n, (cell, _) in _by_name(reference, master).items()}
    found = []
    for own in master.counted:
        cell, open_so_far = there.get(own.name, (None, False))
        seen = looks.get(own.name)
        outputs = list(cell.get("outputs") or ()) if cell is not None else []
        signals = tuple(watching.signals_of(own.name, seen, outputs))
        reference_cell, restored_cell = references.get(own.name), own.name in restored.missing
        found.append(
            _Cell(own, cell, reference_cell, restored_cell, open_so_far, signals, max_lines)
        )
    return found


def _doubted(cell: _Cell, why: str) -> _Cell:
    doubt = Signal("runner", why, "strong", cell.own.name)
    return replace(cell, signals=(*cell.signals, doubt)) if cell.own.is_test else cell


def _by_name(
    notebook: Mapping[str, Any] | None, master: Master
) -> dict[str, tuple[Mapping[str, Any], bool]]:
    if notebook is None:
        return {}
    return {name: (cell, seen) for cell, name, seen in messages.walk(notebook, master)}


def _test(cell: _Cell, rules: Rules) -> TestResult:
    own = cell.own
    if not own.is_test:
        return _by_hand(cell)
    if cell.ran is None or not reached(cell.ran):
        return _not_run(cell, rules)
    compared = _compared(cell)
    exact = _exact(cell, compared)
    if rules == "exact":
        status = _status(exact, own.max_score)
        said = _message(cell, compared) if (exact or 0.0) < own.max_score else ""
        return TestResult(own.name, exact or 0.0, own.max_score, exact, status, said)
    fair = _fair(cell, compared)
    alarms = strong(cell.signals)
    if compared is not None and compared.odd:
        alarms = [*alarms, Signal("forged check", compared.odd, "strong", own.name)]
    if alarms:
        worth = f"without that it would be {fair.points:g} of {own.max_score:g}"
        why = "; ".join(dict.fromkeys(s.text for s in alarms))[:400]
        fair = Points(0.0, "needs person", f"{why}; {worth}")
    differs = (
        ""
        if fair.points == (exact or 0.0) and not _waits(fair, exact)
        else (_why(cell, compared, exact, fair))
    )
    said = messages.PERSON if fair.status == "needs person" else ""
    if not said and fair.points < own.max_score:
        said = _message(cell, compared)
    return TestResult(own.name, fair.points, own.max_score, exact, fair.status, said, fair.note,
                      differs)  # fmt: skip


def _waits(fair: Points, exact: float | None) -> bool:
    return fair.status == "needs person" and exact is not None


def _by_hand(cell: _Cell) -> TestResult:
    """A written answer or a task: a person marks it, but an untouched answer is 0 by itself."""
    own = cell.own
    if cell.ran is None:
        note = "the cell is not in the submission"
        return TestResult(own.name, 0.0, own.max_score, None, "needs person", note=note)
    exact = points.exact(cell.ran).points if own.grade else None
    if exact is not None and cell.restored:
        return TestResult(own.name, 0.0, own.max_score, None, "failed", messages.NO_ANSWER,
                          "the cell was deleted; nbgrader leaves it for a person")  # fmt: skip
    if exact is not None:
        return TestResult(own.name, exact, own.max_score, exact, "failed", messages.NO_ANSWER)
    return TestResult(own.name, 0.0, own.max_score, None, "needs person")


def _not_run(cell: _Cell, rules: Rules) -> TestResult:
    own = cell.own
    if rules == "exact" and cell.restored:
        note = "the cell was deleted; nbgrader leaves it for a person"
        return TestResult(own.name, 0.0, own.max_score, None, "needs person", note=note)
    return TestResult(own.name, 0.0, own.max_score, None, "not run", messages.NOT_REACHED,
                      "the run ended before this test")  # fmt: skip


def _compared(cell: _Cell) -> checks.Compared | None:
    if not hidden.read(cell.own.source).calls_check:
        return None
    if cell.reference is None or not any(checks.probes(cell.reference)):
        raise ValueError(
            f"the test `{cell.own.name}` uses crossings.check, and the run of the assignment's own "
            "solution recorded nothing for it"
        )
    assert cell.ran is not None
    return checks.compared(cell.reference, cell.ran, cell.own.max_score)


def _exact(cell: _Cell, compared: checks.Compared | None) -> float | None:
    """nbgrader's points. With checks.json there, a check that is not right is an error to it."""
    if cell.restored:
        return None
    assert cell.ran is not None
    found = points.exact(cell.ran, cell.max_lines).points
    if compared is not None and not compared.all_right:
        return 0.0
    return found


def _fair(cell: _Cell, compared: checks.Compared | None) -> Points:
    assert cell.ran is not None
    own, reading = cell.own, hidden.read(cell.own.source)
    if compared is None:
        return points.fair(cell.ran, own.max_score, reading.ends_with_value)
    failed = points.fair(cell.ran, own.max_score, shows_value=False).status == "failed"
    if failed and _assertion(cell.ran) and reading.asserts:
        return Points(0.0, "failed")
    earned = round(compared.share, 6)
    if failed and compared.all_right:
        return Points(0.0, "failed", "the test stopped with an error after its checks")
    if earned >= own.max_score and compared.all_right:
        return Points(own.max_score, "passed")
    return Points(earned, "partly" if earned > 0 else "failed")


def _assertion(cell: Mapping[str, Any]) -> bool:
    errors = (o for o in cell.get("outputs") or () if o.get("output_type") == "error")
    return any(o.get("ename") == "AssertionError" for o in errors)


def _status(exact: float | None, max_points: float) -> points.Status:
    if exact is None:
        return "needs person"
    if exact >= max_points:
        return "passed"
    return "partly" if exact > 0 else "failed"


def _message(cell: _Cell, compared: checks.Compared | None) -> str:
    assert cell.ran is not None
    own, reading = cell.own, hidden.read(cell.own.source)
    of_error = messages.of_cell(cell.ran, own.source, cell.open_so_far)
    if compared is None:
        return of_error or NOT_PASSED
    if of_error and of_error != NOT_PASSED:
        return of_error
    return checks.message(compared, reading.visible_checks, cell.open_so_far) or NOT_PASSED


def _why(cell: _Cell, compared: checks.Compared | None, exact: float | None, fair: Points) -> str:
    assert cell.ran is not None
    if cell.restored:
        return "the cell was deleted and put back; nbgrader leaves it for a person, with 0"
    if compared is not None and not fair.note:
        return f"points for each check that is right; nbgrader gives {exact or 0:g}"
    return points.why(exact, fair, cell.ran)


def _with_person(test: TestResult, persons: Persons) -> TestResult:
    """nbgrader's sum: what a person gave, else the program's points; and extra credit."""
    given = persons.get(test.grade_id, ByPerson())
    extra = given.extra_credit or 0.0
    if given.points is not None:
        both = given.points + extra
        return replace(test, points=both, exact_points=both, differs="")
    if (test.exact_points is None and test.status == "needs person") or not extra:
        return test
    exact = None if test.exact_points is None else test.exact_points + extra
    return replace(test, points=test.points + extra, exact_points=exact)


def _outcome(ran: Ran, rules: Rules, signals: list[Signal], refused: str) -> tuple[Outcome, str]:
    if ran.outcome != "ran":
        return ran.outcome, ran.reason  # type: ignore[return-value]
    if rules == "exact" and refused:
        return "not gradable", f"nbgrader does not mark it: {refused}"
    alarms = strong(signals)
    if rules == "exact" or not alarms:
        return "graded", ""
    told = "; ".join(dict.fromkeys(str(s) for s in alarms))
    return "tampered", f"a person must look: {told}"[:500]


def _refused(restored: Restored, cells: list[_Cell]) -> str:
    if restored.refused:
        return restored.refused
    for cell in cells:
        if cell.own.is_test and cell.ran is not None and not cell.restored:
            found = points.exact(cell.ran, cell.max_lines).refused
            if found:
                return f"{cell.own.name}: {found}"
    return ""
