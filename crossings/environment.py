"""What child processes see: our own environment first, and nothing of the user's set-up."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crossings.workspace import Workspace


def child_environment(workspace: Workspace | None = None) -> dict[str, str]:
    """Environment variables for a child process.

    The folder of our Python comes first in PATH, so that tools which look there (nbgrader starts
    `alembic`) find ours without an activated environment.
    """
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", "")])
    env["PYTHONUTF8"] = "1"
    env.pop("PYTHONHOME", None)
    if workspace is not None:
        env["CROSSINGS_WORKSPACE"] = str(workspace.root)
        env.update(_jupyter_folders(workspace))
    return env


def _jupyter_folders(workspace: Workspace) -> dict[str, str]:
    """Jupyter's folders inside the workspace: nothing is read from, or left in, a home folder."""
    home = workspace.var / "jupyter"
    return {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "lab" / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "lab" / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
    }
