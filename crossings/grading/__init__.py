"""Marking: worksheets and notebooks handed in, scored, marked by people, given back.

    release.py    a worksheet becomes an nbgrader assignment; `prepare` readies all assignments
    worksheet.py  the worksheet in a notebook, as ipywidgets
    inbox.py      what learners hand in, with a receipt; trainees.py says who they are
    routes.py     the pages of the learner site
    mark.py       `grade`: collect, score, report;  feedback.py: what goes back to the trainee

Answers are data: nothing that a learner wrote in a worksheet is ever executed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossings.grading.worksheet import WorksheetForm

# jsonschema, which comes with nbformat, would build grammars for addresses: seconds at every start,
# and notebooks have none. It does without where they are missing.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def worksheet(name: str) -> WorksheetForm:
    """Show the worksheet `name` in a notebook; answers are kept in answers.json beside it."""
    from crossings.grading.worksheet import open_form

    return open_form(name)


__all__ = ["worksheet"]
