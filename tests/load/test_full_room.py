"""A full room over real HTTP and EventSource: in time when all is well, and honest when it is not.

Small by default; `./course test -m slow tests/load` takes the whole room. Everything is bounded and
stays on the loopback. What counts is what the participants' own books say.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from benchmarks.drills.audit import audit
from benchmarks.drills.crowd import Crowd, soon
from benchmarks.drills.line import Place
from benchmarks.drills.network import BadNetwork
from crossings.drills import DrillLog, Trainer
from tests import aside
from tests.load.room import Site, share, site

pytestmark = [pytest.mark.load, pytest.mark.xdist_group("load")]
TEN_MINUTES = 600.0
FULL = 1000
SIZES = [50, pytest.param(FULL, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]


def crowd_of(trainer: Trainer, port: int, size: int, skew: float = 0) -> Crowd:
    state, place = trainer.state, Place("127.0.0.1", port)
    return Crowd(place, state.code, state.projector_key, size, skew)


async def asked(crowd: Crowd, trainer: Trainer, step: int) -> bool:
    """Open question `step`, and wait until everybody has answered it."""
    await asyncio.to_thread(trainer.start if step == 0 else trainer.forward)
    await asyncio.to_thread(trainer.extend, 120)
    return await crowd.answered(step)


@pytest.mark.parametrize("size", SIZES)
def test_a_room_answers_in_time(size: int, tmp_path: Path) -> None:
    """How soon counts in a full room only, which runs alone, and there with bounds of twice the
    aim; `benchmarks/drills` has the aims."""
    with site(tmp_path) as here:
        aside.run(_in_time(here, size))


async def _in_time(here: Site, size: int) -> None:
    trainer, before = here.drill(), here.memory
    crowd = crowd_of(trainer, here.port, size)
    for person in crowd.people:
        person.within = 3.0
    assert await crowd.join(within=min(20, size / 25)) < 30
    for step in range(2):
        assert await asked(crowd, trainer, step)
        await asyncio.to_thread(trainer.reveal)
        assert await crowd.shown(step)
    late = crowd.chart.freshness(crowd.times.told)
    each = (here.memory - before) / size
    await asyncio.to_thread(trainer.end)
    assert await crowd.are("ended")
    await crowd.leave()
    found = audit(here.log, trainer.state.run, crowd.people)
    assert found.clean and found.acknowledged == 2 * size, found
    assert max(late) < 60, "the projector never showed an answer"
    if size >= FULL:
        assert share(crowd.times.acknowledged, 0.5) < 0.25
        assert share(crowd.times.acknowledged, 0.95) < 2.0
        assert share(late, 0.95) < 2.0
    assert each < 400_000, f"{each:,.0f} bytes for each participant"


@pytest.mark.parametrize("size", SIZES)
def test_nothing_that_was_acknowledged_is_lost_when_everything_goes_wrong(
    size: int, tmp_path: Path
) -> None:
    with site(tmp_path) as here:
        aside.run(_everything_wrong(here, size, kills=2 if size < 100 else 3))


async def _everything_wrong(here: Site, size: int, kills: int) -> None:
    """Latency, loss, drops, wrong clocks, killed sites, and a copy of the database meanwhile."""
    trainer = here.drill()
    network = BadNetwork(here.port, latency=0.2, loss=0.05)
    crowd = crowd_of(trainer, await network.open(), size, TEN_MINUTES)
    for person in crowd.people:
        person.within, person.changes_mind = 3.0, 0.3
    await crowd.join(within=min(20, size / 25))
    copies: list[int] = []
    for step in range(kills):
        opened = asyncio.create_task(asked(crowd, trainer, step))
        # 5 % of everybody a minute, but enough that somebody is away when the site falls.
        drops = asyncio.create_task(crowd.churn(max(0.05, 60 / size), 4))
        await asyncio.sleep(1.2)
        await asyncio.to_thread(here.kill)
        copies.append(await asyncio.to_thread(_events_of_a_copy, here, trainer.state.run))
        await asyncio.to_thread(here.start)
        assert await drops > 0
        assert await opened, "somebody never got an answer through"
        await asyncio.to_thread(trainer.reveal)
    await asyncio.to_thread(trainer.end)
    assert await crowd.are("ended")
    refused = [r for p in crowd.people for r in p.book.refused.values()]
    await crowd.leave()
    network.close()
    found = audit(here.log, trainer.state.run, crowd.people)
    assert found.clean, found
    assert found.acknowledged + len(refused) >= kills * size
    assert len(refused) < size / 20, refused[:3]
    assert network.lost > size and copies == sorted(copies) and copies[-1] > 2 * size


def _events_of_a_copy(here: Site, run: str) -> int:
    """Copy the database in use as a file manager would, open the copy, and count."""
    source = here.workspace.drill_log
    target = here.workspace.root / "copy"
    target.mkdir(exist_ok=True)
    for path in source.parent.glob(f"{source.name}*"):
        if not path.name.endswith("-shm"):
            (target / path.name).write_bytes(path.read_bytes())
    copy = DrillLog(target / source.name)
    try:
        seqs = [e.seq for e in copy.since(run)]
        assert seqs == list(range(1, len(seqs) + 1))
        return len(seqs)
    finally:
        copy.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_system_that_grants_few_open_files_still_holds_a_room(tmp_path: Path) -> None:
    with site(tmp_path) as here:
        here.kill()
        here.start(files=64)
        aside.run(_few_files(here))


async def _few_files(here: Site) -> None:
    trainer = here.drill()
    crowd = crowd_of(trainer, here.port, 60)
    assert await asyncio.wait_for(crowd.join(within=1.0), 30) < 30
    await asyncio.to_thread(trainer.end)
    assert await crowd.are("ended")
    await crowd.leave()


def test_two_drills_at_once_do_not_see_each_other(tmp_path: Path) -> None:
    with site(tmp_path) as here:
        aside.run(_two_drills(here))


async def _two_drills(here: Site) -> None:
    one, two = here.drill(), here.drill()
    crowds = [crowd_of(t, here.port, n) for t, n in ((one, 12), (two, 20))]
    for crowd in crowds:
        for person in crowd.people:
            person.within = 1.0
        await crowd.join(within=1.0)
    assert await soon(lambda: [c.chart.seats for c in crowds] == [12, 20])
    assert await asked(crowds[0], one, 0)
    await asyncio.sleep(0.5)
    assert {p.view["status"] for p in crowds[1].people} == {"lobby"}
    assert crowds[1].chart.seen == []
    assert await asked(crowds[1], two, 0)
    await asyncio.to_thread(one.end)
    assert await crowds[0].are("ended")
    assert {p.view["status"] for p in crowds[1].people} == {"running"}
    seats = [{p.seat["seat"] for p in c.people} for c in crowds]
    for crowd, trainer, own in zip(crowds, (one, two), seats, strict=True):
        await crowd.leave()
        assert {e.seat for e in here.log.since(trainer.state.run) if e.seat} == own
        assert audit(here.log, trainer.state.run, crowd.people).clean


def test_the_audit_notices_what_it_is_for(tmp_path: Path) -> None:
    """An answer that is taken out of the log, and one that the log never had."""
    with site(tmp_path) as here:
        aside.run(_audit_notices(here))


async def _audit_notices(here: Site) -> None:
    trainer = here.drill()
    crowd = crowd_of(trainer, here.port, 3)
    for person in crowd.people:
        person.within = 0.2
    await crowd.join(within=0.2)
    assert await asked(crowd, trainer, 0)
    await crowd.leave()
    run, (one, two, _) = trainer.state.run, crowd.people
    assert audit(here.log, run, crowd.people).clean
    with here.log.using(writes=True) as connection:
        gone = f"answer:{one.seat['seat']}:{next(iter(one.book.answers))}"
        connection.exec_driver_sql("DELETE FROM events WHERE key = ?", (gone,))
    two.book.answers["never-sent"] = (0, 9, {})
    two.seat["seat"] = "s-nobody"
    found = audit(here.log, run, crowd.people)
    assert (found.lost, found.outdone, found.seats) == (3, 2, 2)
