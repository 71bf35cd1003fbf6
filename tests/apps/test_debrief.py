"""The debrief as page and files: from the log alone, without hidden names, inert in every form."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Page

from crossings.apps.debrief import Debrief, files
from crossings.apps.debrief import page as shown_page
from crossings.apps.debrief.page import html
from crossings.curriculum import current
from crossings.drills import DrillLog, DrillState, fold, forgetting, snapshots
from crossings.drills.script import script
from crossings.drills.tables import stem, tables
from crossings.kernels import begun
from crossings.workspace import ROOT
from tests.accessibility import problems_at_each_width
from tests.apps.test_console import markup
from tests.drills import any_kind, case_room
from tests.drills.any_kind import HIDDEN, HOSTILE, NAMES, PLANS

NOW = datetime(2027, 11, 27, tzinfo=UTC)
SITE = "https://course.example"


@pytest.fixture
def log(tmp_path: Path) -> DrillLog:
    return DrillLog(tmp_path / "var" / "drills.sqlite")


@pytest.fixture(params=PLANS, ids=lambda name: name.replace(" ", "-"))
def state(request: pytest.FixtureRequest, log: DrillLog) -> DrillState:
    return fold(log.since(any_kind.played(log, PLANS[request.param]())))


def everything(state: DrillState, names: bool = True) -> dict[str, bytes]:
    """Every file that a trainer can take along."""
    found = dict(files.csv_files(state, names))
    zipped = files.packed(files.notebook_files(state, found))
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        found |= {f"notebook/{n}": archive.read(n) for n in archive.namelist()}
    found["report.html"] = html(state, names, SITE, NOW).encode()
    found["xapi.jsonl"] = files.xapi_lines(state, names).encode()
    return found


class Seen(HTMLParser):
    """What a browser would load, run or follow."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: set[str] = set()
        self.acts: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "href", "action", "data", "poster", "xlink:href"):
                self.addresses.add(value or "")
            if name.startswith("on"):
                self.acts.append(name)
            if name == "id":
                self.ids.append(value or "")


def test_the_report_is_one_inert_file(state: DrillState) -> None:
    text = html(state, True, SITE, NOW)
    seen = Seen(text)
    assert not seen.tags & {"script", "img", "link", "iframe", "object", "form", "audio", "video"}
    assert not seen.acts
    outside = {a for a in seen.addresses if not a.startswith("#")}
    assert all(a.startswith(f"{SITE}/book/modules/") for a in outside)
    assert "default-src 'none'" in text and "url(http" not in text and "@import" not in text
    assert HOSTILE not in text
    assert len(set(seen.ids)) == len(seen.ids), "two pictures share names"
    assert "<p class='cxa-big'>" in text and "<h1>" in text


def test_a_hidden_name_is_in_no_file_and_others_only_when_asked_for(state: DrillState) -> None:
    for names in (False, True):
        for name, data in everything(state, names).items():
            assert HIDDEN not in data.decode(), name
    shown = shown_page(state, names=True)
    assert HIDDEN not in shown and HIDDEN not in shown_page(state, names=False)
    nameless = b"".join(everything(state, names=False).values()).decode()
    assert not [n for n in NAMES if n not in ("+1", "-2", HOSTILE) and n in nameless]


def test_every_chart_has_words_and_a_table(state: DrillState) -> None:
    text = shown_page(state, names=False)
    charts = re.findall(r'<svg [^>]*class="cxa-chart"', text)
    assert all(re.search(r'role="img" aria-label="[^"]{20,}"', c) for c in charts)
    for place in re.finditer(r"</svg></div>", text):
        after = text[place.end() : place.end() + 400]
        assert "<table" in after or "same as a table" in after or "<details>" in after


def test_the_desk_gives_the_same_files(state: DrillState, log: DrillLog) -> None:
    desk = Debrief(log, SITE)
    assert "download=" not in markup(desk.box) and HIDDEN not in markup(desk.box)
    for names in (False, True):
        desk.names.value = names
        assert "download=" not in markup(desk.box), "files of what was shown before are gone"
        desk.take.click()
        found = markup(desk.box)
        links = dict(re.findall(r"download='([^']+)' href='data:[^,]+,([^']*)'", found))
        name = stem(state)
        tables_ = unzipped(links[f"{name}-tables.zip"])
        assert tables_ == files.csv_files(state, names)
        assert unzipped(links[f"{name}-notebook.zip"]).items() >= tables_.items()
        (told,) = unzipped(links[f"{name}-xapi.zip"]).values()
        assert told.decode() == files.xapi_lines(state, names)
        report = base64.b64decode(links[f"{name}.html"]).decode()
        assert shown_page(state, names, SITE) in report and HIDDEN not in report
        assert all(re.fullmatch(r"[\w.-]+", n) for n in links)
        assert ("The files carry names" in found) == names


def unzipped(data: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(data))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", ["quiz in teams", "triage in teams", "case, teams", "tabletop"])
def test_the_notebook_runs_as_it_is_given(name: str, log: DrillLog, tmp_path: Path) -> None:
    state = fold(log.since(any_kind.played(log, PLANS[name]())))
    made = files.notebook_files(state, files.csv_files(state, names=True))
    path = files.written(tmp_path / "a new folder", made)[0]
    document = nbformat.read(path, as_version=4)
    nbformat.validate(document)
    assert HOSTILE not in path.read_text(encoding="utf-8")
    assert not [c for c in document.cells if "crossings" in c.source], "it opens anywhere"
    client = NotebookClient(document, resources={"metadata": {"path": str(path.parent)}})
    begun(client.execute)
    code = [c for c in document.cells if c.cell_type == "code"]
    assert all(c.outputs for c in code)
    assert not any(o.output_type == "error" for c in code for o in c.outputs)


