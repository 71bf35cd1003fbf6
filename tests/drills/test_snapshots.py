"""A fold that begins at a snapshot is the whole fold; a wrong snapshot is as if there were none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.curriculum import current
from crossings.drills import DrillLog, fold, frozen, open_script, script, snapshots
from crossings.drills.log import Draft
from crossings.drills.rehearsal import rehearse
from crossings.drills.state import DrillState
from tests.drills import classroom

COURSE = current()
REFS = [f"{m.id}/{d}" for m in COURSE.modules.values() for d in m.drills]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrillLog]:
    """One rehearsed run of every drill of the course, so of every kind."""
    log = DrillLog(tmp_path_factory.mktemp("held") / "drills.sqlite")
    for ref in REFS:
        rehearse(log, script(COURSE, ref), classroom.NAMES, 1_700_000_000, "snapshots")
    yield log
    log.close()


def again(state: DrillState, begun: DrillState) -> DrillState:
    return frozen.from_json(json.loads(json.dumps(frozen.to_json(state))), begun)


@pytest.mark.parametrize("ref", REFS)
def test_from_a_snapshot_anywhere_the_fold_is_the_same(held: DrillLog, ref: str) -> None:
    run = next(e.drill for e in held.openings() if e.payload["ref"] == ref)
    events = held.since(run)
    whole, begun = fold(events), fold(events[:2])
    for cut in sorted({2, 3, len(events) // 3, len(events) // 2, len(events) - 1, len(events)}):
        state = fold(events[:cut])
        resumed = again(state, begun)
        assert resumed == state
        for event in events[cut:]:
            resumed.apply(event)
        assert resumed == whole


SEATS = ("s1", "s2", "s3")
_ACTS = st.one_of(
    st.tuples(st.just("joined"), st.sampled_from(SEATS), st.sampled_from(("Amina", "Björn"))),
    st.tuples(st.just("answered"), st.sampled_from(SEATS), st.integers(0, 5), st.integers(0, 3)),
    st.tuples(st.just("extra"), st.sampled_from(SEATS), st.integers(0, 60)),
    st.tuples(st.sampled_from(("removed", "renamed")), st.sampled_from(SEATS)),
    st.tuples(st.sampled_from(("started", "paused", "resumed", "ended"))),
    st.tuples(st.sampled_from(("closed", "revealed", "extended")), st.integers(0, 5)),
    st.tuples(st.just("moved"), st.integers(0, 5), st.integers(0, 5)),
)


def drafts(acts: list[tuple[Any, ...]], run: str) -> list[Draft]:
    """Some history, sensible or not: whatever is in a log folds."""
    made = []
    for place, (kind, *more) in enumerate(acts):
        seat, payload = (more[0] if kind in _OF_SEATS else ""), dict[str, Any]()
        if kind in ("joined", "renamed"):
            payload = {"name": more[-1], "code": f"CODE{place}"}
        if kind == "answered":
            payload = {"step": more[1], "n": more[2], "response": {"choice": "yes"}}
        if kind in ("closed", "revealed", "extended"):
            payload = {"step": more[0], "seconds": 30}
        if kind == "moved":
            payload = {"from": more[0], "to": more[1]}
        if kind == "extra":
            payload = {"seconds": more[1]}
        made.append(Draft(run, kind, f"k{place}", payload, seat, at=1000.0 + 7 * place))
    return made


_OF_SEATS = ("joined", "answered", "extra", "removed", "renamed")


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(_ACTS, max_size=40), cut=st.integers(0, 40))
def test_any_history_and_any_cut(
    acts: list[tuple[Any, ...]], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = DrillLog(tmp_path_factory.mktemp("any") / "drills.sqlite")
    run = open_script(log, classroom.quiz(), at=900.0)
    made = drafts(acts, run)
    if made[:cut]:
        log.append(made[:cut])
    snapshots.keep(log, fold(log.since(run)))
    if made[cut:]:
        log.append(made[cut:])
    assert snapshots.resumed(log, run) == fold(log.since(run))
    log.close()


def kept(log: DrillLog) -> tuple[str, DrillState]:
    run = open_script(log, classroom.quiz())
    log.append([Draft(run, "joined", "j", {"name": "Amina", "code": "CCCCCC"}, "s1")])
    state = fold(log.since(run))
    snapshots.keep(log, state)
    return run, state


def change(log: DrillLog, sql: str, *values: object) -> None:
    with log.using(writes=True) as connection:
        connection.exec_driver_sql(sql, values)


def test_a_sound_snapshot_is_used(log: DrillLog) -> None:
    run, state = kept(log)
    found = snapshots._snapshot(log, run)
    assert found == state


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE snapshots SET code = 'an older version of the fold'",
        "UPDATE snapshots SET body = replace(body, 'Amina', 'Mallory')",
        "UPDATE snapshots SET body = 'no JSON'",
        "UPDATE snapshots SET seq = seq + 5",
        "UPDATE snapshots SET seq = seq - 1",
        "UPDATE events SET payload = replace(payload, 'Amina', 'Elif') WHERE seq = 3",
        "DELETE FROM events WHERE seq = 3",
    ],
)
def test_a_snapshot_that_does_not_fit_is_ignored(log: DrillLog, sql: str) -> None:
    run, _ = kept(log)
    change(log, sql)
    assert snapshots._snapshot(log, run) is None
    assert snapshots.resumed(log, run) == fold(log.since(run))


def test_another_version_of_the_code_ignores_it(
    log: DrillLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = kept(log)
    monkeypatch.setattr(snapshots, "code", lambda: "a newer fold")
    assert snapshots._snapshot(log, run) is None


def test_the_version_changes_with_the_code_of_the_fold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "drills").mkdir()
    (tmp_path / "drills" / "state.py").write_text("one = 1\n")
    monkeypatch.setattr(snapshots, "__file__", str(tmp_path / "drills" / "snapshots.py"))
    first = snapshots.code.__wrapped__()
    (tmp_path / "drills" / "state.py").write_text("one = 2\n")
    assert snapshots.code.__wrapped__() != first
