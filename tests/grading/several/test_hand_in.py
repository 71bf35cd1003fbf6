"""Handing in an assignment of two notebooks: what is taken, and what is said of the rest."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.curriculum import Course
from crossings.grading import collect, inbox, upload
from crossings.grading.notebooks import wanted
from crossings.grading.routes import work_routes
from crossings.workspace import Workspace
from tests.grading.several.conftest import FILES, NAME, ONE, TWO, answered, first
from tests.grading.test_upload import NOTEBOOK as PEOPLE
from tests.grading.test_upload import packed

HERE = {"Origin": "http://testserver"}
BOTH = "survey.ipynb", "part-2.ipynb"


@pytest.fixture
def site(course: Course, classroom: Workspace) -> TestClient:
    return TestClient(Starlette(routes=work_routes(course, classroom)))


def sent(site: TestClient, *files: tuple[str, bytes], **fields: str) -> Any:
    data = {"assignment": NAME, "name": "Amina"} | fields
    parts = [("file", file) for file in files]
    return site.post("/api/submissions/file", data=data, files=parts, headers=HERE)


def at_work(workspace: Workspace, student: str = "amina") -> dict[str, bytes]:
    """What marking finds of the hand-in, without our own files."""
    place = collect.collect(workspace, NAME, student).path
    found = {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*.*")}
    return {name: body for name, body in found.items() if name not in collect.RESERVED}


def test_the_release_and_the_page_have_both_notebooks(site: TestClient) -> None:
    page = site.get(f"/work/notebook/{NAME}").text
    for name in (*BOTH, "survey.csv", "data/note.txt"):
        assert f"<code>{name}</code>" in page
    assert "2 notebooks" in page and "multiple" in page and "Expected:" in page
    body = site.get(f"/work/notebook/{NAME}/{NAME}.zip").content
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = {f"{NAME}/{n}" for n in (*BOTH, "survey.csv", "data/note.txt")}
        assert set(archive.namelist()) == names
        assert not any(b"HIDDEN" in archive.read(f"{NAME}/{name}") for name in BOTH)
    single = site.get("/work/notebook/people").text
    assert "multiple" not in single and "Download the notebook<" in single


@pytest.mark.parametrize(
    "layout",
    [
        lambda n: n,
        lambda n: f"survey/{n}",
        lambda n: f"My work/week 3/{n}",
        lambda n: f"{n[:-6]}/{n}",
        lambda n: n.replace("part-2", "part-2 (1)"),
        lambda n: n.replace("part-2", "part-2-Copy1"),
        lambda n: n.replace("survey", "Survey"),
    ],
    ids=["flat", "folder", "deep", "a folder each", "browser's copy", "Jupyter's copy", "case"],
)
def test_a_zip_in_any_layout_comes_in(site: TestClient, classroom: Workspace, layout: Any) -> None:
    files = {layout(name): body for name, body in FILES.items()}
    files[f"{layout('survey.ipynb').rpartition('/')[0]}/my/own.csv".lstrip("/")] = b"a\n"
    answer = sent(site, ("w.zip", packed(files)))
    assert answer.status_code == 201 and answer.json()["missing"] == []
    assert at_work(classroom) == FILES | {"my/own.csv": b"a\n"}


def test_files_chosen_at_once_come_in(site: TestClient, classroom: Workspace) -> None:
    answer = sent(
        site, ("part-2.ipynb", TWO), ("own.csv", b"x"), ("survey.ipynb", ONE), key="k" * 16
    )
    assert answer.status_code == 201
    lines = sorted(FILES.items() | {("own.csv", b"x")})
    printed = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in lines)
    assert answer.json()["sha256"] == hashlib.sha256(printed.encode()).hexdigest()
    assert at_work(classroom) == FILES | {"own.csv": b"x"}
    again = sent(
        site, ("survey.ipynb", ONE), ("part-2.ipynb", TWO), ("own.csv", b"x"), key="k" * 16
    )
    assert again.json() == answer.json(), "the same again is the same hand-in"
    assert inbox.count_versions(classroom, NAME, "amina") == 1


def test_one_of_two_needs_a_second_thought(site: TestClient, classroom: Workspace) -> None:
    for file in (("survey.ipynb", ONE), ("w.zip", packed({"survey/survey.ipynb": ONE}))):
        answer = sent(site, file)
        assert answer.status_code == 422 and answer.json()["missing"] == ["part-2.ipynb"]
        assert "part-2.ipynb is missing" in answer.json()["error"]
    assert not classroom.inbox.exists() or inbox.latest(classroom, NAME) == {}
    taken = sent(site, ("survey.ipynb", ONE), partial="yes")
    assert taken.status_code == 201 and taken.json()["missing"] == ["part-2.ipynb"]
    assert taken.json()["sha256"] == hashlib.sha256(ONE).hexdigest()
    assert at_work(classroom) == {"survey.ipynb": ONE}
    code = taken.json()["code"]
    assert sent(site, *FILES.items(), name="", code=code).status_code == 201
    assert at_work(classroom) == FILES, "the latest counts"


LOOK = "p\u0430rt-2.ipynb"
"""With a Cyrillic letter."""


@pytest.mark.attack
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({**FILES, "scratch.ipynb": ONE}, ("scratch.ipynb is no notebook", *BOTH)),
        ({"survey.ipynb": ONE, "part-3.ipynb": TWO}, ("part-3.ipynb is no notebook", *BOTH)),
        ({**FILES, "old/part-2.ipynb": TWO}, ("several files for part-2.ipynb", "old/part-2")),
        ({**FILES, "PART-2.ipynb": TWO}, ("several files for part-2.ipynb", "PART-2.ipynb")),
        ({**FILES, "part-2 (1).ipynb": TWO}, ("several files", "part-2 (1).ipynb")),
        ({**FILES, "\uff50art-2.ipynb": TWO}, ("several files for part-2.ipynb",)),
        ({"survey.ipynb": ONE, LOOK: TWO}, (LOOK, "only look like those of part-2.ipynb")),
        ({"survey.ipynb": TWO, "part-2.ipynb": ONE}, ("survey.ipynb holds", "part-2.ipynb")),
        ({"survey.ipynb": ONE, "part-2.ipynb": b"{}"}, ("part-2.ipynb: ", "version 4")),
        ({"a/survey.ipynb": ONE, "b/part-2.ipynb": TWO, "a/x.csv": b"1", "b/x.csv": b"2"},
         ("two different files x.csv",)),
        ({**FILES, "part-2.ipynb/x.csv": b""}, ("part-2.ipynb is the name of a file and",)),
        ({**FILES, "x": b"", "x/y": b""}, ("x is the name of a file and of a folder",)),
        ({**FILES, "../part-2.ipynb": TWO}, ("leads out",)),
        ({**FILES, "..\\part-2.ipynb": TWO}, ("leads out",)),
        ({"notes.txt": b""}, ("no notebook in it", *BOTH)),
        ({"..ipynb": ONE, ".ipynb": ONE}, ("..ipynb, .ipynb are no notebooks",)),
        ({"surv\u202eey.ipynb": ONE}, ("surv?ey.ipynb is no notebook",)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "files",
)  # fmt: skip
def test_what_is_refused_is_told_by_name(
    site: TestClient, classroom: Workspace, files: dict[str, bytes], said: tuple[str, ...]
) -> None:
    for partial in ("", "yes"):
        answer = sent(site, ("w.zip", packed(files)), partial=partial)
        assert answer.status_code == 422, answer.json()
        error = answer.json()["error"]
        assert all(text in error for text in said), error
        assert error.count(". ") <= 2 and "\n" not in error and len(error) < 400
    assert inbox.latest(classroom, NAME) == {}


@pytest.mark.attack
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("survey.ipynb", ONE), ("survey.ipynb", ONE)], "two of the files are called survey"),
        ([("survey.ipynb", ONE), ("w.zip", packed({"part-2.ipynb": TWO}))], "w.zip is a zip"),
        ([("survey.ipynb", ONE), ("../../part-2.ipynb", TWO), ("..", b"")], "cannot be used"),
        ([("survey.ipynb", ONE), ("a:b.ipynb", TWO)], "cannot be used"),
        ([("survey.ipynb", ONE), ("part-2.ipynb" + "x" * 300, TWO)], "cannot be used"),
        ([("survey.ipynb", ONE), ("Part-2.ipynb", TWO), ("part-2.ipynb", TWO)], "several files"),
    ],
    ids=lambda value: value if isinstance(value, str) else "files",
)
def test_files_chosen_at_once_are_not_believed(
    site: TestClient, classroom: Workspace, files: list[tuple[str, bytes]], said: str
) -> None:
    answer = sent(site, *files, partial="yes")
    assert answer.status_code == 422 and said in answer.json()["error"]
    assert inbox.latest(classroom, NAME) == {}


def test_paths_that_a_browser_sends_are_cut_off(site: TestClient, classroom: Workspace) -> None:
    files = [("C:\\fakepath\\survey.ipynb", ONE), ("../../part-2.ipynb", TWO)]
    assert sent(site, *files).status_code == 201
    assert at_work(classroom) == FILES


@pytest.mark.attack
def test_a_notebook_of_another_assignment_is_refused(
    site: TestClient, classroom: Workspace
) -> None:
    other = (classroom.exercises / "release" / "sheet" / "sheet.ipynb").read_bytes()
    for files in ([("survey.ipynb", ONE), ("part-2.ipynb", other)],
                  [("w.zip", packed({"survey.ipynb": ONE, "x/part-2.ipynb": other}))]):  # fmt: skip
        answer = sent(site, *files)
        assert answer.status_code == 422
        said = "part-2.ipynb is a notebook, but not the one of this assignment"
        assert said in answer.json()["error"]
    named = sent(site, ("survey.ipynb", ONE), ("sheet.ipynb", other), partial="yes")
    assert "sheet.ipynb is no notebook of this assignment" in named.json()["error"]


@pytest.mark.attack
def test_too_much_at_once_is_refused_whole(site: TestClient, classroom: Workspace) -> None:
    half = b"0" * 11_000_000
    answer = sent(site, ("survey.ipynb", ONE), ("a.csv", half), ("b.csv", half))
    assert answer.status_code == 413 and "20 MB" in answer.json()["error"]
    many = [(f"{n}.csv", b"") for n in range(51)]
    assert sent(site, ("survey.ipynb", ONE), *many).status_code == 400
    assert inbox.latest(classroom, NAME) == {}


def test_one_notebook_is_handed_in_as_before(site: TestClient, classroom: Workspace) -> None:
    here = {"assignment": "people"}
    assert sent(site, ("my work (3).ipynb", PEOPLE), **here).status_code == 201
    stray = packed({"people.ipynb": PEOPLE, "scratch.ipynb": ONE})
    assert sent(site, ("w.zip", stray), **here).status_code == 201, "strays are left out"
    two = sent(site, ("people.ipynb", PEOPLE), ("x.csv", b""), **here)
    assert two.status_code == 422 and "hand in one file" in two.json()["error"]
    sheets = sent(site, ("answers.json", b"{}"), ("b.json", b"{}"), assignment="sheet")
    assert sheets.status_code == 422 and "answers.json" in sheets.json()["error"]


def test_what_was_handed_in_before_a_second_notebook_came_still_counts(
    course: Course, classroom: Workspace
) -> None:
    """Kept as `upload.ipynb`, without the name that it had."""
    alone = {NAME: {"count", "say"}}
    inbox.receive_upload(classroom, NAME, "Amina", "my work.ipynb", ONE, wanted=alone)
    assert at_work(classroom) == {"survey.ipynb": ONE}


def test_ids_alone_tell_notebooks_apart_only_where_they_differ(course: Course) -> None:
    known = wanted(course.root / "exercises" / "source" / NAME, NAME)
    assert set(known) == {"survey", "part-2"} and known["part-2"] - known["survey"] == {"own-test"}
    same = {"survey": {"say"}, "part-2": {"say"}}
    body = answered(first(), "pass")
    swapped = {"survey.ipynb": body, "part-2.ipynb": body}
    assert upload.arranged(swapped, same) == swapped, "equal ids: the names are believed"
