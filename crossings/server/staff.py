"""The staff site: Jupyter Server with JupyterLab, nbgrader's formgrader and Voila.

Run as a process of its own: `python -m crossings.server.staff --host H --port N`; the token comes
in the environment (CROSSINGS_STAFF_TOKEN), where other users of the machine do not see it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from crossings.server.learner import end_with_parent
from crossings.workspace import Workspace

CONSOLE = "voila/render/drills/console.ipynb"
DESK = "voila/render/grading/desk.ipynb"
DEBRIEF = "voila/render/drills/debrief.ipynb"
FORMGRADER = "formgrader"
LAB = "lab"


def arguments(host: str, port: int, root: Path) -> list[str]:
    """The command line of JupyterLab's server application."""
    given = [
        "--no-browser",
        f"--ServerApp.ip={host}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/{DESK}",
        "--ServerApp.terminals_enabled=True",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--VoilaConfiguration.show_tracebacks=False",
        "--MappingKernelManager.cull_idle_timeout=7200",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        given.append("--allow-root")
    return given


def write_config(workspace: Workspace) -> Path:
    """Point Jupyter's own configuration folder at the course's nbgrader configuration."""
    folder = workspace.var / "jupyter" / "config"
    folder.mkdir(parents=True, exist_ok=True)
    course = workspace.exercises / "nbgrader_config.py"
    text = f"# Written by crossings: the course's own configuration.\nload_subconfig({str(course)!r})\n"
    (folder / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--with-parent", action="store_true")
    options = parser.parse_args()
    if options.with_parent:
        end_with_parent()
    from jupyterlab.labapp import LabApp

    os.environ["JUPYTER_TOKEN"] = os.environ.pop("CROSSINGS_STAFF_TOKEN", "")
    if not os.environ["JUPYTER_TOKEN"]:
        del os.environ["JUPYTER_TOKEN"]
    write_config(Workspace.current())
    LabApp.launch_instance(argv=arguments(options.host, options.port, Workspace.current().root))


if __name__ == "__main__":
    main()
