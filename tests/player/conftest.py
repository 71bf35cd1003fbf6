"""A tiny course of its own: an item of each kind and a case with two endings."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crossings.cases.model import Case
from crossings.curriculum.model import (
    Course,
    Instrument,
    Module,
    ModuleFile,
    Objective,
    Provision,
    Source,
    Use,
)
from crossings.items import Item
from crossings.player.documents import Payload, mount, write_assets
from tests.reading import read_yaml

HERE = Path(__file__).resolve().parent
HOSTILE = '<img src=x onerror="window.hacked=1">'


def _course() -> Course:
    data = read_yaml(HERE / "sample.yml")
    items = [Item.model_validate(entry) for entry in data["items"]]
    cases = [Case.model_validate(entry) for entry in data["cases"]]
    file = ModuleFile(
        id="sample",
        title="Sample",
        summary="A module for tests.",
        order=1,
        minutes=10,
        objectives=tuple(Objective.model_validate(o) for o in data["objectives"]),
        chapters=("one",),
    )
    module = Module(
        file=file,
        path=HERE,
        chapters=(),
        items={i.id: i for i in items},
        cases={c.id: c for c in cases},
        drills={},
        worksheets={},
    )
    taught = Use(how="taught", where="sample/one", title="Chapter one", kind="chapter")
    return Course(
        root=HERE,
        modules={"sample": module},
        law={k: Provision.model_validate({"id": k, **v}) for k, v in data["law"].items()},
        instruments={
            k: Instrument.model_validate({"key": k, **v}) for k, v in data["instruments"].items()
        },
        sources={k: Source.model_validate({"id": k, **v}) for k, v in data["sources"].items()},
        misconceptions={},
        datasets={},
        objective_uses={"TI-1": (taught,)},
    )


@pytest.fixture(scope="session")
def course() -> Course:
    return _course()


@pytest.fixture
def hostile() -> str:
    return HOSTILE


@pytest.fixture
def hostile_copy() -> Callable[[Any], Any]:
    """Puts the hostile text at the end of every text that people read; ids stay."""
    kept = {"id", "kind", "type", "ref", "start", "place", "person", "to", "grade", "outcome"}
    kept |= {"signs", "starts_at", "cap", "goto", "scoring", "evidence", "target", "tags"}

    def poisoned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: poisoned(v, k) for k, v in value.items()}
        if isinstance(value, list):
            ids = {"cites", "sources", "objectives", "when", "effects", "next", "people"}
            ids |= {"laws", "key"}
            if key in ids and all(isinstance(v, str) or key in {"when", "effects"} for v in value):
                return value
            return [poisoned(v, key) for v in value]
        return value + HOSTILE if isinstance(value, str) and key not in kept else value

    return poisoned


@pytest.fixture
def open_page(tmp_path: Path) -> Callable[..., str]:
    """Writes a page that mounts payloads, from file://; returns its address."""

    def write(*payloads: Payload, script: str = "", theme: str = "", direction: str = "ltr") -> str:
        write_assets(tmp_path)
        mounts = "\n".join(mount(p) for p in payloads)
        attribute = f' data-theme="{html.escape(theme)}"' if theme else ""
        text = (
            f'<!doctype html><html lang="en" dir="{direction}"{attribute}><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<title>Sample</title><link rel="icon" href="data:,">'
            '<link rel="stylesheet" href="crossings.css">'
            "<style>body{margin:0;padding:16px;background:var(--paper)}</style>"
            f'{mounts}<div id="here"></div>'
            f'<script src="crossings.js"></script><script>{script}</script></html>'
        )
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        return path.as_uri()

    return write
