"""Noticing a save: the times and sizes of the author's files, asked for several times a second.

A hundred files take some two milliseconds. That works on shared folders and in virtual machines
too, where the system sends no news of changes; see docs/decisions/0023-start-and-see.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from crossings.book.stamp import content_files

EVERY = 0.12
"""Seconds between two looks."""

Stamps = Mapping[Path, tuple[int, int]]


def stamps(root: Path) -> Stamps:
    """Time (ns) and size of each of the author's files that are there."""
    found: dict[Path, tuple[int, int]] = {}
    for path in content_files(root):
        try:
            about = path.stat()
        except OSError:
            continue
        found[path] = (about.st_mtime_ns, about.st_size)
    return found


async def watch(root: Path, changed: Callable[[frozenset[Path]], Awaitable[None]]) -> None:
    """Call `changed` with the files of each save, once they have stood still for one look: so a
    file that is still being written is not read."""
    told = last = await asyncio.to_thread(stamps, root)
    while True:
        await asyncio.sleep(EVERY)
        now = await asyncio.to_thread(stamps, root)
        if now == last != told:
            files = {p for p in now.keys() | told.keys() if now.get(p) != told.get(p)}
            told = now
            await changed(frozenset(files))
        last = now
