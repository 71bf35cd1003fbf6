"""The pages that are measured: ours, an ink story's, and H5P's frame. Each is a set of files."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import ink
from benchmarks.npm import compile_ink
from benchmarks.plays import Played
from crossings.curriculum.load import load
from crossings.exchange.standalone import case_page
from crossings.player.documents import assets, case_payload, mount
from crossings.workspace import ROOT

Files = dict[str, bytes]
_HEAD = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<title>{title}</title>\n<link rel="icon" href="data:,">\n'
)


@dataclass(frozen=True)
class Site:
    """A player with one case in it.

    `button` is what a learner clicks first, `text` what changes then. `render` is a script that
    draws the case on the page `hold`, where it has not been drawn yet.
    """

    name: str
    files: Mapping[str, bytes]
    button: str
    text: str = ""
    code: tuple[str, ...] = ()
    """The files that are the player; the rest is the case."""
    render: str = ""
    remarks: tuple[str, ...] = field(default=())

    start = "index.html"
    hold = "hold.html"


def crossings(reference: str, root: Path = ROOT) -> list[Site]:
    """Our player: as a page with a style sheet and a script, and as one file."""
    course = load(root)
    payload = case_payload(course, reference)
    body = f"</head>\n<body>\n{mount(payload)}\n"
    head = _HEAD.format(title=html.escape(payload["title"]))
    head += '<link rel="stylesheet" href="crossings.css">\n'
    script = '<script src="crossings.js"></script>\n</body>\n</html>\n'
    ours = {name: text.encode() for name, text in assets().items() if name != "progress.js"}
    hosted = "<script>globalThis.CrossingsHosted = true;</script>\n"
    pages = {
        Site.start: (head + body + script).encode(),
        Site.hold: (head + body + hosted + script).encode(),
    }
    button, text = ".crossings-mount .cx-main", ".crossings-mount"
    page = Site(
        "Crossings, page", {**ours, **pages}, button, text, code=tuple(ours), render=_RENDER_OURS
    )
    file = Site(
        "Crossings, one file", {Site.start: case_page(course, reference).encode()}, button, text
    )
    return [page, file]


_RENDER_OURS = "CrossingsPlayer.mountAll();"
RENDER_END = """
    const el = document.querySelector(".crossings-mount");
    CrossingsPlayer.mount(el, payload, { trace, direct: true, keep: false });
"""
"""Draws a finished play, which is replayed: its debrief is the largest screen there is."""


def inkjs(case: Played, package: Path, folder: Path) -> Site:
    """The same graph as an ink story, with the player of inkjs's own documentation."""
    story = compile_ink(package, ink.story(case.doc), folder)
    here = Path(__file__).parent
    page = (here / "ink.html").read_text(encoding="utf-8").replace("{title}", case.doc["title"])
    script = (here / "ink-player.js").read_bytes()
    engine = (package / "dist" / "ink-es2015.js").read_bytes()
    files = {
        "ink.js": engine,
        "story.js": f"var storyContent = {story.strip()};\n".encode(),
        "ink-player.js": script,
        Site.start: page.replace("{start}", "<script>play();</script>").encode(),
        Site.hold: page.replace("{start}", "").encode(),
    }
    return Site(
        "inkjs, ink story",
        files,
        button="#choices button",
        text="#story",
        code=("ink.js", "ink-player.js"),
        render="play();",
    )


def h5p(package: Path) -> Site:
    """h5p-standalone with a content type of four lines: the least that any H5P content loads.

    We found no package with a content type of H5P's own (Branching Scenario, Question Set, …), and
    theirs come on top of this: it is a floor for H5P, not a case.
    """
    dist = package / "dist"
    files = {f"dist/{p.relative_to(dist).as_posix()}": p.read_bytes() for p in dist.rglob("*.*")}
    library = {"title": "Probe", "machineName": "H5P.Probe", "majorVersion": 1, "minorVersion": 0}
    described = library | {
        "patchVersion": 0,
        "runnable": 1,
        "embedTypes": ["iframe"],
        "preloadedJs": [{"path": "probe.js"}],
    }
    needed = {k: v for k, v in library.items() if k != "title"}
    content = {
        "title": "Probe",
        "language": "en",
        "mainLibrary": "H5P.Probe",
        "embedTypes": ["iframe"],
        "preloadedDependencies": [needed],
    }
    probe = (Path(__file__).parent / "h5p-probe.js").read_bytes()
    page = _HEAD.format(title="H5P") + (
        '</head>\n<body>\n<div id="h5p"></div>\n<script src="dist/main.bundle.js"></script>\n'
        "<script>{start}</script>\n</body>\n</html>\n"
    )
    start = (
        'new H5PStandalone.H5P(document.getElementById("h5p"), {h5pJsonPath: "/content", '
        'frameJs: "/dist/frame.bundle.js", frameCss: "/dist/styles/h5p.css"});'
    )
    files |= {
        Site.start: page.replace("{start}", start).encode(),
        "content/h5p.json": json.dumps(content).encode(),
        "content/content/content.json": b'{"text": "Probe"}',
        "content/H5P.Probe-1.0/library.json": json.dumps(described).encode(),
        "content/H5P.Probe-1.0/probe.js": probe,
    }
    code = ("dist/main.bundle.js", "dist/frame.bundle.js", "dist/styles/h5p.css")
    return Site("H5P, frame only", files, button="button.h5p-probe", text=".h5p-content", code=code)
