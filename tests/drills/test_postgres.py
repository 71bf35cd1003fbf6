"""The log on a real PostgreSQL: the same promises, several sites, and a server that dies."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from crossings.drills import DrillLog, Trainer, fold, forgetting, open_drill, snapshots
from crossings.drills.log import Draft, DrillLogError
from crossings.workspace import Workspace
from tests.drills import classroom
from tests.drills.postgres import Postgres, postgres
from tests.drills.site_process import killed, serve
from tests.drills.test_crash import Phone
from tests.serving import course, eventually, free_port

pytestmark = pytest.mark.xdist_group("postgresql")
_names = count()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres(free_port()) as running:
        yield running


@pytest.fixture
def url(server: Postgres) -> str:
    return server.fresh_database(f"drills{next(_names)}")


@pytest.fixture
def log(url: str) -> Iterator[DrillLog]:
    made = DrillLog(url)
    yield made
    made.close()


def draft(key: str, drill: str = "d", **payload: object) -> Draft:
    return Draft(drill, "answered", key, payload, seat="s1")


def test_appends_count_and_repeat_as_in_a_file(log: DrillLog) -> None:
    acks = log.append([draft("a", x=1), draft("b"), draft("a", "other"), draft("a", x=2)])
    assert [(a.event.seq, a.fresh) for a in acks] == [(1, True), (2, True), (1, True), (1, False)]
    assert [e.key for e in log.since("d")] == ["a", "b"]
    assert log.append([draft("nul", text="a\x00b \U0001f6a2")])[0].fresh
    assert log.since("d", 2)[0].payload == {"text": "a\x00b \U0001f6a2"}


def test_numbers_of_several_processes_never_collide_and_show_in_order(
    url: str, log: DrillLog
) -> None:
    """Three writing processes; whoever follows sees no number before a smaller one."""
    code = (
        "import sys; from crossings.drills.log import *; log = DrillLog(sys.argv[1])\n"
        "for n in range(60): log.append([Draft('d' if n % 3 else 'e', 'k', "
        "f'{sys.argv[2]}-{n}', {}), Draft('d', 'k', f'shared-{n}', {})])\nlog.close()"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, url, str(n)]) for n in range(3)]
    seen: list[int] = []
    while any(w.poll() is None for w in writers):
        seen += [e.seq for e in log.since("d", seen[-1] if seen else 0)]
    seen += [e.seq for e in log.since("d", seen[-1] if seen else 0)]
    assert [w.returncode for w in writers] == [0, 0, 0]
    assert seen == list(range(1, 3 * 40 + 60 + 1))
    assert [e.seq for e in log.since("e")] == list(range(1, 61))


def test_the_bell_is_heard_in_another_process_at_once(url: str, log: DrillLog) -> None:
    heard: list[tuple[float, str]] = []
    listener = log.listen(lambda drill: heard.append((time.monotonic(), drill)))
    assert listener is not None and listener.connected.wait(10)
    other = DrillLog(url)
    other.append([draft("first")])
    sent = time.monotonic()
    other.append([draft("a", "harbour")])
    eventually(lambda: any(drill == "harbour" for _, drill in heard), 30)
    assert next(at for at, drill in heard if drill == "harbour") - sent < 2
    listener.close()
    other.close()


def test_two_sites_serve_one_drill(url: str, log: DrillLog, tmp_path: Path) -> None:
    trainer = Trainer(log, open_drill(log, classroom.course(), classroom.QUIZ))
    ports, sites = (free_port(), free_port()), []
    try:
        for n, port in enumerate(ports):
            sites.append(serve(Workspace(tmp_path / str(n)), port, CROSSINGS_DRILL_LOG=url))
        one, two = (httpx.Client(base_url=f"http://127.0.0.1:{p}", timeout=20) for p in ports)
        body = {"code": trainer.state.code, "name": "Amina", "key": "0123456789"}
        token = one.post("/api/drill/join", json=body).json()["token"]
        again = two.post("/api/drill/join", json=body).json()
        assert again["token"] == token
        trainer.start()
        answer = {"token": token, "step": 0, "n": 1, "key": "key-0000001"}
        reply = two.post("/api/drill/answer", json=answer | {"response": {"choice": "no"}})
        assert reply.json()["stands"], reply.text
        seen = {"params": {"token": token}}
        # The bell may ring a moment after the answer: until then this site shows the lobby.
        eventually(
            lambda: one.get("/api/drill/view", **seen).json().get("step", {}).get("answer"), 30
        )
        assert one.get("/api/drill/view", **seen).json()["you"]["name"] == "Amina"
        assert not list(tmp_path.rglob("*.sqlite")), "a file was used beside the server"
    finally:
        for site in sites:
            site.kill()
            site.wait()


def test_a_killed_server_and_a_killed_site_lose_and_double_nothing(tmp_path: Path) -> None:
    with postgres(free_port()) as own:
        log, port = DrillLog(own.url), free_port()
        trainer = Trainer(log, open_drill(log, classroom.course(), classroom.QUIZ))
        site = serve(Workspace(tmp_path), port, CROSSINGS_DRILL_LOG=own.url)
        stop, base = threading.Event(), f"http://127.0.0.1:{port}"
        phones = [Phone(base, trainer.state.code, f"phone-{i}", stop) for i in range(6)]
        try:
            trainer.start()
            trainer.extend(600)
            for phone in phones:
                phone.start()
            eventually(lambda: all(len(p.book) > 3 for p in phones), 30)
            own.kill()
            told = refused(base, phones[0])
            with pytest.raises(DrillLogError, match="does not answer"):
                log.append([draft("meanwhile")])
            own.start()
            before = [len(p.book) for p in phones]
            eventually(
                lambda: all(len(p.book) > n for p, n in zip(phones, before, strict=True)), 30
            )
            site = killed(site, Workspace(tmp_path), port, CROSSINGS_DRILL_LOG=own.url)
            before = [len(p.book) for p in phones]
            eventually(
                lambda: all(len(p.book) > n for p, n in zip(phones, before, strict=True)), 30
            )
            stop.set()
            for phone in phones:
                phone.join(timeout=30)
        finally:
            stop.set()
            site.kill()
            site.wait()
        assert "PostgreSQL does not answer" in told and "crossings@" not in told
        keys = [e.key for e in log.since(trainer.state.run) if e.kind == "answered"]
        assert len(keys) == len(set(keys))
        trainer.refresh()
        for phone in phones:
            seat = phone.seat["seat"]
            assert {f"answer:{seat}:{key}" for key in phone.book} <= set(keys)
            assert trainer.state.answer(0, seat).n >= max(phone.book.values())
        log.close()


def refused(base: str, phone: Phone) -> str:
    """What a page is told while the server is away."""
    body = {"token": phone.seat["token"], "step": 0, "n": 1, "key": "while-away-1"}
    for _ in range(40):
        reply = httpx.post(
            f"{base}/api/drill/answer", json=body | {"response": {"choice": "no"}}, timeout=20
        )
        if reply.status_code == 503:
            return str(reply.json()["message"])
        time.sleep(0.5)
    raise AssertionError(reply.text)


def test_a_snapshot_and_forgetting_work_there_too(log: DrillLog) -> None:
    run = open_drill(log, classroom.course(), classroom.QUIZ)
    log.append([Draft(run, "joined", "j", {"name": "Annabelle", "code": "CCCCCC"}, "s1")])
    snapshots.keep(log, fold(log.since(run)))
    assert snapshots._snapshot(log, run) == fold(log.since(run))
    done = forgetting.forget(log, run, "annabelle")
    assert done.cleaned and snapshots._snapshot(log, run) is None
    assert fold(log.since(run)).seats["s1"].name == "Person 1"
    with log.using() as connection:
        text = str(connection.exec_driver_sql("SELECT * FROM events").all())
    assert "Annabelle" not in text
    forgetting.delete(log, run)
    assert log.openings() == []


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("postgresql://crossings@127.0.0.1:1/postgres", "does not answer"),
        ("mysql://root@127.0.0.1/drills", "SQLite file or in PostgreSQL"),
        ("drills.sqlite", "no address of a database"),
    ],
)
def test_serve_says_what_is_wrong_before_it_starts(place: str, says: str, tmp_path: Path) -> None:
    done = course(
        "serve", "--drill-log", place, "--data", str(tmp_path / "data"), home=tmp_path / "home"
    )
    assert done.returncode == 2 and says in done.stderr.replace("\n", " "), done.stderr
    assert "Traceback" not in done.stderr


def test_a_password_is_never_shown(server: Postgres) -> None:
    address = f"postgresql://nobody:geheim@127.0.0.1:{server.port}/postgres"
    with pytest.raises(DrillLogError, match="createuser") as caught:
        DrillLog(address)
    assert "geheim" not in str(caught.value)
