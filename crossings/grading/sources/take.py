"""Submissions from elsewhere into nbgrader's `submitted` folder, each with where it came from."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from crossings.curriculum.model import Course
from crossings.grading import answers, collect, durable, notebooks, release, upload
from crossings.grading.sources import exchange, folder, moodle, people
from crossings.grading.sources.handed import Handed, SourceError
from crossings.grading.sources.people import People
from crossings.grading.upload import BadUploadError, Wanted
from crossings.workspace import Workspace


@dataclass
class Collection:
    """What was found: taken, unchanged, refused with the reason, taken without a notebook of
    several, and without an owner."""

    taken: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    lacking: dict[str, str] = field(default_factory=dict)
    ownerless: dict[str, str] = field(default_factory=dict)

    def summary(self) -> str:
        return (
            f"{len(self.taken)} submission(s) taken, {len(self.same)} already here, "
            f"{len(self.refused)} refused, {len(self.ownerless)} without an owner."
        )

    def told(self) -> Iterator[str]:
        """A line for each that a person should look at."""
        for label, why in self.refused.items():
            yield f"{_shown(label)}: not gradable, {why}"
        for label, what in self.lacking.items():
            yield f"{_shown(label)}: taken without {what}, for which there are 0 points"
        for label, why in self.ownerless.items():
            yield f"{_shown(label)}: not taken, {why}. Say who it is with --names, or --add-unknown"


def _shown(label: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in label)[:80]


def take(
    course: Course,
    workspace: Workspace,
    assignment: str,
    place: Path,
    *,
    names: Path | None = None,
    add: bool = False,
) -> Collection:
    """Take the submissions of `assignment` at `place`: an exchange, a folder, or a Moodle zip.

    Raises:
        SourceError: when the place is none of these, or the assignment does not exist.
    """
    name, wanted = _assignment(course, assignment)
    chosen = people.list_in(names) if names is not None else {}
    known = people.known(workspace, chosen)
    found = Collection()
    seen: dict[str, str] = {}
    for handed in _read(place.expanduser(), name, wanted or {}):
        student = _owner(workspace, known, handed, add, found)
        if not student:
            continue
        if student in seen:
            found.ownerless[handed.label] = f"`{student}` has another one here: {seen[student]}"
            continue
        seen[student] = handed.label
        _put(workspace, name, student, handed, wanted, found)
    return found


def _assignment(course: Course, assignment: str) -> tuple[str, Wanted | None]:
    """Its name, and its notebooks: None for a worksheet, which is handed in as answers."""
    if assignment in course.exercises:
        source = course.root / "exercises" / "source" / assignment
        return assignment, notebooks.wanted(source, assignment)
    try:
        return release.find_worksheet(course, assignment)[1].id, None
    except KeyError:
        there_are = ", ".join(release.assignments(course)) or "none yet"
        raise SourceError(
            f"There is no assignment `{assignment}`. There are: {there_are}."
        ) from None


def _read(place: Path, assignment: str, wanted: Wanted) -> Iterator[Handed]:
    if place.is_file():
        return moodle.read(place)
    if not place.is_dir():
        raise SourceError(f"There is no file or folder {place}.")
    inbound = exchange.inbound(place)
    if inbound is not None:
        return exchange.read(inbound, assignment)
    return folder.read(place, assignment, tuple(wanted))


def _owner(
    workspace: Workspace, known: People, handed: Handed, add: bool, found: Collection
) -> str:
    owner = known.find(handed)
    if owner.student:
        return owner.student
    if add and owner.why.startswith("nobody"):
        made = people.add_all(workspace, [handed])
        if made:
            return made[handed.label]
    found.ownerless[handed.label] = owner.why
    return ""


def _put(
    workspace: Workspace,
    assignment: str,
    student: str,
    handed: Handed,
    wanted: Wanted | None,
    found: Collection,
) -> None:
    """Write the submission, whole or not at all; a refused one leaves its reason there."""
    refused, files = handed.refused, {}
    if not refused:
        try:
            files = _arranged(dict(handed.files), wanted)
        except BadUploadError as error:
            refused = str(error)
    if refused:
        found.refused[handed.label] = refused
    elif wanted and (lacking := upload.lacking(files, wanted)):
        found.lacking[handed.label] = " and ".join(lacking)
    digest = hashlib.sha256(refused.encode())
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    told = {
        "from": handed.label,
        "received_at": handed.received_at,
        "sha256": digest.hexdigest(),
        "refused": refused,
        "at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    before = collect.brought_of(workspace, assignment, student)
    kept = ("received_at", "sha256", "refused")
    if before is not None and all(before.get(k) == told[k] for k in kept):
        found.same.append(student)
        return
    place = collect.place_of(workspace, assignment, student)
    with durable.folder(workspace.var) as made:
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if handed.received_at:
            stamp = handed.received_at.replace("T", " ").replace("Z", " UTC")
            (made / "timestamp.txt").write_text(stamp + "\n", encoding="utf-8")
        durable.write_json(made / collect.BROUGHT, told)
        shutil.rmtree(place, ignore_errors=True)
        durable.place(made, place)
    if not refused:
        found.taken.append(student)


def _arranged(files: dict[str, bytes], wanted: Wanted | None) -> dict[str, bytes]:
    files = {name: content for name, content in files.items() if name not in collect.RESERVED}
    if wanted is not None:
        # Of a lone notebook nothing is asked but that it can be read; of several, that none is
        # taken for another.
        return upload.arranged(files, wanted if len(wanted) > 1 else dict.fromkeys(wanted, ()))
    for name, content in files.items():
        if name.rsplit("/", 1)[-1] == answers.FILE:
            return {answers.FILE: content}
    raise BadUploadError(f"there is no {answers.FILE} in it")
