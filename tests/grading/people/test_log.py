"""What markers did: on the disk before it is acknowledged, undone without being forgotten."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.grading.people import fold
from crossings.grading.people.log import Act, MarkingLog, MarkingLogError
from crossings.grading.rubrics import Criterion, Question
from crossings.items.scale import Level
from crossings.workspace import Workspace

WRITER = """
import sys
from pathlib import Path
from crossings.grading.people.log import Act, MarkingLog
from crossings.workspace import Workspace
log = MarkingLog(Workspace(Path(sys.argv[1])))
for n in range(100_000):
    act = log.append(Act("mark", "sheet", "q", "Tara", {"student": f"s{n}", "role": "first"}))
    print(act.seq, flush=True)
"""
SCALE = tuple(Level(points=p, text="x") for p in (2, 1, 0))
QUESTION = Question("sheet", "q", "Q", "", (Criterion("a", "A", SCALE), Criterion("b", "B", SCALE)))


def mark(seq: int, student: str, levels: dict[str, float], role: str = "first") -> Act:
    body = {"student": student, "role": role, "levels": levels}
    return Act("mark", "sheet", "q", "Tara", body, seq)


def test_every_acknowledged_act_survives_kill_9(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    acknowledged = 0
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(25):
            acknowledged = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    log = MarkingLog(workspace)
    seqs = [act.seq for act in log.acts("sheet", "q")]
    assert seqs == list(range(1, len(seqs) + 1)) and len(seqs) >= acknowledged


def test_nothing_is_changed_or_removed(tmp_path: Path) -> None:
    log = MarkingLog(Workspace(tmp_path))
    assert log.acts("sheet") == [] and not log.path.exists(), "reading makes no file"
    log.append(mark(0, "amina", {"a": 2}))
    log.close()
    with sqlite3.connect(log.path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM act")
    with sqlite3.connect(log.path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE act SET body = '{}'")


def test_a_damaged_file_is_one_clear_message(tmp_path: Path) -> None:
    log = MarkingLog(Workspace(tmp_path))
    log.path.parent.mkdir(parents=True)
    log.path.write_bytes(b"not a database, but long enough to be taken for one " * 40)
    with pytest.raises(MarkingLogError, match="damaged"):
        log.acts("sheet")


def test_the_secret_stays_the_same(tmp_path: Path) -> None:
    assert MarkingLog(Workspace(tmp_path)).secret() == MarkingLog(Workspace(tmp_path)).secret()


def test_a_whole_mark_has_points_and_a_part_has_none() -> None:
    acts = [mark(1, "amina", {"a": 2}), mark(2, "bo", {"a": 1, "b": 0})]
    found = fold.marks(acts)
    assert found["amina"].counts is not None and found["bo"].counts is not None
    assert found["amina"].counts.points(QUESTION) is None
    assert found["bo"].counts.points(QUESTION) == 1
    assert found["bo"].counts.fits(QUESTION) == {"a": 1, "b": 2}


def test_points_that_a_new_rubric_does_not_have_must_be_given_anew() -> None:
    found = fold.marks([mark(1, "amina", {"a": 1.5, "b": 2})])["amina"].counts
    assert found is not None and found.points(QUESTION) is None
    assert found.fits(QUESTION) == {"b": 0}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), st.sampled_from("xyz"), st.integers(0, 2)),
        st.tuples(st.just("undo"), st.just(""), st.just(0)),
    ),
    max_size=30,
)


@given(STEPS)
def test_undo_is_the_way_back_step_by_step(steps: list[tuple[str, str, int]]) -> None:
    """Undoing behaves as a stack of what was there before, however often it is used."""
    acts: list[Act] = []
    stack: list[tuple[str, dict[str, float] | None]] = []
    now: dict[str, dict[str, float]] = {}
    for seq, (kind, student, level) in enumerate(steps, 1):
        if kind == "mark":
            stack.append((student, now.get(student)))
            now[student] = {"a": float(level)}
            acts.append(mark(seq, student, now[student]))
            continue
        last = fold.last_of(acts, "Tara", "first")
        assert (last is None) == (not stack)
        if last is None:
            continue
        acts.append(Act("undo", "sheet", "q", "Tara", {"of": last.seq}, seq))
        whom, before = stack.pop()
        assert last.body["student"] == whom
        if before is None:
            now.pop(whom)
        else:
            now[whom] = before
    counts = {s: m.counts for s, m in fold.marks(acts).items()}
    assert {s: dict(m.levels) for s, m in counts.items() if m is not None} == now
