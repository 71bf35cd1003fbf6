"""An nbgrader exchange: `inbound/user+assignment+timestamp+random/…`, the latest of each user."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from crossings.grading.sources import reading
from crossings.grading.sources.handed import Handed
from crossings.grading.upload import BadUploadError

_NAME = re.compile(r"(?P<user>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>[^+]+?)(?:\+[^+]*)?")
_FORMS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S")


def inbound(place: Path) -> Path | None:
    """The inbound folder in, or at, `place`; None where it is no exchange."""
    for found in (place, place / "inbound", *sorted(place.glob("*/inbound"))):
        if found.is_dir() and any(_NAME.fullmatch(p.name) for p in found.iterdir()):
            return found
    return None


def read(place: Path, assignment: str) -> Iterator[Handed]:
    """The latest submission of `assignment` of each user."""
    latest: dict[str, tuple[str, Path]] = {}
    for path in sorted(place.iterdir()):
        found = _NAME.fullmatch(path.name)
        if found is None or found["assignment"] != assignment:
            continue
        when = _time(found["time"])
        if found["user"] not in latest or when > latest[found["user"]][0]:
            latest[found["user"]] = (when, path)
    for user, (when, path) in sorted(latest.items()):
        yield _one(user, when, path)


def _one(user: str, when: str, path: Path) -> Handed:
    try:
        if path.is_symlink() or not path.is_dir():
            raise BadUploadError("it is no folder")
        files = reading.folder(path)
    except BadUploadError as error:
        return Handed(path.name, user, True, refused=str(error), received_at=when)
    return Handed(path.name, user, True, files, received_at=when)


def _time(written: str) -> str:
    """nbgrader's time stamp, which is UTC unless the course says otherwise."""
    plain = written.strip().removesuffix(" UTC")
    for form in _FORMS:
        with contextlib.suppress(ValueError):
            found = datetime.strptime(plain, form).replace(tzinfo=UTC)
            return found.isoformat(timespec="seconds").replace("+00:00", "Z")
    return ""