# A year later


def test_from_a_snapshot_every_file_is_the_same(state: DrillState, log: DrillLog) -> None:
    before = everything(state)
    events = list(log.since(state.run))
    for cut in (len(events) // 2, len(events)):
        snapshots.keep(log, fold(events[:cut]))
        assert everything(snapshots.resumed(log, state.run)) == before


@pytest.mark.parametrize("name", PLANS, ids=lambda name: name.replace(" ", "-"))
def test_who_was_forgotten_is_in_no_file_and_the_figures_stay(name: str, log: DrillLog) -> None:
    plan = PLANS[name]()
    if plan.kind == "quiz":  # not the last step, where several people type the same word
        plan = plan.model_copy(update={"steps": plan.steps[:-1]})
    state = fold(log.since(any_kind.played(log, plan)))
    before = tables(state)
    for who in ("@SUM(1)", HIDDEN, "$x^2$ {{7*7}}"):
        forgetting.forget(log, state.run, who)
    after = fold(log.since(state.run))
    for file, data in everything(after).items():
        for gone in ("SUM(1)", HIDDEN, "{{7*7}}"):
            assert gone not in data.decode(), file
    words = {"who", "answer", "choice", "text"}
    assert tables(after).keys() == before.keys()
    for part, table in tables(after).items():
        for column in set(table.columns) - words:
            assert list(map(str, table[column])) == list(map(str, before[part][column])), column


COURSE = ("modules", "book", "datasets", "exercises")
REFS = {
    "quiz": "trafficking-identification/signs-and-myths",
    "triage": "mixed-movements-at-work/one-shift-at-three-desks",
    "case": "trafficking-identification/night-crew-in-teams",
    "tabletop": "mixed-movements-at-work/sixty-at-gull-haven",
}


def reported(root: Path, data: Path, run: str, out: Path) -> dict[str, str]:
    """What the command writes, with the course at `root`."""
    command = [sys.executable, "-m", "crossings.cli", "drill", "report", run, "--data", str(data),
               "--html", str(out / "a.html"), "--notebook", str(out / "nb"), "--csv",
               str(out / "csv"), "--xapi", str(out / "a.jsonl")]  # fmt: skip
    out.mkdir()
    env = os.environ | {"CROSSINGS_ROOT": str(root), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    found = {p.relative_to(out).as_posix(): p.read_text(encoding="utf-8")
             for p in out.rglob("*") if p.is_file()}  # fmt: skip
    found["a.html"] = re.sub(r"Made on [^.]*\.", "", found["a.html"])
    return found


@pytest.mark.parametrize("kind", REFS)
def test_a_drill_opens_a_year_later_without_its_course(kind: str, tmp_path: Path) -> None:
    root, data = tmp_path / "course", tmp_path / "class"
    root.mkdir()
    for part in COURSE:
        (root / part).mkdir()
    shutil.copytree(ROOT / "modules", root / "modules", dirs_exist_ok=True)
    log = DrillLog(data / "var" / "drills.sqlite")
    run = any_kind.played(log, script(current(), REFS[kind], seed="a seed"))
    log.close()
    before = reported(root, data, run, tmp_path / "before")
    assert len(before) > 12 and "cxa-big" in before["a.html"]
    for path in (root / "modules").rglob("*.yml"):
        path.write_text("changed: to something else\n", encoding="utf-8")
    assert reported(root, data, run, tmp_path / "changed") == before
    shutil.rmtree(root)
    root.mkdir()
    assert reported(root, data, run, tmp_path / "deleted") == before


def test_a_case_stands_beside_its_best_way(log: DrillLog) -> None:
    best = tuple(
        a.model_dump(exclude_none=True) for a in case_room.small().walkthroughs["best"].actions
    )
    plan = case_room.small_plan("room")
    assert plan.case is not None
    part = plan.case.model_copy(update={"best": best})
    room = case_room.Class(log, plan.model_copy(update={"case": part}))
    room.play("room", best)
    room.trainer.end()
    found = tables(room.trainer.state)["best_way"]
    assert (found["same"] == found["met"]).all() and (found["met"] == 1).all()
    assert (found["mean_points"] == found["points"]).all()
    assert "Beside the best way" in shown_page(room.trainer.state, names=False)
    assert "detours" not in tables(room.trainer.state)
    old = case_room.Class(log, case_room.small_plan("room"))
    old.play("room", best)
    assert "Beside the best way" not in shown_page(old.trainer.state, names=False)


def test_the_best_way_of_a_shipped_case_is_in_its_script() -> None:
    plan = script(current(), REFS["case"])
    assert plan.case is not None and len(plan.case.best) > 5
    assert json.loads(plan.model_dump_json())["case"]["best"]


@pytest.mark.parametrize("name", ["quiz in teams", "triage in teams", "case, teams", "tabletop"])
def test_everybody_can_use_the_report(name: str, log: DrillLog, tmp_path: Path, page: Page) -> None:
    state = fold(log.since(any_kind.played(log, PLANS[name]())))
    path = tmp_path / "report.html"
    path.write_text(html(state, True, SITE, NOW), encoding="utf-8")
    page.goto(path.as_uri())
    assert problems_at_each_width(page) == []
