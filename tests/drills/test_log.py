"""The log: append-only, idempotent, committed before it is acknowledged, clear when it cannot."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from crossings.drills.log import Draft, DrillLog, DrillLogError


def draft(key: str, drill: str = "d", **payload: object) -> Draft:
    return Draft(drill, "answered", key, payload, seat="s1")


def test_numbers_count_from_one_in_each_drill(log: DrillLog) -> None:
    acks = log.append([draft("a"), draft("b"), draft("a", "other"), draft("c")])
    assert [a.event.seq for a in acks] == [1, 2, 1, 3]
    assert [e.key for e in log.since("d", 1)] == ["b", "c"]
    assert [e.drill for e in log.openings()] and len(log.openings()) == 2


def test_the_same_key_gets_the_first_acknowledgement_again(log: DrillLog) -> None:
    first = log.append([draft("a", x=1)])[0]
    again = log.append([draft("a", x=2), draft("a", x=3)])
    assert first.fresh and not again[0].fresh and not again[1].fresh
    assert [a.event.payload for a in again] == [{"x": 1}, {"x": 1}]
    assert len(log.since("d")) == 1


def test_the_same_key_twice_in_one_append_is_one_event(log: DrillLog) -> None:
    acks = log.append([draft("a", x=1), draft("a", x=2)])
    assert [a.fresh for a in acks] == [True, False]
    assert [e.payload for e in log.since("d")] == [{"x": 1}]


def test_many_threads_and_two_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    place = tmp_path / "drills.sqlite"
    logs = [DrillLog(place), DrillLog(place)]

    def send(number: int) -> None:
        for n in range(20):
            logs[number % 2].append([draft(f"{number}-{n}")])
            logs[number % 2].append([draft(f"shared-{n}")])

    threads = [threading.Thread(target=send, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = logs[0].since("d")
    assert [e.seq for e in events] == list(range(1, 6 * 20 + 20 + 1))
    assert len({e.key for e in events}) == len(events)
    for made in logs:
        made.close()


def test_one_bad_payload_fails_alone(log: DrillLog) -> None:
    with pytest.raises(ValueError):
        log.submit([draft("bad", x=float("nan"))])
    with pytest.raises(UnicodeEncodeError):
        log.submit([draft("bad", x="\ud800")])
    assert log.append([draft("good")])[0].fresh


def test_the_file_is_safe_against_a_crash(log: DrillLog) -> None:
    log.append([draft("a")])
    with sqlite3.connect(str(log.place)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with log._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_killed_writer_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    place = tmp_path / "drills.sqlite"
    code = (
        "import sys, os, signal; from crossings.drills.log import *; "
        "log = DrillLog(sys.argv[1])\n"
        "for n in range(40): print(log.append([Draft('d','k',str(n),{})])[0].event.seq, flush=True)"
        "\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(place)], capture_output=True, text=True, timeout=60
    )
    told = [int(line) for line in done.stdout.split()]
    assert len(told) == 40
    log = DrillLog(place)
    assert [e.seq for e in log.since("d")] == told
    log.close()


def test_a_full_disk_is_one_clear_error_and_no_acknowledgement(log: DrillLog) -> None:
    log.append([draft("before")])
    with log._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    # SQLite's own limit on the file's size raises the same error as a disk without room.
    import sqlalchemy as sa

    def small(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 1}")  # type: ignore[attr-defined]

    log._engine.dispose()
    sa.event.listen(log._engine, "connect", small)
    big = "x" * 50_000
    with pytest.raises(DrillLogError, match="disk is full"):
        log.append([draft("big", text=big)])
    assert [e.key for e in log.since("d")] == ["before"]
    sa.event.remove(log._engine, "connect", small)
    log._engine.dispose()
    assert log.append([draft("big", text=big)])[0].fresh


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(DrillLogError, match="drill log"):
        DrillLog(tmp_path / "var" / "drills.sqlite")
    (tmp_path / "junk.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(DrillLogError, match="damaged"):
        DrillLog(tmp_path / "junk.sqlite")


def test_a_read_only_log_refuses_and_says_so(log: DrillLog) -> None:
    import sqlalchemy as sa

    log.append([draft("a")])
    log._engine.dispose()
    sa.event.listen(log._engine, "connect", lambda c, _: c.execute("PRAGMA query_only=1"))
    with pytest.raises(DrillLogError, match="No right to write"):
        log.append([draft("b")])
    assert [e.key for e in log.since("d")] == ["a"]


def test_a_closed_log_says_so(log: DrillLog) -> None:
    log.close()
    with pytest.raises(DrillLogError, match="closed"):
        log.append([draft("a")])
