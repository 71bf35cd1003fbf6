"""Hostile archives and folders: each is refused with its reason, the others are marked."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import Course
from crossings.grading import mark, upload
from crossings.grading.sources import take
from crossings.workspace import Workspace
from tests.grading.conftest import classroom, course, released, workspace  # noqa: F401
from tests.grading.sources.test_take import RIGHT, class_of

pytestmark = pytest.mark.attack
EVE = "Eve_666_assignsubmission_file_/"

Attack = Callable[[Any], None]


def _put(name: str, content: bytes = b"x", **attributes: int) -> Attack:
    def put(archive: Any) -> None:
        member = zipfile.ZipInfo(name)
        member.compress_type = zipfile.ZIP_DEFLATED
        for key, value in attributes.items():
            setattr(member, key, value)
        archive.writestr(member, content)

    return put


def _many(archive: Any) -> None:
    for number in range(upload.MAX_FILES + 1):
        archive.writestr(f"{EVE}{number}.csv", b"x")


def _twice(archive: Any) -> None:
    for _ in range(2):
        archive.writestr(f"{EVE}people.ipynb", RIGHT)


def _inner(make: Attack) -> Attack:
    """A zip that a participant uploaded, inside Moodle's."""

    def put(archive: Any) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as inner:
            inner.writestr("people.ipynb", RIGHT)
            make(inner)
        archive.writestr(f"{EVE}work.zip", made.getvalue())

    return put


LINK = 0o120777 << 16
ATTACKS: dict[str, tuple[Attack, str]] = {
    "climbs out": (_put(f"{EVE}../../../pwned.ipynb"), "leads out"),
    "climbs out before": (_put(f"../../{EVE}pwned.ipynb"), "leads out"),
    "absolute": (_put(f"/{EVE}pwned.ipynb"), "leads out"),
    "backslash": (_put(f"{EVE}..\\..\\pwned.ipynb"), "leads out"),
    "drive": (_put(f"{EVE}C:pwned.ipynb"), "leads out"),
    "link": (_put(f"{EVE}people.ipynb", b"/etc/passwd", external_attr=LINK), "link"),
    "bomb": (_put(f"{EVE}people.ipynb", bytes(30_000_000)), "suspiciously large"),
    "too much": (_put(f"{EVE}a.csv", os.urandom(1) * 90_000_000), "unpacks to over"),
    "many files": (_many, "over 200 files"),
    "twice": (_twice, "same name"),
    "long name": (_put(f"{EVE}{'n' * 300}.ipynb"), "long name"),
    "control characters": (_put(f"{EVE}a\x07b.ipynb"), "leads out"),
    "nothing": (_put(f"{EVE}readme.txt"), "no notebook"),
    "two notebooks": (lambda a: (_put(f"{EVE}a.ipynb")(a), _put(f"{EVE}b.ipynb")(a)), "several"),
    "not utf-8": (_put(f"{EVE}people.ipynb", b"\xff\xfe{"), "not a notebook"),
    "deep": (_put(f"{EVE}people.ipynb", b"[" * 200_000), "not a notebook"),
    "inner climbs out": (_inner(_put("../../pwned.csv")), "leads out"),
    "inner link": (_inner(_put("link.csv", b"/etc/passwd", external_attr=LINK)), "link"),
    "inner bomb": (_inner(_put("bomb.csv", bytes(50_000_000))), "suspiciously large"),
    "inner is no zip": (_put(f"{EVE}work.zip", b"PK no"), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_one_hostile_submission_in_a_moodle_zip(
    classroom: Workspace,  # noqa: F811
    course: Course,  # noqa: F811
    tmp_path: Path,
    name: str,
) -> None:
    class_of(classroom, "Amina", "Eve", "Zoe")
    attack, said = ATTACKS[name]
    path = tmp_path / "moodle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Amina_1_assignsubmission_file_/people.ipynb", RIGHT)
        attack(archive)
        archive.writestr("Zoe_2_assignsubmission_file_/people.ipynb", RIGHT)
    found = take(course, classroom, "people", path)
    assert sorted(found.taken) == ["amina", "zoe"]
    assert said in " ".join(found.refused.values()), found
    assert {p.name for p in tmp_path.iterdir()} == {"moodle.zip", "a class"}
    assert not list(tmp_path.rglob("*pwned*"))


def test_all_of_them_at_once_and_the_others_are_marked(
    classroom: Workspace,  # noqa: F811
    course: Course,  # noqa: F811
    tmp_path: Path,
) -> None:
    names = [f"Eve {chr(97 + number)}" for number in range(len(ATTACKS))]
    class_of(classroom, "Amina", "Zoe", *names)
    path = tmp_path / "moodle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Amina_1_assignsubmission_file_/people.ipynb", RIGHT)
        for number, (attack, _) in enumerate(ATTACKS.values()):
            attack(_Renamed(archive, f"{names[number]}_{100 + number}_assignsubmission_file_/"))
        archive.writestr("Zoe_2_assignsubmission_file_/people.ipynb", RIGHT)
    take(course, classroom, "people", path)
    rows = {r.name: r for r in mark.grade("people", None, classroom, course=course).rows}
    assert (rows["Amina"].points, rows["Zoe"].points) == (2, 2)
    for name, (_, said) in zip(names, ATTACKS.values(), strict=True):
        assert (rows[name].outcome, rows[name].scored) == ("not gradable", False)
        assert said in rows[name].reason


