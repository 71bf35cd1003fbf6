"""The chain: what is in the ledger stays what it was, and every change to it shows."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crossings.grading import durable
from crossings.grading.ledger import Draft, Ledger, LedgerError, Points, store
from crossings.grading.ledger.entry import GENESIS, sealed
from crossings.grading.ledger.verify import verify
from crossings.workspace import Workspace


def fill(workspace: Workspace, count: int = 6) -> str:
    """A ledger of `count` marks; the hash of the last."""
    with Ledger(workspace) as ledger:
        for n in range(count):
            test = Points("item-1", n / 2, 3, "auto")
            last = ledger.append(
                Draft("mark", "sheet", f"trainee-{n}", outcome="graded", tests=(test,))
            )
    return last.hash


def problems(workspace: Workspace, noted: str = "") -> tuple[str, ...]:
    with Ledger(workspace) as ledger:
        return verify(ledger, noted).problems


def raw(workspace: Workspace) -> sqlite3.Connection:
    """The file in the hands of somebody who takes the guards away first."""
    found = sqlite3.connect(store.file_of(workspace), isolation_level=None)
    found.executescript("DROP TRIGGER entry_stays; DROP TRIGGER entry_remains;")
    return found


def test_a_whole_chain_is_whole(workspace: Workspace) -> None:
    last = fill(workspace)
    with Ledger(workspace) as ledger:
        found = verify(ledger, last)
        assert (found.count, found.head, found.problems) == (6, last, ())
        entries = list(ledger.entries())
    assert entries[0].prev_hash == GENESIS
    for before, entry in itertools.pairwise(entries):
        assert entry.prev_hash == before.hash
    assert [e.tests[0].points for e in entries] == [0, 0.5, 1, 1.5, 2, 2.5]


def test_an_empty_ledger_is_whole_and_reading_makes_no_file(workspace: Workspace) -> None:
    assert problems(workspace) == ()
    with Ledger(workspace) as ledger:
        assert list(ledger.entries()) == [] and ledger.latest("sheet") == {}
    assert not workspace.root.exists()


def test_the_ledger_itself_refuses_changes(workspace: Workspace) -> None:
    fill(workspace)
    with sqlite3.connect(store.file_of(workspace)) as connection:
        for statement in ("UPDATE entry SET hash = 'x'", "DELETE FROM entry WHERE seq = 6"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM entry WHERE seq = 3", "missing or were moved"),
        ("DELETE FROM entry WHERE seq = 1", "missing or were moved"),
        ("DELETE FROM entry WHERE seq > 4", "the end is cut off"),
        ("DELETE FROM entry", "the end is cut off"),
        ("UPDATE entry SET student = 'other' WHERE seq = 2", "another name"),
        ("UPDATE entry SET kind = 'override' WHERE seq = 2", "another name"),
        ("UPDATE entry SET hash = 'ab' WHERE seq = 2", "was changed"),
        ("UPDATE entry SET body = 'x' WHERE seq = 2", "cannot be read"),
        ("UPDATE entry SET body = body || ' ' WHERE seq = 6", "was changed"),
        (
            "UPDATE entry SET body = replace(body, '\"points\":0.5', '\"points\":3') WHERE seq = 2",
            "entry 2 was changed",
        ),
    ],
)
def test_tampering_is_named(workspace: Workspace, statement: str, said: str) -> None:
    fill(workspace)
    with raw(workspace) as connection:
        assert connection.execute(statement).rowcount > 0
    found = problems(workspace)
    assert any(said in problem for problem in found), found


def test_rows_that_change_places_are_named(workspace: Workspace) -> None:
    fill(workspace)
    with raw(workspace) as connection:
        connection.executescript(
            "UPDATE entry SET seq = 99 WHERE seq = 2; UPDATE entry SET seq = 2 WHERE seq = 3;"
            "UPDATE entry SET seq = 3 WHERE seq = 99;"
        )
    assert any("entry 2" in problem for problem in problems(workspace))


def test_a_forged_line_breaks_the_chain_after_it(workspace: Workspace) -> None:
    fill(workspace)
    with Ledger(workspace) as ledger:
        second = list(ledger.entries())[1]
    better = Draft("mark", "sheet", "trainee-1", tests=(Points("item-1", 3, 3, "auto"),))
    forged, body = sealed(better, 2, second.at, second.prev_hash)
    with raw(workspace) as connection:
        connection.execute(
            "UPDATE entry SET body = ?, hash = ? WHERE seq = 2", (body.decode(), forged.hash)
        )
    assert problems(workspace) == (
        "entry 3 does not follow the entry before it: one was changed, removed or moved",
    )


def test_a_forged_last_line_differs_from_the_note(workspace: Workspace) -> None:
    fill(workspace)
    with Ledger(workspace) as ledger:
        last = list(ledger.entries())[-1]
    forged, body = sealed(Draft("mark", "sheet", last.student), 6, last.at, last.prev_hash)
    with raw(workspace) as connection:
        connection.execute(
            "UPDATE entry SET body = ?, hash = ? WHERE seq = 6", (body.decode(), forged.hash)
        )
    assert problems(workspace) == ("entry 6 is not the one that was noted when it was written",)


def test_a_ledger_forged_as_a_whole_lacks_the_hash_that_somebody_noted(
    workspace: Workspace, tmp_path: Path
) -> None:
    noted = fill(workspace)
    shutil.rmtree(workspace.gradebook.parent)
    fill(workspace)
    assert problems(workspace) == ()
    assert "replaced or cut" in problems(workspace, noted)[0]


@pytest.mark.parametrize("head", [None, "", "[]", '{"seq": "x"}', '{"seq": 6}'])
def test_a_missing_or_odd_note_is_named(workspace: Workspace, head: str | None) -> None:
    fill(workspace)
    path = store.head_of(workspace)
    path.unlink()
    if head is not None:
        path.write_text(head, encoding="utf-8")
    assert len(problems(workspace)) == 1


@pytest.mark.attack
def test_any_changed_byte_shows_or_changes_nothing(workspace: Workspace) -> None:
    """Of 300 bytes all over the file: each is noticed, or lies where no entry is kept."""
    fill(workspace)
    path = store.file_of(workspace)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with Ledger(workspace) as ledger:
        entries = list(ledger.entries())
    whole = path.read_bytes()
    rest = [p for p in path.parent.iterdir() if p.name.startswith("ledger.sqlite-")]
    random_ = random.Random(11)
    body = whole.index(b'"assignment":"sheet"')
    places = [random_.randrange(len(whole)) for _ in range(200)]
    places += [body + n for n in range(100)]
    seen = 0
    for place in places:
        for leftover in rest:
            leftover.unlink(missing_ok=True)
        changed = bytearray(whole)
        changed[place] ^= 1 << random_.randrange(8)
        path.write_bytes(changed)
        if problems(workspace):
            seen += 1
            continue
        with Ledger(workspace) as ledger:
            assert list(ledger.entries()) == entries, f"byte {place} went unnoticed"
    assert seen >= 100


def test_a_damaged_file_is_one_message(workspace: Workspace) -> None:
    fill(workspace)
    store.file_of(workspace).write_bytes(b"this is no database at all, and long enough" * 100)
    for name in ("-wal", "-shm"):
        Path(f"{store.file_of(workspace)}{name}").unlink(missing_ok=True)
    with Ledger(workspace) as ledger, pytest.raises(LedgerError, match="damaged"):
        ledger.append(Draft("mark"))
    assert problems(workspace)


def test_the_same_act_is_written_once(workspace: Workspace) -> None:
    with Ledger(workspace) as ledger:
        first = ledger.append(Draft("mark", "sheet", "amina"), "key-1")
        again = ledger.append(Draft("mark", "sheet", "amina", why="other"), "key-1")
        assert first == again == ledger.by_key("key-1")
        assert len(list(ledger.entries())) == 1


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 2**60, "\ud800"])
def test_what_json_cannot_say_is_refused_and_leaves_nothing(
    workspace: Workspace, bad: object
) -> None:
    with Ledger(workspace) as ledger:
        with pytest.raises(ValueError):
            ledger.append(Draft("mark", data={"x": bad}))
        assert list(ledger.entries()) == []
        ledger.append(Draft("mark"))
    assert problems(workspace) == ()


def test_newest_of_each_student(workspace: Workspace) -> None:
    with Ledger(workspace) as ledger:
        for student, kind in (("a", "mark"), ("b", "mark"), ("a", "override"), ("a", "feedback")):
            ledger.append(Draft(kind, "sheet", student))  # type: ignore[arg-type]
        ledger.append(Draft("mark", "other", "a"))
        assert {s: e.seq for s, e in ledger.latest("sheet").items()} == {"a": 3, "b": 2}
        newest = ledger.latest_of("sheet", "a", ("mark",))
        assert newest is not None and newest.seq == 1
        assert [e.seq for e in ledger.entries(student="a", kind="mark")] == [1, 5]
        assert ledger.latest_of("sheet", "nobody") is None


WRITER = """
import sys
from pathlib import Path
from crossings.grading.ledger import Draft, Ledger
from crossings.workspace import Workspace
with Ledger(Workspace(Path(sys.argv[1]))) as ledger:
    for n in range(int(sys.argv[3])):
        draft = Draft("mark", "sheet", f"{sys.argv[2]}-{n}")
        entry = ledger.append(draft, pending=sys.argv[4] == "pending")
        print(entry.seq, entry.hash, flush=True)
