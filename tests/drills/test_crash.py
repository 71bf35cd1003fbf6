"""What happens when the learner site dies in the middle of a drill, or the disk is full."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from crossings.drills import DrillLog, Trainer, open_drill
from crossings.workspace import Workspace
from tests.drills import classroom
from tests.drills.site_process import killed, serve
from tests.serving import free_port

HERE = Path(__file__).parent


class Phone(threading.Thread):
    """Answers the question again and again, and keeps a book of what was acknowledged."""

    def __init__(self, base: str, code: str, name: str, stop: threading.Event) -> None:
        super().__init__()
        self.base, self.code, self.label, self.stop = base, code, name, stop
        self.book: dict[str, int] = {}
        self.seat: dict[str, str] = {}

    def run(self) -> None:
        with httpx.Client(base_url=self.base, timeout=3) as client:
            joining = {"code": self.code, "name": self.label, "key": f"join-{self.label}"}
            self.seat = self.until_acknowledged(client, "join", joining)
            n = 0
            while not self.stop.is_set():
                n += 1
                key = f"{self.label}-{n:05d}"
                body = {"token": self.seat["token"], "step": 0, "n": n, "key": key}
                choice = {"choice": "yes" if n % 2 else "no"}
                if self.until_acknowledged(client, "answer", body | {"response": choice}):
                    self.book[key] = n
                time.sleep(0.03)

    def until_acknowledged(self, client: httpx.Client, path: str, body: dict) -> dict:
        while True:
            try:
                reply = client.post(f"/api/drill/{path}", json=body)
                if reply.status_code == 200:
                    return reply.json()
                assert reply.status_code in (429, 503), reply.text
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
            if self.stop.is_set() and path == "answer":
                return {}


def test_sigkill_in_the_middle_loses_and_doubles_no_acknowledged_answer(tmp_path: Path) -> None:
    workspace, port = Workspace(tmp_path), free_port()
    log = DrillLog(workspace.drill_log)
    trainer = Trainer(log, open_drill(log, classroom.course(), classroom.QUIZ))
    site = serve(workspace, port)
    stop = threading.Event()
    base = f"http://127.0.0.1:{port}"
    phones = [Phone(base, trainer.state.code, f"phone-{i}", stop) for i in range(8)]
    try:
        trainer.start()
        trainer.extend(600)
        for phone in phones:
            phone.start()
        for _ in range(2):
            time.sleep(1.2)
            site = killed(site, workspace, port)
        time.sleep(0.8)
        stop.set()
        for phone in phones:
            phone.join(timeout=20)
        view = httpx.get(f"{base}/api/drill/view", params={"token": phones[0].seat["token"]})
        assert view.json()["step"]["answer"]["n"] >= max(phones[0].book.values())
    finally:
        stop.set()
        site.kill()
        site.wait()
    events = [e for e in log.since(trainer.state.run) if e.kind == "answered"]
    keys = [e.key for e in events]
    assert len(keys) == len(set(keys))
    trainer.refresh()
    assert len(trainer.state.present) == len(phones)
    for phone in phones:
        assert len(phone.book) > 5
        seat = phone.seat["seat"]
        promised = {f"answer:{seat}:{key}" for key in phone.book}
        assert promised <= set(keys)
        assert trainer.state.answer(0, seat).n >= max(phone.book.values())
    log.close()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small tmpfs")
def test_a_full_disk_acknowledges_nothing_that_it_did_not_keep(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    unshare = shutil.which("unshare")
    mount = f'mount -t tmpfs -o size=900k tmpfs "{disk}"'
    if unshare is None or subprocess.run([unshare, "-rm", "sh", "-c", mount]).returncode:
        pytest.skip("this machine does not let the test mount a small disk")
    command = f'{mount} && exec "{sys.executable}" "{HERE / "full_disk.py"}" "{disk}"'
    done = subprocess.run(
        [unshare, "-rm", "sh", "-c", command], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "honest" in done.stdout
