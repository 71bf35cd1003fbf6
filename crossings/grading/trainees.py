"""Who handed in: identity without accounts.

A trainee types a name and, where the academy uses them, a number. The first hand-in creates a
private code; with it the trainee comes back, whatever they type as a name. The same name without
the code is treated as somebody else, and flagged, so that nobody can overwrite another's work.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from crossings.grading import durable
from crossings.workspace import Workspace

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"
"""No I, L, O or U: they are misread, or make words."""
MAX_NAME = 80
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}


class UnknownCodeError(Exception):
    """No trainee has this code."""


@dataclass(frozen=True)
class Trainee:
    """`student` is the id in file names and in nbgrader; `key` the hand-in that created it."""

    student: str
    name: str
    number: str
    code: str
    key: str
    collides_with: str = ""


def new_code() -> str:
    """A private code: four groups of four letters."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def tidy_code(typed: str) -> str:
    """A typed code as it was given; "" where it cannot be one."""
    letters = [c for c in typed.upper() if c in LETTERS]
    if len(letters) != 16 or len(typed) > 60:
        return ""
    return "-".join("".join(letters[n : n + 4]) for n in range(0, 16, 4))


def tidy_name(typed: str) -> str:
    """A name as people see it: one line, no control characters, not too long."""
    plain = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", typed))
    return " ".join(plain.split())[:MAX_NAME].strip()


def slug(name: str, number: str) -> str:
    """A student id made of a name: letters a to z, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", f"{name} {number}".lower())
    found = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:40]
    found = found.strip("-")
    if not re.search(r"[a-z]", found) or found in _RESERVED:
        # A name in another script has no letters to offer: a short fingerprint stands for it.
        print_ = hashlib.sha256(f"{name} {number}".encode()).hexdigest()[:6]
        found = f"trainee-{found}-{print_}" if found else f"trainee-{print_}"
    return found


def _shelf(workspace: Workspace) -> Path:
    return workspace.var / "trainees"


def _code_file(workspace: Workspace, code: str) -> Path:
    return workspace.var / "codes" / f"{code_name(code)}.json"


def code_name(code: str) -> str:
    """The file name that stands for a code, so that a listing gives no code away."""
    return hashlib.sha256(code.encode()).hexdigest()[:32]


def find(workspace: Workspace, student: str) -> Trainee | None:
    if not re.fullmatch(r"[a-z0-9-]+", student):
        return None
    found = durable.read_json(_shelf(workspace) / student / "trainee.json")
    try:
        return Trainee(**found) if found else None
    except TypeError:
        return None


def by_code(workspace: Workspace, typed: str) -> Trainee | None:
    """The trainee whose code this is."""
    code = tidy_code(typed)
    link = durable.read_json(_code_file(workspace, code)) if code else None
    found = find(workspace, str(link.get("student", ""))) if link else None
    return found if found is not None and secrets.compare_digest(found.code, code) else None


def everyone(workspace: Workspace) -> list[Trainee]:
    """All trainees, by student id."""
    folders = sorted(_shelf(workspace).glob("*/trainee.json"))
    found = (find(workspace, path.parent.name) for path in folders)
    return [trainee for trainee in found if trainee is not None]


def arrive(workspace: Workspace, name: str, number: str, code: str, key: str) -> Trainee:
    """The trainee who hands in, made when new.

    `key` names this hand-in: when its answer got lost on the way and it is sent again, the same
    trainee is found, not a second one of the same name.

    Raises:
        UnknownCodeError: when a code is given and nobody has it.
    """
    if code.strip():
        known = by_code(workspace, code)
        if known is None:
            raise UnknownCodeError
        return known
    return _new(workspace, name, number, hashlib.sha256(key.encode()).hexdigest())


def _new(workspace: Workspace, name: str, number: str, key: str) -> Trainee:
    wanted, first, tries = slug(name, number), "", 1
    while True:
        student = wanted if tries == 1 else f"{wanted}-{tries}"
        there = find(workspace, student)
        if there is not None and there.key == key:
            return there
        if there is None:
            fresh = Trainee(student, name, number, new_code(), key, first)
            if _register(workspace, fresh):
                return fresh
        first, tries = first or student, tries + 1


def _register(workspace: Workspace, trainee: Trainee) -> bool:
    """Save a new trainee; False when somebody else took the id meanwhile."""
    durable.replace_json(_code_file(workspace, trainee.code), {"student": trainee.student})
    with durable.folder(workspace.var) as made:
        durable.write_json(made / "trainee.json", asdict(trainee))
        try:
            durable.place(made, _shelf(workspace) / trainee.student)
        except FileExistsError:
            _code_file(workspace, trainee.code).unlink(missing_ok=True)
            return False
    return True


def forget(workspace: Workspace, trainee: Trainee) -> None:
    """Take back a trainee whose first hand-in could not be saved."""
    record = _shelf(workspace) / trainee.student / "trainee.json"
    record.unlink(missing_ok=True)
    record.parent.rmdir()
    _code_file(workspace, trainee.code).unlink(missing_ok=True)