"""


def writer(workspace: Workspace, name: str, count: int, kind: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(workspace.root), name, str(count), kind]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_several_processes_write_one_chain(workspace: Workspace) -> None:
    running = [writer(workspace, name, 25) for name in "abcd"]
    told = [line.split()[1] for one in running for line in one.communicate()[0].splitlines()]
    assert len(set(told)) == 100
    with Ledger(workspace) as ledger:
        assert {entry.hash for entry in ledger.entries()} == set(told)
        assert verify(ledger).problems == ()
    head = durable.read_json(store.head_of(workspace))
    assert head is not None and head["seq"] == 100


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize("kind", ["", "pending"])
def test_what_was_acknowledged_survives_a_kill(workspace: Workspace, kind: str) -> None:
    """And of what was acknowledged no end can be cut off unseen."""
    told: dict[str, int] = {}
    random_ = random.Random(3)
    for round_ in range(6):
        running = writer(workspace, f"round-{round_}", 100_000, kind)
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in range(5 + random_.randrange(30))]
        time.sleep(random_.random() / 50)
        os.kill(running.pid, signal.SIGKILL)
        lines += running.stdout.read().splitlines(keepends=True)
        running.wait()
        acknowledged = {line.split()[1]: int(line.split()[0]) for line in lines if "\n" in line}
        head = durable.read_json(store.head_of(workspace))
        assert head is not None and head["seq"] >= max(acknowledged.values())
        told |= acknowledged
    with Ledger(workspace) as ledger:
        assert set(told) <= {entry.hash for entry in ledger.entries()}
        assert verify(ledger).problems == ()
    last = max(told.values())
    with contextlib.closing(sqlite3.connect(store.file_of(workspace))) as book:
        book.execute("DROP TRIGGER entry_remains")
        book.execute("DELETE FROM entry WHERE seq >= ?", (last,))
        book.commit()
    with Ledger(workspace) as ledger:
        (problem,) = verify(ledger).problems
    assert "the end is cut off" in problem


def test_a_disk_that_is_full_says_so_and_writes_nothing(workspace: Workspace) -> None:
    fill(workspace)
    with Ledger(workspace) as ledger:
        connection = ledger._open(create=True)
        assert connection is not None
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(durable.NotSavedError) as caught:
            ledger.append(Draft("mark", data={"long": "x" * 100_000}))
        assert caught.value.status == 507
        assert json.loads(store.head_of(workspace).read_text("utf-8"))["seq"] == 6
        assert len(list(ledger.entries())) == 6
