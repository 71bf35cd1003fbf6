"""One room on two learner sites behind one PostgreSQL, as an academy with many classes runs it."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.drills.audit import audit
from benchmarks.drills.crowd import Crowd, soon
from benchmarks.drills.line import Place
from tests import aside
from tests.drills.postgres import postgres
from tests.load.room import Site, share, site
from tests.serving import free_port

pytestmark = [pytest.mark.load, pytest.mark.xdist_group("load")]
FULL = 600
SIZES = [40, pytest.param(FULL, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]


@pytest.mark.parametrize("size", SIZES)
def test_a_room_on_two_sites_loses_nothing_when_one_is_killed(size: int, tmp_path: Path) -> None:
    with ExitStack() as open_:
        server = open_.enter_context(postgres(free_port()))
        url = server.fresh_database("room")
        folders = [tmp_path / name for name in ("one", "two")]
        sites = [open_.enter_context(site(f, CROSSINGS_DRILL_LOG=url)) for f in folders]
        aside.run(_two_sites(sites, size))


async def _two_sites(sites: list[Site], size: int) -> None:
    trainer = sites[0].drill()
    state = trainer.state
    places = [Place("127.0.0.1", s.port) for s in sites]
    crowds = [
        Crowd(place, state.code, state.projector_key, size // 2, first=n * size)
        for n, place in enumerate(places)
    ]
    people = [p for crowd in crowds for p in crowd.people]
    for person in people:
        person.within = 3.0
    await asyncio.gather(*(c.join(within=size / 50) for c in crowds))
    for step in range(2):
        await asyncio.to_thread(trainer.start if step == 0 else trainer.forward)
        if step == 1:
            await asyncio.sleep(1.0)
            await asyncio.to_thread(sites[1].kill)
            await asyncio.to_thread(sites[1].start)
        assert all(await asyncio.gather(*(c.answered(step, 120) for c in crowds)))
        # Each site's projector counts what came in by the other one.
        assert await soon(lambda: [c.chart.seats for c in crowds] == [size, size])
        assert await soon(lambda step=step: all(_counted(c, step) == size for c in crowds))
        await asyncio.to_thread(trainer.reveal)
    await asyncio.to_thread(trainer.end)
    assert all(await asyncio.gather(*(c.are("ended") for c in crowds)))
    await asyncio.gather(*(c.leave() for c in crowds))
    found = audit(sites[0].log, state.run, people)
    assert found.clean and found.acknowledged == 2 * size, found
    acks = [t for c in crowds for t in c.times.acknowledged]
    assert size < FULL or share(acks, 0.5) < 1.0


def _counted(crowd: Crowd, step: int) -> int:
    return max((n for _, s, n in crowd.chart.seen if s == step), default=0)
