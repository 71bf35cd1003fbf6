"""What a process and all its descendants use, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    memory_kb: int
    """What only these processes hold; what they share with the warm parent is not counted."""
    cpu_seconds: float
    processes: int


def usage(pid: int, shared_kb: int, limit_kb: int) -> Usage:
    """Now used by `pid` and its descendants, of which the first began with `shared_kb`.

    Adding up counts pages that a fork shares once for each process. That is quick and never too
    small; only where it says that `limit_kb` is passed are shared pages counted once.
    """
    family = list(descendants(pid))
    held = {p: _held(p) for p in family}
    memory = sum(held.values()) - shared_kb
    if memory > limit_kb and len(family) > 1:
        memory = sum(_fair_share(p) or kb for p, kb in held.items() if _held(p))
    return Usage(max(0, memory), sum(_cpu(p) for p in family), len(family))


def descendants(pid: int) -> Iterator[int]:
    """`pid`, its children, their children; those that end meanwhile may be missing."""
    waiting = [pid]
    while waiting:
        here = waiting.pop()
        yield here
        for thread in _listed(f"/proc/{here}/task"):
            found = _read(f"/proc/{here}/task/{thread}/children")
            waiting.extend(int(child) for child in found.split())


def _listed(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _field(text: str, name: str) -> int:
    at = text.find(f"\n{name}:")
    return int(text[at:].split(None, 2)[1]) if at >= 0 else 0


def _held(pid: int) -> int:
    status = _read(f"/proc/{pid}/status")
    return _field(status, "RssAnon") + _field(status, "RssShmem") + _field(status, "VmSwap")


def _fair_share(pid: int) -> int:
    """Proportional set size without files: pages shared by three count a third each."""
    rollup = _read(f"/proc/{pid}/smaps_rollup")
    return _field(rollup, "Pss_Anon") + _field(rollup, "Pss_Shmem") + _field(rollup, "SwapPss")


def _cpu(pid: int) -> float:
    """Of the process and of those children of it that it has waited for."""
    after_name = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return sum(int(ticks) for ticks in after_name[11:15]) / _TICKS


def held_here() -> int:
    """What this process holds, in kilobytes."""
    return _held(os.getpid())
