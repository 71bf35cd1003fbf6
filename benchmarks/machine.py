"""What a measurement was made on: the class of the machine and versions, no names."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import psutil


def machine() -> dict[str, str]:
    """Date, cores, memory, system and Python of this run.

    `load` is the system's load average of one minute before the run: a busy machine spreads.
    """
    memory = psutil.virtual_memory().total / 2**30
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "load": f"{psutil.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
    }


def versions(*packages: str) -> dict[str, str]:
    """The installed versions of Python packages; those that are missing are left out."""
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def told(facts: Mapping[str, str]) -> str:
    """One line of `facts`."""
    return ", ".join(f"{name} {value}" for name, value in facts.items())