class _Renamed:
    """An archive in which Eve's files get another owner."""

    def __init__(self, archive: zipfile.ZipFile, owner: str) -> None:
        self.archive, self.owner = archive, owner

    def writestr(self, name: zipfile.ZipInfo | str, content: bytes) -> None:
        if isinstance(name, zipfile.ZipInfo):
            name.filename = name.orig_filename = name.filename.replace(EVE, self.owner)
            self.archive.writestr(name, content)
            return
        self.archive.writestr(name.replace(EVE, self.owner), content)


def test_a_member_that_lies_about_its_size(
    classroom: Workspace,  # noqa: F811
    course: Course,  # noqa: F811
    tmp_path: Path,
) -> None:
    class_of(classroom, "Amina", "Eve")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Amina_1_assignsubmission_file_/people.ipynb", RIGHT)
        archive.writestr(f"{EVE}people.ipynb", bytes(900_000))
    body = bytearray(made.getvalue())
    # The central directory says 10 bytes where 900,000 come.
    entry = body.rindex(b"PK\x01\x02")
    struct.pack_into("<I", body, entry + 24, 10)
    path = tmp_path / "moodle.zip"
    path.write_bytes(body)
    found = take(course, classroom, "people", path)
    assert found.taken == ["amina"] and len(found.refused) == 1


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
@pytest.mark.parametrize("kind", ["file", "folder", "pipe", "whole", "nested", "odd"])
def test_links_and_odd_things_in_a_folder(
    classroom: Workspace,  # noqa: F811
    course: Course,  # noqa: F811
    tmp_path: Path,
    kind: str,
) -> None:
    class_of(classroom, "Amina", "Eve")
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "people.ipynb").write_bytes(RIGHT)
    place = tmp_path / "in"
    (place / "amina").mkdir(parents=True)
    (place / "amina" / "people.ipynb").write_bytes(RIGHT)
    eve = place / "eve"
    if kind == "whole":
        eve.symlink_to(secret)
    else:
        eve.mkdir()
        (eve / "people.ipynb").write_bytes(RIGHT)
    if kind == "file":
        (eve / "data.csv").symlink_to("/etc/passwd")
    if kind == "folder":
        (eve / "data").symlink_to("/")
    if kind == "pipe":
        os.mkfifo(eve / "data.csv")
    if kind == "nested":
        deep = eve.joinpath(*["d"] * 15)
        deep.mkdir(parents=True)
        (deep / "x.csv").write_bytes(b"x")
    if kind == "odd":
        Path(os.fsdecode(os.fsencode(eve) + b"/\xff\xfe.csv")).write_bytes(b"x")
    found = take(course, classroom, "people", place)
    assert found.taken == ["amina"] and list(found.refused) == ["eve"]
