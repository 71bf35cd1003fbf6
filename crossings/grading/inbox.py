"""The inbox: what learners hand in, kept before it is acknowledged.

    var/inbox/<assignment>/<student>/<UTC time>-<id>/   answers.json or upload.*, and receipt.json

A submission is written in a folder of its own, forced to the disk and then renamed into place, so
it is whole or absent. Every version is kept; the latest counts.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crossings.grading import answers, durable, trainees, upload
from crossings.items.score import MAX_TEXT
from crossings.workspace import Workspace

RECEIPT = "receipt.json"
MAX_ANSWERS = 500
_ASSIGNMENT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_TIME = "%Y%m%dT%H%M%S%fZ"
_door = threading.Lock()
"""Naming a submission and a trainee happens one at a time; writing takes milliseconds."""


class RefusedError(Exception):
    """The hand-in is not acceptable; the message says why and what to do."""


class IncompleteError(RefusedError):
    """Notebooks are missing in the hand-in. The learner may hand in all the same."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        files, verb = " and ".join(missing), "is" if len(missing) == 1 else "are"
        super().__init__(
            f"Not handed in yet: {files} {verb} missing. Your latest hand-in counts as a whole: "
            "for a notebook that is not in it there are 0 points."
        )
        self.missing = missing


@dataclass(frozen=True)
class Receipt:
    """Proof of a hand-in, given only after everything is on the disk.

    `sha256` is over the canonical JSON of assignment, version and answers, or over the bytes of
    the file handed in; of several files over the lines that `sha256sum` prints, by name.
    """

    submission: str
    assignment: str
    student: str
    name: str
    received_at: str
    sha256: str
    kind: str
    code: str
    """Private: opens the feedback, and lets the trainee hand in again."""
    missing: tuple[str, ...] = ()
    """Notebooks of the assignment that were not in the hand-in, as the trainee was told."""


@dataclass(frozen=True)
class Submission:
    """A hand-in in the inbox."""

    assignment: str
    student: str
    path: Path

    @property
    def receipt(self) -> dict[str, Any]:
        return durable.read_json(self.path / RECEIPT) or {}


def receive(
    workspace: Workspace,
    assignment: str,
    name: str,
    responses: Mapping[str, Any],
    *,
    version: int = 1,
    number: str = "",
    code: str = "",
    key: str = "",
) -> Receipt:
    """Take in the answers to a worksheet.

    `key` is the sender's own random name for this hand-in: sending the same again with the same
    key gives the same receipt and keeps one submission.

    Raises:
        RefusedError: when name or answers are not acceptable.
        trainees.UnknownCodeError: when nobody has `code`.
        durable.NotSavedError: when the disk refuses; nothing is left behind.
    """
    _check_answers(responses)
    content = {"assignment": assignment, "version": version, "answers": dict(responses)}
    try:
        whole = answers.canonical(content)
    except (ValueError, TypeError, RecursionError):
        raise RefusedError("The answers are not plain data.") from None
    if len(whole) > answers.MAX_BYTES:
        raise RefusedError("The answers are over 2 MB. Shorten them and hand in again.")
    digest = hashlib.sha256(whole).hexdigest()

    def fill(folder: Path, trainee: trainees.Trainee, at: str) -> None:
        document = content | {"student": trainee.student, "submitted_at": at}
        durable.write_json(folder / answers.FILE, document)

    return _take(workspace, assignment, (name, number, code), key, digest, "answers", fill)


def receive_upload(
    workspace: Workspace,
    assignment: str,
    name: str,
    filename: str,
    body: bytes,
    *,
    wanted: upload.Wanted | None = None,
    number: str = "",
    code: str = "",
    key: str = "",
) -> Receipt:
    """Take in a notebook or a zip, as `receive_files` does."""
    sent = [(filename, body)]
    return receive_files(
        workspace, assignment, name, sent, wanted=wanted, number=number, code=code, key=key
    )


def receive_files(
    workspace: Workspace,
    assignment: str,
    name: str,
    sent: Sequence[tuple[str, bytes]],
    *,
    wanted: upload.Wanted | None = None,
    partial: bool = False,
    number: str = "",
    code: str = "",
    key: str = "",
) -> Receipt:
    """Take in a notebook, a zip, or all files of an assignment with several notebooks.

    `sent` are the files with the names that the learner gave them; `wanted` the notebooks of the
    assignment. Only with `partial` may some of them be missing.

    Raises as `receive` does, and:
        IncompleteError: when a notebook is missing; the learner decides whether to go on.
    """
    wanted = wanted or {assignment: ()}
    try:
        missing = upload.lacking(_files_in(sent, wanted), wanted)
    except upload.BadUploadError as error:
        raise RefusedError(f"Not handed in: {error}.") from None
    if missing and not partial:
        raise IncompleteError(missing)
    name_kept, body = _kept(sent, wanted)

    def fill(folder: Path, trainee: trainees.Trainee, at: str) -> None:
        durable.write(folder / name_kept, body)

    who, digest = (name, number, code), _digest(sent)
    return _take(workspace, assignment, who, key, digest, "notebook", fill, missing)


def _files_in(sent: Sequence[tuple[str, bytes]], wanted: upload.Wanted) -> dict[str, bytes]:
    if len(sent) == 1:
        return upload.files_in(*sent[0], wanted, strict=True)
    if len(wanted) == 1:
        raise upload.BadUploadError("hand in one file: your notebook, or a zip of the folder")
    return upload.arranged(upload.together(sent), wanted, strict=True)


