"""The child locks itself: namespaces, a work folder of its own, limits, Landlock, a call filter.

It begins with one capability in the namespaces of the sandbox, which it uses to build its own view,
and ends with none. What cannot be had is an error here; `unsafe` marking leaves layers out by name.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Collection, Mapping
from pathlib import Path

from . import filter as call_filter
from . import landlock, system

LAYERS = ("bubblewrap", "namespaces", "landlock", "seccomp", "process limit")
"""Everything that protects; see probe.py for what is lost without each."""

HOME = "/home/trainee"
UID = 1000
_MB = 1 << 20
_PLAIN = system.MS_NOSUID | system.MS_NODEV


def enter(layers: Collection[str], disk_mb: int) -> None:
    """A world of its own: mounts, network, IPC, names, and a private place of `disk_mb`."""
    if "namespaces" not in layers:
        return
    system.unshare(
        system.CLONE_NEWNS
        | system.CLONE_NEWNET
        | system.CLONE_NEWIPC
        | system.CLONE_NEWUTS
        | system.CLONE_NEWCGROUP
    )
    system.mount("none", "/", "none", system.MS_REC | system.MS_PRIVATE)
    # One small disk for everything that can be written, so that one number limits it all.
    options = f"size={disk_mb}m,nr_inodes={disk_mb * 64},mode=0700"
    system.mount("tmpfs", HOME, "tmpfs", _PLAIN, options)
    for name, place in (("tmp", "/tmp"), ("shm", "/dev/shm")):
        (Path(HOME) / name).mkdir()
        system.mount(f"{HOME}/{name}", place, "none", system.MS_BIND)
    system.mount("proc", "/proc", "proc", _PLAIN | system.MS_NOEXEC)
    system.mount("devpts", "/dev/pts", "devpts", system.MS_NOSUID, "newinstance,ptmxmode=0666")
    (Path(HOME) / "work").mkdir()
    _new_user()


def _new_user() -> None:
    """A user namespace below the others: nothing that is gained in it counts outside."""
    uid, gid = os.geteuid(), os.getegid()
    system.unshare(system.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{UID} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{UID} {gid} 1", encoding="ascii")


def limit(layers: Collection[str], limits: Mapping[str, int], grown: int) -> None:
    """Resource limits. `grown` is the address space in bytes that the warm parent already has."""
    memory = limits["memory_mb"] * _MB
    # Address space is not memory: threads and libraries reserve much and use little. So one
    # giant request fails at once, and what is really used is counted by the watch.
    _set(resource.RLIMIT_AS, grown + 2 * memory + 512 * _MB)
    _set(resource.RLIMIT_CPU, max(1, limits["cpu_seconds"]))
    _set(resource.RLIMIT_FSIZE, limits["file_mb"] * _MB)
    _set(resource.RLIMIT_NOFILE, limits["open_files"])
    _set(resource.RLIMIT_CORE, 0)
    if "process limit" in layers:
        _set(resource.RLIMIT_NPROC, limits["processes"])
    for name in ("RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_RTPRIO", "RLIMIT_SIGPENDING"):
        kind = getattr(resource, name, None)
        if kind is not None:
            _set(kind, 256 if name == "RLIMIT_SIGPENDING" else 0)


def _set(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


def lock(layers: Collection[str], code: bytes) -> None:
    """The last step: no privileges, now or through any program; Landlock; the filter `code`."""
    if "namespaces" in layers:
        system.drop_capabilities()
    if "landlock" in layers or "seccomp" in layers:
        system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    if "landlock" in layers:
        landlock.restrict(writable=(HOME, "/tmp", "/dev/shm"), devices=("/dev",))
    if "seccomp" in layers:
        call_filter.install(code)
