"""The rubric above each answer in nbgrader's formgrader. Named in exercises/nbgrader_config.py.

Only a page for marking gets it: feedback is made with the same exporter, and trainees must not
see the examples.
"""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor

from crossings.curriculum import CourseError, current, named
from crossings.grading.rubrics.questions import Criterion, Question, questions
from crossings.workspace import Workspace


class Rubrics(Preprocessor):
    """Puts each question's rubric before the cell with its answer, as Markdown."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        if "submission_id" not in resources or "nbgrader" in resources:
            return nb, resources
        assignment = str(resources.get("assignment_id", ""))
        notebook = str(resources.get("notebook_id") or assignment)
        found = _questions(assignment)
        shown = []
        for cell in nb.cells:
            own = str((cell.metadata.get("nbgrader") or {}).get("grade_id"))
            name = named.question(assignment, notebook, own)
            if name in found:
                shown.append(_cell(markdown(found.pop(name))))
            shown.append(cell)
        nb.cells = shown
        return nb, resources


def _questions(assignment: str) -> dict[str, Question]:
    try:
        return {q.cell: q for q in questions(current(), Workspace.current(), assignment)}
    except (CourseError, KeyError):
        # A course that is being rewritten must not keep anybody from marking.
        return {}


def _cell(source: str) -> Any:
    from nbformat.v4 import new_markdown_cell

    return new_markdown_cell(source)  # type: ignore[no-untyped-call]


def markdown(question: Question) -> str:
    """A question's rubric: for each criterion its levels, then what markers should know."""
    parts = ["**Rubric** (for markers only)"]
    parts += [_criterion(criterion) for criterion in question.criteria]
    if question.notes:
        parts.append(f"*For markers:* {_line(question.notes)}")
    return "\n\n".join(parts)


def _criterion(criterion: Criterion) -> str:
    rows = [f"| {criterion.points:g} | {_cellular(criterion.text)} |", "| ---: | --- |"]
    for level in criterion.levels:
        example = f" *Example:* {_cellular(level.example)}" if level.example else ""
        rows.append(f"| {level.points:g} | {_cellular(level.text)}{example} |")
    return "\n".join(rows)


def _cellular(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())
