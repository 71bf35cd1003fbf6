"""Submissions from an exchange, a folder and a Moodle download: each to its owner, or reported."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import Course
from crossings.grading import inbox, mark, trainees
from crossings.grading.sources import SourceError, people, take
from crossings.grading.sources.folder import without
from crossings.grading.sources.handed import Handed
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD
from tests.grading.test_mark import answered

RIGHT = answered("def count(rows):\n    return len(rows)")
WRONG = answered("def count(rows):\n    return 2")


def points(workspace: Workspace, course: Course, what: str = "people") -> dict[str, Any]:
    report = mark.grade(what, None, workspace, course=course)
    return {row.student: row.points if row.scored else row.outcome for row in report.rows}


def class_of(workspace: Workspace, *names: str) -> None:
    for number, name in enumerate(names):
        trainees.arrive(workspace, name, "", "", f"key {number} {name}")


def moodle(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_ipynb", ".ipynb"), content)
    return made.getvalue()


def test_an_exchange_gives_the_latest_of_each(
    classroom: Workspace, course: Course, tmp_path: Path
) -> None:
    inbound = tmp_path / "exchange" / "course101" / "inbound"
    for folder, body in {
        "amina+people+2026-05-01 10:00:00.000001 UTC+abc": WRONG,
        "amina+people+2026-05-02 09:00:00.000001 UTC+def": RIGHT,
        "bo+people+2026-05-01 10:00:00.5 UTC": WRONG,
        "bo+other+2026-05-03 10:00:00.5 UTC": RIGHT,
        "../evil+people+2026-05-01 10:00:00.5 UTC+x".replace("../", ".."): RIGHT,
    }.items():
        (inbound / folder).mkdir(parents=True)
        (inbound / folder / "people.ipynb").write_bytes(body)
        (inbound / folder / "timestamp.txt").write_text("2031-01-01 00:00:00 UTC")
    found = take(course, classroom, "people", tmp_path / "exchange")
    assert sorted(found.taken) == ["amina", "bo"]
    assert "no id" in next(iter(found.ownerless.values()))
    assert points(classroom, course) == {"amina": 2, "bo": 0}
    received = {r.student: r.received_at for r in mark.report("people", classroom, course).rows}
    assert received["amina"] == "2026-05-02T09:00:00Z"


def test_the_same_taken_again_changes_nothing(
    classroom: Workspace, course: Course, tmp_path: Path
) -> None:
    class_of(classroom, "Amina")
    (tmp_path / "in" / "amina").mkdir(parents=True)
    (tmp_path / "in" / "amina" / "people.ipynb").write_bytes(RIGHT)
    assert take(course, classroom, "people", tmp_path / "in").taken == ["amina"]
    points(classroom, course)
    marked = classroom.exercises / "autograded" / "amina" / "people" / "people.ipynb"
    before = marked.stat().st_mtime_ns
    found = take(course, classroom, "people", tmp_path / "in")
    assert (found.taken, found.same) == ([], ["amina"])
    points(classroom, course)
    assert marked.stat().st_mtime_ns == before
    (tmp_path / "in" / "amina" / "people.ipynb").write_bytes(WRONG)
    assert take(course, classroom, "people", tmp_path / "in").taken == ["amina"]
    assert points(classroom, course) == {"amina": 0}


def test_a_folder_of_folders_and_files(
    classroom: Workspace, course: Course, tmp_path: Path
) -> None:
    class_of(classroom, "Amina Kato", "Bo", "Cho", "Dana")
    place = tmp_path / "in"
    (place / "Amina Kato" / "people").mkdir(parents=True)
    (place / "Amina Kato" / "people" / "people.ipynb").write_bytes(RIGHT)
    (place / "bo").mkdir()
    (place / "bo" / "my work.ipynb").write_bytes(WRONG)
    (place / "people_cho.ipynb").write_bytes(RIGHT)
    (place / "dana.zip").write_bytes(zipped(people__people_ipynb=RIGHT))
    (place / "stranger.ipynb").write_bytes(RIGHT)
    (place / ".hidden").mkdir()
    found = take(course, classroom, "people", place)
    assert sorted(found.taken) == ["amina-kato", "bo", "cho", "dana"]
    assert list(found.ownerless) == ["stranger.ipynb"]
    assert points(classroom, course) == {"amina-kato": 2, "bo": 0, "cho": 2, "dana": 2}


@pytest.mark.parametrize("flat", [False, True])
def test_a_moodle_download(
    classroom: Workspace, course: Course, tmp_path: Path, flat: bool
) -> None:
    class_of(classroom, "Amina Kato", "Bo O'Neil", "Twin", "Twin")
    end = "_" if flat else "_/"
    path = moodle(
        tmp_path / "moodle.zip",
        {
            f"Amina Kato_101_assignsubmission_file{end}people.ipynb": RIGHT,
            f"BO  O'NEIL_102_assignsubmission_file{end}people.ipynb": WRONG,
            f"Twin_103_assignsubmission_file{end}people.ipynb": RIGHT,
            f"Kato Amina_104_assignsubmission_file{end}people.ipynb": RIGHT,
            "Bo O'Neil_102_assignsubmission_onlinetext_onlinetext.html": b"<p>hello",
        },
    )
    found = take(course, classroom, "people", path)
    assert sorted(found.taken) == ["amina-kato", "bo-o-neil"]
    why = list(found.ownerless.values())
    assert why[0] == "several trainees have this name: twin, twin-2"
    assert "is it amina-kato" in why[1], "said, and not guessed"
    assert points(classroom, course) == {"amina-kato": 2, "bo-o-neil": 0}
    told = list(found.told())
    assert len(told) == 2 and all("--names" in line for line in told)

    names = tmp_path / "who.csv"
    names.write_text("name,student\ntwin,twin-2\nKato Amina,new-one\n", encoding="utf-8")
    again = take(course, classroom, "people", path, names=names)
    assert sorted(again.taken) == ["new-one", "twin-2"] and again.ownerless == {}


def test_unknown_people_become_trainees_only_when_asked(
    classroom: Workspace, course: Course, tmp_path: Path
) -> None:
    path = moodle(
        tmp_path / "m.zip",
        {f"New Person_{n}_assignsubmission_file_/people.ipynb": RIGHT for n in (7, 8)},
    )
    assert take(course, classroom, "people", path).taken == []
    assert trainees.everyone(classroom) == []
    found = take(course, classroom, "people", path, add=True)
    assert sorted(found.taken) == ["new-person", "new-person-2"], "two numbers are two people"
    assert len(trainees.everyone(classroom)) == 2
    again = take(course, classroom, "people", path)
    assert sorted(again.same) == ["new-person", "new-person-2"] and again.ownerless == {}


def test_worksheets_come_as_answers(classroom: Workspace, course: Course, tmp_path: Path) -> None:
    class_of(classroom, "Amina", "Bo")
    place = tmp_path / "in"
    for name, content in (("amina", {"answers": GOOD}), ("bo", None)):
        (place / name).mkdir(parents=True)
        file = "answers.json" if content else "sheet.ipynb"
        (place / name / file).write_text(json.dumps(content), encoding="utf-8")
    found = take(course, classroom, "sheet", place)
    assert found.taken == ["amina"] and "answers.json" in found.refused["bo"]
    assert points(classroom, course, "sheet") == {"amina": 12, "bo": "not gradable"}


def test_what_comes_later_through_the_site_counts(
    classroom: Workspace, course: Course, tmp_path: Path
) -> None:
    class_of(classroom, "Amina")
    (trainee,) = trainees.everyone(classroom)
    inbound = tmp_path / "inbound" / "amina+people+2020-05-01 10:00:00.0 UTC+x"
    inbound.mkdir(parents=True)
    (inbound / "people.ipynb").write_bytes(WRONG)
    take(course, classroom, "people", tmp_path)
    assert points(classroom, course) == {"amina": 0}
    inbox.receive_upload(classroom, "people", "", "people.ipynb", RIGHT, code=trainee.code)
    report = mark.report("people", classroom, course)
    assert report.rows[0].outcome == "received" and "newer" in report.rows[0].reason
    assert points(classroom, course) == {"amina": 2}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: p / "nothing", "no file or folder"),
        (lambda p: moodle(p / "x.zip", {"a/b.ipynb": b""}), "no Moodle download"),
        (lambda p: _text(p / "x.zip", "PK no zip"), "damaged"),
    ],
)
def test_what_is_no_source_is_one_message(
    classroom: Workspace, course: Course, tmp_path: Path, make: Any, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        take(course, classroom, "people", make(tmp_path))
    with pytest.raises(SourceError, match="There are: sheet, people"):
        take(course, classroom, "none", tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "columns"),
        ("name,student\nA,../x\n", "line 2"),
        ("name,student\nA,a\na,b\n", "two"),
    ],
)
def test_a_wrong_list_of_names_is_one_message(
    classroom: Workspace, course: Course, tmp_path: Path, text: str, said: str
) -> None:
    names = _text(tmp_path / "names.csv", text)
    with pytest.raises(SourceError, match=said):
        take(course, classroom, "people", tmp_path, names=names)


@pytest.mark.parametrize(
    ("stem", "who"),
    [("amina", "amina"), ("people_amina", "amina"), ("amina-people", "amina"),
     ("people+amina", "amina"), ("people", "people"), ("peoples", "peoples")],
)  # fmt: skip
def test_the_student_in_a_file_name(stem: str, who: str) -> None:
    assert without(stem, "people") == who


def test_names_are_compared_as_people_do() -> None:
    known = people.People({"a": "Ámina  Kato", "b": "Bo"})
    assert known.find(Handed("x", "ámina kato")).student == "a"
    assert known.find(Handed("x", "Amina Kato")).student == "", "another letter is another name"
    assert known.find(Handed("x", "b")).student == "b"
    assert known.find(Handed("x", "../b", is_id=True)).student == ""


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
