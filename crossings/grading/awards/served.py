"""A trainee's certificate as a file, made when it is asked for."""

from __future__ import annotations

import re

from crossings.curriculum.model import Course
from crossings.grading.awards import files, issue, paper
from crossings.grading.awards.paper import PaperError, Style
from crossings.grading.awards.rule import read
from crossings.grading.ledger import Ledger
from crossings.workspace import Workspace

_NAME = re.compile(r"([0-9a-f-]{36})\.(pdf|png|json)")
_MEDIA = {"pdf": "application/pdf", "png": "image/png", "json": "application/json"}


def file(
    course: Course, workspace: Workspace, student: str, name: str
) -> tuple[bytes, str, str] | None:
    """Content, media type and file name of `<uuid>.<kind>`; None where `student` has no such
    certificate, or it was revoked.

    Raises:
        PaperError: when it cannot be drawn, as where no font has the letters of the name.
        LedgerError: when the ledger is damaged.
    """
    asked = _NAME.fullmatch(name)
    if asked is None or not student:
        return None
    with Ledger(workspace) as ledger:
        mine = issue.issued(ledger, student)
    identity = f"urn:uuid:{asked[1]}"
    one = next((i for i in mine if i.credential["id"] == identity and not i.revoked_at), None)
    if one is None:
        return None
    kind = asked[2]
    if kind == "pdf":
        rule, _ = read(course)
        style = Style.of(rule, course.root) if rule else Style()
        sheets = paper.certificates([one], style)
        if sheets.unnamed:
            raise PaperError("nothing on this computer can draw the name")
        content = sheets.content
    else:
        content = files.png(one) if kind == "png" else files.document(one).encode("utf-8")
    return content, _MEDIA[kind], f"{one.award}.{kind}"
