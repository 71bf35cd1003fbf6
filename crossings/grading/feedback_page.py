"""The feedback of one trainee as a page, with what they asked about it and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossings.grading import pages, trainees
from crossings.grading.ledger import LedgerError, regrade
from crossings.workspace import Workspace

SAID = {"changed": "Your marks were changed.", "stays": "Your marks stay as they are."}


def feedback_page(workspace: Workspace, found: Mapping[str, Any]) -> str:
    """`found` is what `feedback.by_code` gives."""
    student = str(found.get("student", ""))
    try:
        asked = regrade.of_student(workspace, student) if student else {}
    except LedgerError:
        asked = {}  # the marks are still worth showing
    trainee = trainees.find(workspace, student)
    entries = [
        {**entry, "id": name, "thread": _thread(entry, asked.get(name, []))}
        for name, entry in found["assignments"].items()
    ]
    data = {"code": trainee.code if trainee else "", "limit": regrade.MAX_TEXT}
    return pages.render(
        "feedback.html",
        name=found["name"],
        assignments=entries,
        limit=regrade.MAX_TEXT,
        data=data,
    )


def _thread(entry: Mapping[str, Any], asked: list[regrade.Request]) -> list[dict[str, Any]]:
    numbers = {q.get("cell"): n for n, q in enumerate(entry["questions"], 1)}
    return [
        {
            "about": f"Question {numbers[r.question]}" if r.question in numbers else "",
            "at": r.at,
            "text": r.text,
            "answers": [
                {"at": a.at, "text": a.text, "said": SAID.get(a.decision, "")} for a in r.answers
            ],
        }
        for r in asked
    ]
