"""What an assignment that changed after it was marked would do to marks, as HTML."""

from __future__ import annotations

from collections.abc import Iterator

from crossings.apps.parts import esc
from crossings.grading import export
from crossings.grading.preview import Change, Moved, Preview
from crossings.grading.report import Report

PENDING = (
    "<h2>This assignment changed</h2><p>It is not what it was when submissions were marked. "
    "Trainees still get the old text, and all marks are as they were. <b>Show what would "
    "change</b> marks everybody on trial; nothing is kept of that until you accept it.</p>"
)


def shown(preview: Preview, report: Report) -> str:
    """The change by question and by trainee; `report` has the names."""
    names = {row.student: row.name for row in report.rows}
    numbers = {name: n for n, name in enumerate(export.question_names(report), 1)}
    rows = [row for row in preview.rows if row.changes or row.tests]
    fresh = sum(not row.before for row in preview.rows)
    same = len(preview.rows) - len(rows) - fresh
    counts = [f"<b>{_marks(len(rows))}</b> would be others", f"<b>{same}</b> stay"]
    counts += [f"<b>{fresh}</b> not marked yet"] if fresh else []
    told = "".join(f"<p>{esc(line)}</p>" for line in preview.told())
    return (
        f"<h2>What would change</h2><p>{', '.join(counts)}.</p>{told}"
        + _by_question(rows, numbers)
        + _by_trainee(rows, numbers, names)
        + "<p class='quiet'>Marks that people gave stay for questions that stay. The marks of now "
        "stay in the ledger. Trainees see nothing until you publish the feedback.</p>"
    )


def _marks(count: int) -> str:
    return "1 mark" if count == 1 else f"{count} marks"


def _name(cell: str, numbers: dict[str, int]) -> str:
    plain = cell.removeprefix("item-")
    return f"{numbers[cell]} · {plain}" if cell in numbers else plain


def _by_question(rows: list[Change], numbers: dict[str, int]) -> str:
    cells = list(dict.fromkeys(m.cell for row in rows for m in row.tests))
    cells.sort(key=lambda cell: numbers.get(cell, len(numbers) + 1))
    if not cells:
        return ""
    lines = "".join(_question(cell, rows, numbers) for cell in cells)
    return (
        "<div class='cxa-scroll' tabindex='0' role='group' aria-label='By question'>"
        "<table class='cxa-table cxd-table'><caption>By question</caption><thead><tr>"
        "<th scope='col'>Question</th><th scope='col' class='num'>get more</th>"
        "<th scope='col' class='num'>get less</th><th scope='col' class='num'>points in all</th>"
        f"</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _question(cell: str, rows: list[Change], numbers: dict[str, int]) -> str:
    moves = [by for row in rows for m in row.tests if m.cell == cell for by in [_by(m)]]
    more, less = sum(by > 0 for by in moves), sum(by < 0 for by in moves)
    whole = sum(moves)
    return (
        f"<tr><td>{esc(_name(cell, numbers))}</td><td class='num'>{more}</td>"
        f"<td class='num'>{less}</td><td class='num'>{_signed(whole)}</td></tr>"
    )


def _by(moved: Moved) -> float:
    return (moved.new or 0.0) - (moved.old or 0.0)


def _signed(value: float) -> str:
    return f"{value:+.4g}".replace("-", "−") if abs(value) > 1e-9 else "0"


def _by_trainee(rows: list[Change], numbers: dict[str, int], names: dict[str, str]) -> str:
    if not rows:
        return ""
    lines = "".join(_trainee(row, numbers, names.get(row.student, row.student)) for row in rows)
    return (
        "<div class='cxa-scroll' tabindex='0' role='group' aria-label='By trainee'>"
        "<table class='cxa-table cxd-table'><caption>By trainee</caption><thead><tr>"
        "<th scope='col'>Trainee</th><th scope='col' class='num'>Points</th>"
        f"<th scope='col'>What changes</th></tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _trainee(row: Change, numbers: dict[str, int], name: str) -> str:
    tone = "poor" if (row.new or 0) < (row.old or 0) else "good"
    sign = "▼" if tone == "poor" else "▲"
    if row.new == row.old:
        tone, sign = "new", "＝"
    parts = "<br>".join(_moves(row, numbers))
    return (
        f"<tr><td><b>{esc(name)}</b><small>{esc(row.student)}</small></td>"
        f"<td class='num'>{row.shown(row.old)} → <b>{row.shown(row.new)}</b> "
        f"<span class='cxd-is {tone}'>{sign}</span></td><td>{parts}</td></tr>"
    )


def _moves(row: Change, numbers: dict[str, int]) -> Iterator[str]:
    for m in row.tests:
        yield f"{esc(_name(m.cell, numbers))}: {row.shown(m.old)} → {row.shown(m.new)}"
    if row.note:
        yield f"<b>{esc(row.note)}</b>"
