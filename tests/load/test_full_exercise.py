"""An exercise with a full room: everybody writes, everybody of a service reads, the site is killed.

Small by default; `./course test -m slow tests/load` takes three hundred phones.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.drills.crowd import soon
from benchmarks.drills.line import Place
from crossings.curriculum import current
from crossings.drills import Trainer, open_script, script
from tests import aside
from tests.load.officers import Services, compared
from tests.load.room import Site, share, site

pytestmark = [pytest.mark.load, pytest.mark.xdist_group("load")]
TABLETOP = "mixed-movements-at-work/sixty-at-gull-haven"
FULL = 300
SIZES = [
    pytest.param(40, 3, 4.0, id="40"),
    pytest.param(FULL, 1, 60.0, id="300", marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
]
"""Phones, messages of each, and the seconds in which these are written. A service of 37 people
talks before it writes: five messages a second are more than a class of three hundred has."""


@pytest.mark.parametrize(("size", "messages", "within"), SIZES)
def test_every_message_is_read_once_by_all_it_is_for(
    size: int, messages: int, within: float, tmp_path: Path
) -> None:
    with site(tmp_path) as here:
        aside.run(_everybody_writes(here, size, messages, within))


async def _everybody_writes(here: Site, size: int, messages: int, within: float) -> None:
    trainer = Trainer(here.log, open_script(here.log, script(current(), TABLETOP)))
    before = here.memory
    crowd = Services(Place("127.0.0.1", here.port), trainer, size)
    assert await crowd.join(within=min(20, size / 25)) < 30
    await asyncio.to_thread(trainer.refresh)
    await asyncio.to_thread(trainer.start)
    assert await crowd.are("running")
    # First in peace, and on the clock; then once more with a site that is killed meanwhile.
    await asyncio.gather(*(o.write(messages, within) for o in crowd.officers))
    await asyncio.sleep(2)
    calm = [share(crowd.times.acknowledged, p) for p in (0.5, 0.95)]
    shown = [share(crowd.post.shown, p) for p in (0.5, 0.95)]
    each = (here.memory - before) / size
    writing = asyncio.gather(*(o.write(1, max(3, within / 2)) for o in crowd.officers))
    await asyncio.sleep(1.5)
    await asyncio.to_thread(here.kill)
    await asyncio.to_thread(here.start)
    await writing
    await asyncio.to_thread(trainer.skip, 22)
    await soon(lambda: compared(here.log, trainer.state.run, crowd.officers).unread == 0)
    found = compared(here.log, trainer.state.run, crowd.officers)
    await asyncio.to_thread(trainer.end)
    assert await crowd.are("ended")
    await crowd.leave()
    print(
        f"{size} phones, {found.acknowledged} messages: acknowledged p50 {calm[0]:.3f} s, p95 "
        f"{calm[1]:.3f} s; on the page p50 {shown[0]:.3f} s, p95 {shown[1]:.3f} s; "
        f"{each / 1024:.0f} KiB a phone in the site; {crowd.post.received / size / 1024:.0f} KiB "
        "sent to each"
    )
    assert found.acknowledged == (messages + 1) * size, found
    assert (found.lost, found.doubled, found.unread) == (0, 0, 0), found
    if size >= FULL:
        assert calm[0] < 0.25 and calm[1] < 2.0 and shown[1] < 3.0, (calm, shown)
    assert each < 400_000, f"{each:,.0f} bytes for each phone"
