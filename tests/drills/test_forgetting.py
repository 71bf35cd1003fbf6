"""What is asked to be forgotten is gone from the disk, and the figures of the drill stay."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crossings.cli import app
from crossings.drills import DrillLog, Trainer, fold, forgetting, open_drill, snapshots, views
from crossings.drills.log import Draft, DrillLogError
from crossings.drills.state import DrillState
from tests.drills import classroom

ANN, BOB = "Annabelle Quillfeather", "Robert Zweigelt"
TYPED, SAID = "smuggling", "My cousin Wendelin was stopped here"
DAY = 86_400


def played(log: DrillLog, at: float | None = None) -> str:
    """A finished quiz of two people in which both chose, and typed a word."""
    run = open_drill(log, classroom.course(), classroom.QUIZ)
    trainer = Trainer(log, run)
    for seat, name in (("s1", ANN), ("s2", BOB)):
        payload = {"name": name, "code": f"CODE{seat.upper()}"}
        log.append([Draft(run, "joined", f"join:{seat}", payload, seat)])
    log.append([Draft(run, "renamed", "renamed:1", {"name": f"{ANN} of Ostrel"}, "s1")])
    trainer.start()
    for step in range(6):
        for seat in ("s1", "s2"):
            response = answer(step, seat)
            payload = {"step": step, "n": 1, "response": response}
            log.append([Draft(run, "answered", f"answer:{seat}:{step}", payload, seat)])
        trainer.reveal()
        trainer.forward()
    trainer.end()
    return run


def answer(step: int, seat: str) -> dict[str, object]:
    if step == 0:
        return {"choice": "no" if seat == "s1" else "yes"}
    if step == 5:
        return {"text": TYPED if seat == "s1" else SAID}
    return {}


def figures(state: DrillState) -> object:
    """What a debrief counts, without words."""
    return (
        [views.counts(state, step) for step in state.steps],
        {seat: state.score(seat) for seat in state.seats},
        {n: {s: a.seconds for s, a in r.answers.items()} for n, r in state.steps.items()},
    )


def on_disk(place: Path) -> bytes:
    """Everything that the database has on the disk: the file and its companions."""
    return b"".join(p.read_bytes() for p in sorted(place.parent.glob(f"{place.name}*")))


def test_a_forgotten_person_is_gone_from_the_disk_and_their_choices_count(log: DrillLog) -> None:
    run = played(log)
    place, before = Path(str(log.place)), fold(log.since(run))
    assert ANN.encode() in on_disk(place) and TYPED.encode() in on_disk(place)
    done = forgetting.forget(log, run, f"{ANN} of Ostrel")
    assert done.people == 1 and done.cleaned
    assert ANN.encode() not in on_disk(place) and b"CODES1" not in on_disk(place)
    assert BOB.encode() in on_disk(place)
    after = fold(log.since(run))
    assert figures(after) == figures(before)
    assert after.seats["s1"].name == "Person 1" and after.seats["s2"].name == BOB
    with pytest.raises(forgetting.NoSuchError, match="Nobody"):
        forgetting.forget(log, run, ANN)


def test_a_typed_answer_keeps_only_whether_it_was_right(log: DrillLog) -> None:
    run = played(log)
    before = fold(log.since(run))
    forgetting.forget(log, run, "s2")
    after = fold(log.since(run))
    assert SAID.encode() not in on_disk(Path(str(log.place)))
    assert after.answer(5, "s2").response["text"] == forgetting.GONE
    assert after.score("s2") == before.score("s2")
    forgetting.forget(log, run, "s1")
    assert fold(log.since(run)).score("s1") == before.score("s1")


def test_what_a_trainers_act_repeats_goes_too(log: DrillLog) -> None:
    run = open_drill(log, classroom.course(), classroom.QUIZ)
    secret = "She told me that Ottoline waits at the old mill"
    log.append([Draft(run, "joined", "join:1", {"name": ANN, "code": "C1"}, "s1")])
    sent = {"action": "write", "text": f"{secret}\nyes"}
    log.append([Draft(run, "answered", "a", {"step": 3, "n": 1, "response": sent}, "s1")])
    merged = f"Keep her here\n{secret}\nyes\nno\n{secret[:20]}"
    log.append([Draft(run, "taken", "t", {"step": 3, "action": {"text": merged}, "how": "vote"})])
    log.append([Draft(run, "filed", "f", {"form": {"place": secret}, "to": "team-a"}, "s1")])
    forgetting.forget(log, run, "s1")
    assert b"Ottoline" not in on_disk(Path(str(log.place)))
    events = {e.kind: e.payload for e in log.since(run)}
    gone = forgetting.GONE
    assert events["taken"]["action"]["text"] == f"Keep her here\n{gone}\nno\n{gone}"
    assert events["filed"] == {"form": {"place": gone}, "to": "team-a"}


def test_a_snapshot_does_not_keep_what_was_forgotten(log: DrillLog) -> None:
    run = played(log)
    snapshots.keep(log, fold(log.since(run)))
    forgetting.forget(log, run, "s1")
    assert ANN.encode() not in on_disk(Path(str(log.place)))
    assert snapshots.resumed(log, run).seats["s1"].name == "Person 1"


def test_old_drills_lose_their_people_once_and_young_ones_none(log: DrillLog) -> None:
    old, young = played(log), played(log)
    with log.using(writes=True) as connection:
        connection.exec_driver_sql(
            "UPDATE events SET at = at - ? WHERE drill = ?", (100 * DAY, old)
        )
    before = figures(fold(log.since(old)))
    done = forgetting.keep(log, 90)
    assert (done.drills, done.people) == (1, 2)
    assert {s.name for s in fold(log.since(old)).seats.values()} == {"Person 1", "Person 2"}
    assert figures(fold(log.since(old))) == before
    assert fold(log.since(young)).seats["s2"].name == BOB
    assert forgetting.keep(log, 90).drills == 0


def test_a_deleted_drill_leaves_nothing_and_others_stay(log: DrillLog) -> None:
    gone, stays = played(log), played(log)
    forgetting.delete(log, gone)
    assert [e.drill for e in log.openings()] == [stays]
    assert gone.encode() not in on_disk(Path(str(log.place)))
    with pytest.raises(forgetting.NoSuchError, match=stays):
        forgetting.delete(log, gone)


def test_a_console_that_is_open_hears_of_it(log: DrillLog) -> None:
    run = played(log)
    trainer = Trainer(log, run)
    assert trainer.state.seats["s2"].name == BOB
    forgetting.forget(log, run, "s2")
    trainer.refresh()
    assert trainer.state.seats["s2"].name == "Person 2"


def test_a_database_that_is_read_meanwhile_says_what_is_left_to_do(log: DrillLog) -> None:
    run = played(log)
    reader = sqlite3.connect(str(log.place), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    begun = time.monotonic()
    assert not forgetting.forget(log, run, "s1").cleaned
    assert time.monotonic() - begun < 60
    reader.close()
    assert forgetting.clean(log)
    assert ANN.encode() not in on_disk(Path(str(log.place)))


def test_the_file_can_be_copied_while_it_is_used(log: DrillLog, tmp_path: Path) -> None:
    """A plain copy of the file and its write-ahead log opens, with all that was acknowledged."""
    run = played(log)
    place = Path(str(log.place))
    for path in place.parent.glob(f"{place.name}*"):
        if not path.name.endswith("-shm"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    copy = DrillLog(tmp_path / place.name)
    assert copy.since(run) == log.since(run)
    copy.close()


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["drill", *words, "--data", str(tmp_path)])
        return done.exit_code, done.output

    return run


def test_the_commands(log: DrillLog, command: Callable[..., tuple[int, str]]) -> None:
    run = played(log)
    code, said = command("list")
    assert code == 0 and run in said and "2 people" in said
    code, said = command("forget", run, "Nobody of this name")
    assert code == 2 and "Nobody" in said and "Traceback" not in said
    code, said = command("forget", run, BOB)
    assert code == 0 and "1 people in 1 drill" in said
    code, said = command("keep", "0")
    assert code == 0 and "2 people" in said
    code, said = command("delete", "20200101-000000-none", "--yes")
    assert code == 2 and run in said
    code, said = command("delete", run, "--yes")
    assert code == 0 and re.search(r"Deleted: 2 people", said)
    assert log.openings() == []
    assert command("clean")[0] == 0


def test_no_log_is_a_plain_message(command: Callable[..., tuple[int, str]]) -> None:
    code, said = command("list")
    assert code == 2 and "No drill was held yet" in said


def test_every_payload_stays_json(log: DrillLog) -> None:
    run = played(log)
    forgetting.keep(log, -1)
    with log.using() as connection:
        rows = connection.exec_driver_sql("SELECT payload FROM events").all()
    assert all(isinstance(json.loads(row[0]), dict) for row in rows)
    with pytest.raises(DrillLogError, match="closed"):
        log.close()
        forgetting.forget(log, run, "s1")
