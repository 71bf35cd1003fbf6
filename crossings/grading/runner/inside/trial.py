"""Try each wall in a child that can be lost, and see whether it holds. Prints what does not."""

from __future__ import annotations

import json
import os
import resource
import socket
from collections.abc import Callable

from . import confine, landlock, system
from . import filter as call_filter


def main(bubbled: bool) -> None:
    """Print a JSON object: the walls that do not stand, and why."""
    trials: dict[str, Callable[[], str]] = {
        "landlock": _landlock,
        "seccomp": _seccomp,
        "process limit": lambda: _processes(bubbled),
    }
    if bubbled:
        trials = {"namespaces": _namespaces, **trials}
    failed = {}
    for name, trial in trials.items():
        why = _in_child(trial, name == "namespaces" or (bubbled and name == "process limit"))
        if why:
            failed[name] = why
    print(json.dumps(failed))


def _in_child(trial: Callable[[], str], new_pids: bool) -> str:
    """What `trial` says when it is run in a fork; "" if it is content."""
    read, write = os.pipe()
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        if new_pids:
            system.unshare(system.CLONE_NEWPID)
        pid = os.fork()
    except OSError as error:
        return str(error)
    if pid == 0:
        try:
            said = trial()
        except Exception as error:
            said = str(error) or type(error).__name__
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    if new_pids:
        system.setns(own, system.CLONE_NEWPID)
    heard = b""
    while part := os.read(read, 4096):
        heard += part
    _, status = os.waitpid(pid, 0)
    os.close(read)
    os.close(own)
    return heard.decode() or ("" if status == 0 else f"the trial died with status {status}")


def _namespaces() -> str:
    before = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("mnt", "net", "ipc", "user")}
    confine.enter(("namespaces",), 1)
    same = [name for name, was in before.items() if os.readlink(f"/proc/self/ns/{name}") == was]
    if same:
        return f"the namespace {same[0]} stays the same"
    if os.getpid() != 1 or [name for name in os.listdir("/proc") if name.isdigit()] != ["1"]:
        return "other processes can be seen"
    try:
        with open(f"{confine.HOME}/full", "wb") as file:
            file.write(bytes(2 << 20))
    except OSError:
        return ""
    return "the size of the private disk is not limited"


def _landlock() -> str:
    if landlock.abi() == 0:
        return "it is not in the kernel, or not switched on"
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict((), ("/dev",))
    os.close(os.open("/dev/null", os.O_WRONLY))
    try:
        os.close(os.open("/tmp", os.O_TMPFILE | os.O_WRONLY))
    except OSError:
        return ""
    return "it does not hold"


def _seccomp() -> str:
    if not call_filter.known():
        return f"there is no filter for {system.machine()}"
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    call_filter.install(call_filter.program())
    for name, forbidden in (
        ("ptrace", lambda: system.call("ptrace", 0, 0, None, None)),
        ("unshare", lambda: system.unshare(system.CLONE_NEWUSER)),
        ("socket", lambda: socket.socket(40, socket.SOCK_STREAM)),
    ):
        try:
            forbidden()
        except OSError:
            continue
        return f"{name} is not stopped"
    return ""


def _processes(bubbled: bool) -> str:
    if bubbled:
        confine.enter(("namespaces",), 1)
        system.drop_capabilities()
    most = 4
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
    read, write = os.pipe()
    made = []
    try:
        for _ in range(most + 2):
            pid = os.fork()
            if pid == 0:
                os.close(write)
                os.read(read, 1)
                os._exit(0)
            made.append(pid)
    except OSError:
        pass
    os.close(write)
    for pid in made:
        os.waitpid(pid, 0)
    if not made:
        return "no process can be started under a limit"
    return "" if len(made) <= most else "it does not hold"
