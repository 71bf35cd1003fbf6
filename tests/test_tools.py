"""People who know the tools find them where they expect: plain Jupyter Book, nbgrader, Voila."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import nbformat
import pytest

from crossings.curriculum import current
from crossings.grading import inbox, release
from crossings.workspace import ROOT, Workspace
from tests.nbgraders import finished
from tests.reading import read_yaml
from tests.serving import course, environment, eventually, free_port

BIN = Path(sys.executable).parent
NOT_OURS = {".venv", "_build", "var", "node_modules", ".ipynb_checkpoints"}
NOTEBOOKS = sorted(
    p
    for p in ROOT.rglob("*.ipynb")
    if not NOT_OURS & set(p.relative_to(ROOT).parts)
    and p.relative_to(ROOT).parts[:2] not in {("exercises", x) for x in ("submitted", "autograded")}
)


def tool(name: str, *arguments: str, home: Path, cwd: Path, **more: str) -> Any:
    """A tool by its own program, without the environment activated."""
    return subprocess.run(
        [str(BIN / name), *arguments],
        cwd=cwd,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_there_are_notebooks() -> None:
    assert {"console.ipynb", "debrief.ipynb", "desk.ipynb"} <= {p.name for p in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_notebook_is_valid_and_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    assert not [c for c in notebook.cells if c.cell_type == "code" and c.outputs]


def test_every_page_of_the_table_of_contents_exists() -> None:
    toc = read_yaml(ROOT / "_toc.yml")
    names = [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]
    missing = [n for n in names if not (ROOT / f"{n}.md").is_file()]
    assert missing == []


def test_plain_jupyter_book_reads_the_configuration(tmp_path: Path, home: Path) -> None:
    book = tmp_path / "book copy"
    toc = read_yaml(ROOT / "_toc.yml")
    names = [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]
    for name in ("_config.yml", "_toc.yml", *(f"{n}.md" for n in names)):
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, book / name)
    done = tool("jupyter-book", "config", "sphinx", ".", home=home, cwd=book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "crossings.book" in (book / "conf.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A class's folder with the nbgrader course in it."""
    made = Workspace(tmp_path_factory.mktemp("nbgrader here"))
    release.copy_course_folder(current(), made)
    return made


@pytest.fixture(scope="module")
def released(workspace: Workspace) -> Path:
    """The course folder after plain `nbgrader generate_assignment`."""
    home = workspace.root.parent / "home"
    for name in ("screening-data", "officer-worksheet"):
        done = tool("nbgrader", "generate_assignment", name, home=home, cwd=workspace.exercises)
        assert done.returncode == 0, done.stdout + done.stderr
    return workspace.exercises / "release"


@pytest.mark.xdist_group("tools")
def test_plain_nbgrader_releases(released: Path) -> None:
    for name in ("screening-data", "officer-worksheet"):
        path = released / name / f"{name}.ipynb"
        nbformat.validate(nbformat.read(path, as_version=4))
        assert "BEGIN SOLUTION" not in path.read_text(encoding="utf-8")


@pytest.mark.xdist_group("tools")
def test_plain_nbgrader_marks_what_was_submitted(released: Path, home: Path) -> None:
    name, folder = "screening-data", released.parent
    shutil.copytree(folder / "source" / name, folder / "submitted" / "amina" / name)
    done = finished(lambda: tool("nbgrader", "autograde", name, home=home, cwd=folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "autograded" / "amina" / name / f"{name}.ipynb").is_file()


@pytest.mark.xdist_group("tools")
@pytest.mark.parametrize("notebook", ["drills/console.ipynb", "grading/desk.ipynb"])
def test_plain_voila_opens_the_apps(workspace: Workspace, home: Path, notebook: str) -> None:
    port = free_port()
    log = (home.parent / "voila.log").open("wb")
    process = subprocess.Popen(
        [str(BIN / "voila"), notebook, "--no-browser", f"--port={port}"],
        cwd=ROOT,
        env=environment(home, CROSSINGS_WORKSPACE=str(workspace.root)),
        stdout=log,
        stderr=log,
    )
    try:
        answer = eventually(lambda: _page(f"http://127.0.0.1:{port}/"), 90, 0.3)
        assert "application/vnd.jupyter.widget-view+json" in answer
        assert "Traceback" not in answer
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _page(address: str) -> str:
    try:
        answer = httpx.get(address, timeout=60)
    except httpx.HTTPError:
        return ""
    return answer.text if answer.status_code == 200 else ""


@pytest.mark.xdist_group("tools")
def test_marking_a_notebook_leaves_nothing_in_the_home_folder(tmp_path: Path, home: Path) -> None:
    data = Workspace(tmp_path / "data")
    release.copy_course_folder(current(), data)
    source = data.exercises / "source" / "screening-data" / "screening-data.ipynb"
    inbox.receive_upload(data, "screening-data", "Wen", "screening-data.ipynb", source.read_bytes())
    done = course("grade", "screening-data", "--data", str(data.root), home=home)
    assert done.returncode == 0, done.stderr
    assert "1 of 1: 1 graded" in done.stdout + done.stderr
    assert [str(p) for p in home.rglob("*") if p.is_file()] == []
