"""What a trainer gets: the class in one PDF, a list of names, and each badge to hand out."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

from crossings.curriculum.model import Course
from crossings.exchange import badge, baking
from crossings.grading.awards import medal, paper
from crossings.grading.awards.issue import Issued, Round
from crossings.grading.awards.paper import Style, Unnamed
from crossings.grading.awards.rule import Award, Completion
from crossings.grading.export import safe
from crossings.workspace import Workspace


def place(workspace: Workspace, which: Award) -> Path:
    return workspace.gradebook.parent / "certificates" / which.id


@dataclass(frozen=True)
class Written:
    """What to look at, and whose names are to be written on the paper by hand."""

    paths: tuple[Path, ...]
    unnamed: tuple[Unnamed, ...]


def write(course: Course, rule: Completion, made: Round, folder: Path) -> Written:
    """Write everything into `folder`, over what an earlier run wrote."""
    everybody = folder / "certificates.pdf"
    names, badges = folder / "names.csv", folder / "badges"
    sheets = paper.certificates(made.issued, Style.of(rule, course.root))
    badges.mkdir(parents=True, exist_ok=True)
    everybody.write_bytes(sheets.content)
    names.write_text(_names(made), encoding="utf-8-sig")
    for one in made.issued:
        (badges / f"{one.student}.png").write_bytes(png(one))
        (badges / f"{one.student}.json").write_text(document(one), encoding="utf-8")
    return Written((everybody, names, badges), sheets.unnamed)


def _names(made: Round) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(
        ["Student", "Name", "Award", "Issued", "Valid until", "Certificate", "Fingerprint"]
    )
    for one in made.issued:
        read = one.read
        until = read.until.date().isoformat() if read.until else ""
        row = (one.student, read.name, read.award, read.since.date().isoformat(), until)
        rows.writerow([safe(v) for v in (*row, read.id, badge.fingerprint(one.credential))])
    return text.getvalue()


def png(one: Issued) -> bytes:
    """The badge with its credential inside."""
    return baking.baked(medal.picture(one.read.award), document(one))


def document(one: Issued) -> str:
    return json.dumps(one.credential, ensure_ascii=False, indent=1) + "\n"
