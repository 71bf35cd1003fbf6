"""Running the course: start both doors, watch them, end them.

Both doors are child processes. Each ends when this process ends, however it ends; a door that
falls over is started again on the same port.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from crossings.server import lock, ports
from crossings.server.door import Door, DoorFailedError
from crossings.workspace import Workspace

MOST_FALLS = 8
"""Falls of one door within `FALLS_WITHIN` seconds after which we stop starting it again."""
FALLS_WITHIN = 120.0
LOOK = 0.2


@dataclass(frozen=True)
class Running:
    """Both sites, open."""

    learner: Door
    staff: Door
    token: str
    notes: tuple[str, ...]
    """What the user should know, such as a port that was taken."""


@contextmanager
def running(
    workspace: Workspace,
    host: str,
    port: int,
    staff_host: str,
    staff_port: int,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[Running]:
    """Both sites while the block runs.

    `meanwhile` is called while the staff site starts, which takes longest, and before the learner
    site does, which needs what it prepares. What it raises ends everything.

    Raises:
        crossings.server.ports.NoPortError: when there is no free port.
        DoorFailedError: when a site does not start.
    """
    token = os.environ.get("CROSSINGS_STAFF_TOKEN") or secrets.token_hex(16)
    learner_port = ports.free_port(host, port)
    other = ports.free_port(staff_host, staff_port, frozenset({learner_port}))
    learner = Door(
        "learner", "crossings.server.learner", host, learner_port, "/api/health", workspace
    )
    staff = Door("staff", "crossings.server.staff", staff_host, other, "/api", workspace, token)
    with ExitStack() as stack:
        stack.callback(staff.end)
        stack.callback(learner.end)
        # Told first and ended afterwards, so that both take their leave at the same time.
        stack.callback(staff.ask_to_end)
        stack.callback(learner.ask_to_end)
        staff.start()
        meanwhile()
        learner.start()
        learner.wait_until_open(frozenset({staff.port}))
        staff.wait_until_open(frozenset({learner.port}))
        lock.write_about(workspace.lock, _about(learner, staff))
        yield Running(learner, staff, token, _notes((learner, port), (staff, staff_port)))


def _about(learner: Door, staff: Door) -> dict[str, object]:
    return {"pid": os.getpid(), "learner": learner.address, "staff": staff.address}


def _notes(*doors: tuple[Door, int]) -> tuple[str, ...]:
    return tuple(
        f"port {wanted} is in use; the {door.name} site took {door.port}"
        for door, wanted in doors
        if door.port != wanted
    )


def watch(both: Running, said: Callable[[str], None]) -> None:
    """Start a door again when it falls; ends only with an exception, such as Ctrl-C.

    Raises:
        DoorFailedError: when a door falls again and again.
    """
    falls: dict[str, list[float]] = {both.learner.name: [], both.staff.name: []}
    while True:
        time.sleep(LOOK)
        for door in (both.learner, both.staff):
            if not door.fell():
                continue
            now = time.monotonic()
            recent = [t for t in falls[door.name] if now - t < FALLS_WITHIN]
            falls[door.name] = [*recent, now]
            if len(falls[door.name]) > MOST_FALLS:
                raise DoorFailedError(f"the {door.name} site keeps falling:\n{door.last_words()}")
            said(f"the {door.name} site ended unexpectedly; starting it again")
            time.sleep(min(2.0, 0.5 * len(recent)))
            door.start()
