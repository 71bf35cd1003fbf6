"""What child processes see: our own environment first, and nothing of the user's set-up."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crossings.workspace import ROOT, Workspace


def child_environment(workspace: Workspace | None = None) -> dict[str, str]:
    """Environment variables for a child process.

    The folder of our Python comes first in PATH, so that tools which look there (nbgrader starts
    `alembic`) find ours without an activated environment.
    """
    env = {k: v for k, v in os.environ.items() if k not in _OF_THE_USER}
    ours, path = str(Path(sys.executable).parent), env.get("PATH", os.defpath)
    env["PATH"] = path if path.split(os.pathsep)[0] == ours else os.pathsep.join([ours, path])
    env["PYTHONUTF8"] = "1"
    env["PYTHONNOUSERSITE"] = "1"
    env["NO_UPDATE_NOTIFIER"] = "1"
    if workspace is None:
        return env | _scratch(ROOT / "_build" / ".jupyter")
    env["CROSSINGS_WORKSPACE"] = str(workspace.root)
    return env | _jupyter_folders(workspace)


_OF_THE_USER = frozenset(
    {"PYTHONHOME", "PYTHONSTARTUP", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "CROSSINGS_STAFF_TOKEN"}
)
"""Variables that would bring a user's own set-up, or a secret, into our children."""


def _scratch(home: Path) -> dict[str, str]:
    """Where kernels and figures keep what they make by the way: not in a home folder."""
    return {
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
    }


def _jupyter_folders(workspace: Workspace) -> dict[str, str]:
    """Jupyter's folders inside the workspace: nothing is read from, or left in, a home folder."""
    home = workspace.var / "jupyter"
    return _scratch(home) | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "lab" / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "lab" / "workspaces"),
    }
