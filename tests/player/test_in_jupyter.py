"""`show()` in a real kernel, drawn by a real widget manager: Voila here, as in JupyterLab."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from crossings.environment import child_environment
from crossings.server.ports import free_port
from crossings.workspace import Workspace

REF = "trafficking-identification/night-crew-at-north-quay"
CODE = f"""
import json, pathlib
from crossings import show
player = show({REF!r})
def keep(change):
    if player.trace:
        pathlib.Path("trace.json").write_text(json.dumps(player.trace))
player.observe(keep, "trace")
player
"""


@pytest.fixture
def voila(tmp_path: Path) -> Iterator[str]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "play.ipynb")
    port = free_port("127.0.0.1", 21500)
    command = [sys.executable, "-m", "voila", "play.ipynb", "--no-browser", f"--port={port}"]
    with (tmp_path / "voila.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=child_environment(Workspace(tmp_path)),
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield from _when_open(f"http://127.0.0.1:{port}/", process)
    finally:
        process.terminate()
        process.wait(10)


def _when_open(url: str, process: subprocess.Popen[bytes]) -> Iterator[str]:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url + "voila/static/does-not-exist", timeout=2)
        except urllib.error.HTTPError:
            yield url
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("voila did not start")


@pytest.mark.browser
def test_a_case_plays_in_a_notebook_and_the_kernel_sees_the_trace(
    voila: str, page, tmp_path: Path
) -> None:
    page.allowed_errors.append("")  # Voila's own front end logs missing optional files
    page.goto(voila, timeout=90_000)
    begin = page.get_by_role("button", name="Continue to the case")
    begin.wait_for(timeout=90_000)
    begin.click(timeout=30_000)
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Decide").click()
    kept = tmp_path / "trace.json"
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if kept.exists() and len(json.loads(kept.read_text() or "{}").get("events", [])) >= 2:
            break
        time.sleep(0.1)
    trace = json.loads(kept.read_text())
    assert trace["events"][1]["action"] == "choose"
