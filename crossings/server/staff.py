"""The staff site: Jupyter Server with JupyterLab, nbgrader's formgrader and Voila.

Run as a process of its own: `python -m crossings.server.staff --host H --port N`. With
`--with-parent` its token comes as the first line of standard input; without, Jupyter makes one.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from crossings.server.parent import end_with_parent, read_secret
from crossings.workspace import Workspace

CONSOLE = "voila/render/drills/console.ipynb"
DESK = "voila/render/grading/desk.ipynb"
DEBRIEF = "voila/render/drills/debrief.ipynb"
EXPLORER = "voila/render/drills/explorer.ipynb"
ANALYSIS = "voila/render/grading/analysis.ipynb"
FORMGRADER = "formgrader"
LAB = "lab"
NOT_NEEDED = (
    # Looks for language servers with npm, which writes into the home folder and takes seconds.
    "jupyter_lsp",
    # Parts of nbgrader for trainees on a shared server; they would list folders outside ours.
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
)

SETTINGS: dict[str, dict[str, object]] = {
    # A saved notebook shows its players where they stood, in Jupyter and exported.
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
    # Nobody is asked whether the computer of the course may fetch news.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
}
"""Settings of JupyterLab for those who have not chosen otherwise."""


def arguments(host: str, port: int, root: Path, token: str) -> list[str]:
    """What JupyterLab's server application is told; never a command line that others can see."""
    given = [
        "--no-browser",
        f"--ServerApp.ip={host}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/{DESK}",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--VoilaConfiguration.show_tracebacks=False",
        "--VoilaConfiguration.template=crossings",
        "--VoilaConfiguration.extension_denylist=@jupyter-notebook/lab-extension",
        "--VoilaConfiguration.extension_denylist=@jupyter/nbgrader",
        "--MappingKernelManager.cull_idle_timeout=7200",
        # An open page keeps its kernel: a console that nobody touches is not an abandoned one.
        "--MappingKernelManager.cull_connected=False",
    ]
    given += [f"--ServerApp.jpserver_extensions={name}=False" for name in NOT_NEEDED]
    if token:
        given.append(f"--IdentityProvider.token={token}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        given.append("--allow-root")
    return given


def write_config(workspace: Workspace) -> Path:
    """Point Jupyter's own configuration folder at the course's nbgrader configuration, and set
    how JupyterLab begins."""
    folder = workspace.var / "jupyter" / "config"
    folder.mkdir(parents=True, exist_ok=True)
    course = workspace.exercises / "nbgrader_config.py"
    note = "# Written by crossings: the course's own configuration."
    text = f"{note}\nload_subconfig({str(course)!r})\n"
    (folder / "nbgrader_config.py").write_text(text, encoding="utf-8")
    (folder / "labconfig").mkdir(exist_ok=True)
    settings = folder / "labconfig" / "default_setting_overrides.json"
    settings.write_text(json.dumps(SETTINGS, indent=1), encoding="utf-8")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--with-parent", action="store_true")
    options = parser.parse_args()
    token = ""
    if options.with_parent:
        token = read_secret()
        end_with_parent()
    from jupyterlab.labapp import LabApp

    workspace = Workspace.current()
    write_config(workspace)
    LabApp.launch_instance(argv=arguments(options.host, options.port, workspace.root, token))


if __name__ == "__main__":
    main()
