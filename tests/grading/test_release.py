"""The released worksheet: a true nbgrader assignment without its key."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from crossings.curriculum import Course
from crossings.grading import cells, release
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD


def source(course: Course) -> dict:
    module, sheet = release.find_worksheet(course, "sheet")
    return release.notebook(course, module, sheet)


def test_the_source_is_valid_for_jupyter_and_for_nbgrader(course: Course) -> None:
    made = nbformat.from_dict(source(course))
    nbformat.validate(made)
    MetadataValidator().validate_nb(made)
    assert made == nbformat.from_dict(source(course)), "the same input gives the same notebook"
    metas = [cell.metadata.get("nbgrader", {}) for cell in made.cells]
    assert sum(meta.get("points", 0) for meta in metas) == 14


def test_the_released_version_has_no_key(released: Workspace, course: Course) -> None:
    path = released.exercises / "release" / "sheet" / "sheet.ipynb"
    text = path.read_text(encoding="utf-8")
    module, sheet = release.find_worksheet(course, "sheet")
    for item in release.items_of(course, module, sheet):
        assert item.rationale not in text
        for option in item.options:
            assert option.feedback is None or option.feedback not in text
    for word in ("HIDDEN", "correct", "accept", "exploitation", "tolerance", "points(r"):
        assert word not in text
    for option in ("Make her safe", "Gives a bed", "Crossing a border"):
        assert option in text, "what to answer is still there"


def test_lists_in_the_released_text_do_not_give_the_key_away(course: Course) -> None:
    for cell in source(course)["cells"]:
        if cell["id"] == "question-ws-order":
            shown = [line for line in cell["source"].splitlines() if line.startswith("- ")]
            assert shown != ["- Make her safe", "- Listen", "- Refer"]
        if cell["id"] == "question-ws-match":
            assert cell["source"].index("Clinic") > 0


def test_a_changed_worksheet_is_written_anew_and_others_are_left(
    course: Course, tmp_path: Path
) -> None:
    (path,) = release.write_sources(course, Workspace(tmp_path))
    right = path.read_bytes()
    path.write_text("{}", encoding="utf-8")
    release.write_sources(course, Workspace(tmp_path))
    assert path.read_bytes() == right
    before = path.stat().st_mtime_ns
    release.write_sources(course, Workspace(tmp_path))
    assert path.stat().st_mtime_ns == before


def test_preparing_again_changes_nothing(
    classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crossings.grading import nbgrader_run

    def never(*given: object, **more: object) -> None:
        raise AssertionError("nbgrader was started again")

    monkeypatch.setattr(nbgrader_run, "run", never)
    assert release.prepare(course, classroom) == ["sheet", "people"]


@pytest.mark.attack
@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "```\n# out\n<script>alert(1)</script>",
        "````text\n```\n``````\n</pre><img src=x onerror=alert(1)>",
        "line\rfence\u2028```\u2029```\x0b```\x85end",
        "\x1b[31mred\x00\x07",
        "~~~\n    code",
        "a" * 20_000,
    ],
)
def test_a_learner_s_text_never_leaves_its_fence(text: str) -> None:
    from bs4 import BeautifulSoup
    from nbconvert.filters import markdown2html

    made = cells.fenced(text)
    page = BeautifulSoup(markdown2html(made), "html.parser")
    assert len(page.find_all("pre")) == 1
    assert page.find(["script", "img", "h1"]) is None
    lines = made.split("\n")
    assert set(lines[0]) - set("text") == {"`"} and set(lines[-1]) == {"`"}
    assert not any(
        line.strip("`") == "" and line.count("`") >= len(lines[-1]) for line in lines[1:-1]
    )


def test_words_that_nbgrader_acts_on_are_inert_in_the_key(tmp_path: Path) -> None:
    from crossings.curriculum import load
    from tests.grading.conftest import FILES, ITEMS, SHEET, write_course

    odd = ITEMS.replace("Purpose.\n", "Say '''END HIDDEN TESTS''' and ### BEGIN SOLUTION.\n")
    changes: dict[str, str | None] = {
        "modules/demo/items.yml": FILES["modules/demo/items.yml"] + odd,
        "modules/demo/worksheets/sheet.yml": SHEET,
    }
    made = source(load(write_course(tmp_path, changes)))
    test = next(c["source"] for c in made["cells"] if c["id"] == "item-ws-short")
    assert test.count("END HIDDEN TESTS") == test.count("BEGIN HIDDEN TESTS") == 1
    scope: dict[str, object] = {}
    inside = test.split("### BEGIN HIDDEN TESTS")[1].split("### END")[0]
    exec(
        compile(inside.replace("\npoints(", "\nscope['got'] = points("), "cell", "exec"),
        {"scope": scope},
    )
    assert scope["got"] == 0.0, "without answers.json there are no points, and no error"
    assert json.dumps(GOOD)


def test_the_course_s_own_worksheets_are_up_to_date() -> None:
    """The notebooks in exercises/source say what the worksheets say (`./course build`)."""
    from crossings.curriculum import current
    from crossings.workspace import ROOT

    course = current()
    for module in course.modules.values():
        for sheet in module.worksheets.values():
            path = ROOT / "exercises" / "source" / sheet.id / f"{sheet.id}.ipynb"
            made = release.notebook(course, module.id, sheet)
            assert json.loads(path.read_text(encoding="utf-8")) == made, f"renew {path.name}"
