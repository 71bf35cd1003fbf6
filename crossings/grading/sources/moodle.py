"""A Moodle download of all submissions of an assignment: a zip.

Full Name_12345_assignsubmission_file_/people.ipynb     a folder for each participant
Full Name_12345_assignsubmission_file_people.ipynb      or all files side by side
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from crossings.grading import upload
from crossings.grading.sources import reading
from crossings.grading.sources.handed import Handed, SourceError
from crossings.grading.upload import BadUploadError

MAX_MEMBERS = 200_000
_NAME = re.compile(
    r"(?P<who>[^/\\]*?)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*))?",
    re.DOTALL,
)
_PLUGINS = ("file",)
"""What participants wrote into Moodle's own text field (`onlinetext`) is no notebook."""


def read(path: Path) -> Iterator[Handed]:
    """Each participant's submission. Only one is in memory at a time.

    Raises:
        SourceError: when the file is no zip, or not from Moodle.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            groups = _grouped(archive)
            if not groups:
                raise SourceError(
                    f"{path.name} is no Moodle download of submissions: in it no name has the form "
                    "`Full Name_12345_assignsubmission_file_`."
                )
            for (who, number), members in groups.items():
                yield _one(archive, who, number, members)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise SourceError(f"{path.name} is damaged: download it again.") from error


def _grouped(
    archive: zipfile.ZipFile,
) -> dict[tuple[str, str], list[tuple[str, zipfile.ZipInfo]]]:
    """The members of each participant, with what they are called inside the submission."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise SourceError(f"The zip holds over {MAX_MEMBERS:,} files.")
    found: dict[tuple[str, str], list[tuple[str, zipfile.ZipInfo]]] = {}
    for member in members:
        # A path that climbs out is still somebody's: the first part that Moodle made says whose.
        plain = member.filename.replace("\\", "/").lstrip("/")
        place = _NAME.search(plain)
        if place is None or place["plugin"] not in _PLUGINS:
            continue
        group = found.setdefault((place["who"].rsplit("/", 1)[-1], place["number"]), [])
        if not member.is_dir():
            group.append(((place["rest"] or "").lstrip("/"), member))
    return found


def _one(
    archive: zipfile.ZipFile, who: str, number: str, members: list[tuple[str, zipfile.ZipInfo]]
) -> Handed:
    label = f"{who}_{number}"
    try:
        files = reading.opened(_files(archive, members))
    except BadUploadError as error:
        return Handed(label, who, refused=str(error), key=number)
    except Exception as error:  # a torn member: zlib and lzma raise errors of their own
        reason = f"it cannot be unpacked ({type(error).__name__})"
        return Handed(label, who, refused=reason, key=number)
    return Handed(label, who, files=files, key=number)


def _files(
    archive: zipfile.ZipFile, members: list[tuple[str, zipfile.ZipInfo]]
) -> dict[str, bytes]:
    if len(members) > upload.MAX_FILES:
        raise BadUploadError(f"it holds over {upload.MAX_FILES} files")
    if sum(member.file_size for _, member in members) > upload.MAX_UNPACKED:
        raise BadUploadError(f"it unpacks to over {upload.MAX_UNPACKED // 1_000_000} MB")
    found: dict[str, bytes] = {}
    for name, member in members:
        upload.checked(member)
        reading.check_name(name)
        if not name or name in found:
            raise BadUploadError("it holds two files of the same name")
        if not upload.is_skipped(name):
            found[name] = upload.content(archive, member)
    return found