def _kept(sent: Sequence[tuple[str, bytes]], wanted: upload.Wanted) -> tuple[str, bytes]:
    """What is kept, and under which name: what came as it came, or a zip that keeps the names."""
    if len(sent) == 1 and upload.is_zip(sent[0][1]):
        return "upload.zip", sent[0][1]
    if len(wanted) == 1:
        return "upload.ipynb", sent[0][1]
    return "upload.zip", upload.packed(upload.together(sent))


def _digest(sent: Sequence[tuple[str, bytes]]) -> str:
    """Of one file its SHA-256; of several that of what `sha256sum *` prints about them."""
    if len(sent) == 1:
        return hashlib.sha256(sent[0][1]).hexdigest()
    lines = sorted(
        (n, hashlib.sha256(body).hexdigest()) for n, body in upload.together(sent).items()
    )
    return hashlib.sha256("".join(f"{d}  {n}\n" for n, d in lines).encode()).hexdigest()


def _check_answers(responses: Mapping[str, Any]) -> None:
    if len(responses) > MAX_ANSWERS:
        raise RefusedError(f"There are over {MAX_ANSWERS} answers.")
    for response in responses.values():
        text = response.get("text") if isinstance(response, Mapping) else None
        if isinstance(text, str) and len(text) > MAX_TEXT:
            raise RefusedError(
                f"One of your texts is over {MAX_TEXT} characters. Shorten it and hand in again."
            )


def _take(
    workspace: Workspace,
    assignment: str,
    who: tuple[str, str, str],
    key: str,
    digest: str,
    kind: str,
    fill: Any,
    missing: tuple[str, ...] = (),
) -> Receipt:
    """Everything that both kinds of hand-in share, from the name to the receipt."""
    if not _ASSIGNMENT.fullmatch(assignment):
        raise RefusedError("There is no such assignment.")
    name, number = trainees.tidy_name(who[0]), trainees.tidy_name(who[1])[:20]
    if not name and not who[2].strip():
        raise RefusedError("Write your name, so that the trainer knows whose work this is.")
    if key and not _KEY.fullmatch(key):
        raise RefusedError("The hand-in has an unusable key. Reload the page and try again.")
    key = key or secrets.token_hex(16)
    with _door, durable.explained():
        trainee = trainees.arrive(workspace, name, number, who[2], key)
        try:
            return _file(workspace, assignment, trainee, key, digest, kind, fill, missing)
        except OSError:
            _take_back(workspace, trainee)
            raise


def _file(
    workspace: Workspace,
    assignment: str,
    trainee: trainees.Trainee,
    key: str,
    digest: str,
    kind: str,
    fill: Any,
    missing: tuple[str, ...] = (),
) -> Receipt:
    shelf = workspace.inbox / assignment / trainee.student
    identity = hashlib.sha256(f"{assignment}/{key}/{digest}".encode()).hexdigest()[:10]
    before = next(iter(shelf.glob(f"*-{identity}")), None)
    if before is not None and (found := durable.read_json(before / RECEIPT)):
        found["missing"] = tuple(found.get("missing", ()))
        return Receipt(**found, code=trainee.code)
    now = datetime.now(UTC)
    at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    receipt = Receipt(
        submission=identity,
        assignment=assignment,
        student=trainee.student,
        name=trainee.name,
        received_at=at,
        sha256=digest,
        kind=kind,
        code=trainee.code,
        missing=missing,
    )
    with durable.folder(workspace.inbox) as made:
        fill(made, trainee, at)
        public = {k: v for k, v in asdict(receipt).items() if k != "code"}
        durable.write_json(made / RECEIPT, public)
        durable.place(made, shelf / f"{_stamp(shelf, now)}-{identity}")
    return receipt


def _stamp(shelf: Path, now: datetime) -> str:
    """A time for the folder's name that sorts after all before it, even if the clock went back."""
    fresh = now.strftime(_TIME)
    last = max((p.name.split("-")[0] for p in shelf.glob("*-*")), default="")
    if fresh > last:
        return fresh
    return (datetime.strptime(last, _TIME) + timedelta(microseconds=1)).strftime(_TIME)


def _take_back(workspace: Workspace, trainee: trainees.Trainee) -> None:
    """Forget a trainee who has nothing in the inbox; a failed first hand-in leaves no trace."""
    if any(workspace.inbox.glob(f"*/{trainee.student}/*/{RECEIPT}")):
        return
    for empty in workspace.inbox.glob(f"*/{trainee.student}"):
        if not any(empty.iterdir()):
            empty.rmdir()
    try:
        trainees.forget(workspace, trainee)
    except OSError:
        return  # the disk is in trouble; the name's record is found again by the same key


def latest(workspace: Workspace, assignment: str) -> dict[str, Submission]:
    """The latest hand-in of each student."""
    found: dict[str, Submission] = {}
    for receipt in sorted((workspace.inbox / assignment).glob(f"*/*/{RECEIPT}")):
        folder = receipt.parent
        found[folder.parent.name] = Submission(assignment, folder.parent.name, folder)
    return found


def latest_of(workspace: Workspace, assignment: str, student: str) -> Submission | None:
    """The latest hand-in of one student."""
    receipts = sorted((workspace.inbox / assignment / student).glob(f"*/{RECEIPT}"))
    return Submission(assignment, student, receipts[-1].parent) if receipts else None


def count_versions(workspace: Workspace, assignment: str, student: str) -> int:
    return len(list((workspace.inbox / assignment / student).glob(f"*/{RECEIPT}")))


def sweep(workspace: Workspace) -> None:
    """Remove what a killed process left half written. Call before the learner site opens."""
    import shutil

    for place in (workspace.inbox, workspace.var):
        shutil.rmtree(place / ".incoming", ignore_errors=True)
