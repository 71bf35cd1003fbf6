"""Two notebooks and their files from a folder, an nbgrader exchange and a Moodle download."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crossings.curriculum import Course
from crossings.grading import mark, trainees
from crossings.grading.sources import take
from crossings.workspace import Workspace
from tests.grading.several.conftest import FILES, NAME, ONE, TWO, copied
from tests.grading.sources.test_take import moodle
from tests.grading.test_upload import packed

READS = ONE.replace(b"return len(rows)", b"return int(open('my/own.txt').read())")
"""The right answer only where the trainee's own file came along."""
WHOLE = {"survey.ipynb": READS, "part-2.ipynb": TWO, "my/own.txt": b"3"}


@pytest.fixture
def workspace(released: Workspace, course: Course, tmp_path: Path) -> Workspace:
    made = copied(released, tmp_path / "a class", course)
    for number, name in enumerate(("Amina", "Bo", "Cho")):
        trainees.arrive(made, name, "", "", f"key {number} {name}")
    return made


def write(place: Path, files: dict[str, bytes]) -> None:
    for name, body in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


def in_folders(place: Path, files: dict[str, bytes]) -> Path:
    write(place / "in" / "amina", files)
    return place / "in"


def as_nbgrader_has_it(place: Path, files: dict[str, bytes]) -> Path:
    write(place / "in" / "amina" / NAME, files)
    return place / "in"


def in_a_zip(place: Path, files: dict[str, bytes]) -> Path:
    zipped = packed({f"work/{name}": body for name, body in files.items()})
    write(place / "in", {"survey_amina.zip": zipped})
    return place / "in"


def exchanged(place: Path, files: dict[str, bytes]) -> Path:
    write(place / "inbound" / f"amina+{NAME}+2026-05-02 09:00:00.000001 UTC+def", files)
    return place


def from_moodle(place: Path, files: dict[str, bytes]) -> Path:
    head = "Amina_7_assignsubmission_file_/"
    return moodle(place / "m.zip", {head + name: body for name, body in files.items()})


def from_moodle_zipped(place: Path, files: dict[str, bytes]) -> Path:
    return from_moodle(place, {"work.zip": packed(files)})


PLACES = [in_folders, as_nbgrader_has_it, in_a_zip, exchanged, from_moodle, from_moodle_zipped]
Place = Callable[[Path, dict[str, bytes]], Path]


@pytest.mark.parametrize("place", PLACES)
def test_everything_comes_along(
    workspace: Workspace, course: Course, tmp_path: Path, place: Place
) -> None:
    strays = {"scratch.ipynb": ONE, ".ipynb_checkpoints/part-2-checkpoint.ipynb": TWO}
    found = take(course, workspace, NAME, place(tmp_path, WHOLE | strays))
    assert found.taken == ["amina"] and not found.refused and not list(found.told())
    (row,) = mark.grade(NAME, None, workspace, course=course).rows
    assert (row.student, row.points, row.waiting) == ("amina", 7, 2)
    again = take(course, workspace, NAME, place(tmp_path, WHOLE | strays))
    assert again.same == ["amina"]


@pytest.mark.parametrize("place", PLACES)
def test_one_of_two_is_taken_and_told(
    workspace: Workspace, course: Course, tmp_path: Path, place: Place
) -> None:
    found = take(course, workspace, NAME, place(tmp_path, {"survey.ipynb": ONE, "a.txt": b""}))
    assert found.taken == ["amina"]
    (line,) = found.told()
    assert "taken without part-2.ipynb, for which there are 0 points" in line
    (row,) = mark.grade(NAME, None, workspace, course=course).rows
    assert (row.points, row.waiting, row.reason) == (2, 1, "part-2.ipynb was not handed in")


@pytest.mark.attack
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"survey.ipynb": ONE, "part-3.ipynb": TWO}, "part-3.ipynb is no notebook"),
        ({"my work.ipynb": ONE, "a.csv": b""}, "my work.ipynb is no notebook"),
        ({"survey.ipynb": TWO, "part-2.ipynb": ONE}, "holds the questions of part-2.ipynb"),
        ({**FILES, "part-2 (1).ipynb": ONE, "old/Part-2.ipynb": ONE}, ""),
        ({"survey.ipynb": ONE, "x/part-2.ipynb": TWO, "y/part-2.ipynb": TWO}, "several files"),
        ({"survey.ipynb": ONE, "part-2.ipynb": b"{"}, "part-2.ipynb: the file is not a notebook"),
        ({"survey.ipynb": ONE, "p\u0430rt-2.ipynb": TWO}, "only look like"),
    ],
    ids=lambda value: value if isinstance(value, str) else "files",
)
@pytest.mark.parametrize("place", [in_folders, exchanged, from_moodle])
def test_what_cannot_be_told_apart_is_refused(
    workspace: Workspace,
    course: Course,
    tmp_path: Path,
    place: Place,
    files: dict[str, bytes],
    said: str,
) -> None:
    found = take(course, workspace, NAME, place(tmp_path, files))
    if not said:  # one is called as it must be, the others are further copies
        assert found.taken == ["amina"]
        return
    (why,) = found.refused.values()
    assert said in why
    (row,) = mark.grade(NAME, None, workspace, course=course).rows
    assert (row.outcome, row.scored) == ("not gradable", False) and said in row.reason


def test_files_named_after_students_belong_together(
    workspace: Workspace, course: Course, tmp_path: Path
) -> None:
    names = {
        "amina_survey.ipynb": ONE,
        "amina_part-2.ipynb": TWO,
        "part-2-bo.ipynb": TWO,
        "survey_part-2_cho.ipynb": TWO,
        "cho+survey.ipynb": ONE,
        "stranger.ipynb": ONE,
    }
    write(tmp_path / "in", names)
    found = take(course, workspace, NAME, tmp_path / "in")
    assert sorted(found.taken) == ["amina", "bo", "cho"]
    assert list(found.lacking.values()) == ["survey.ipynb"]
    assert list(found.ownerless) == ["stranger.ipynb"]
    report = mark.grade(NAME, None, workspace, course=course)
    assert {row.student: row.points for row in report.rows} == {"amina": 7, "bo": 5, "cho": 7}
