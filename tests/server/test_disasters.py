"""A real learner site under bad luck and bad will: nothing acknowledged is lost or half kept."""

from __future__ import annotations

import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from crossings.curriculum import current
from crossings.drills.log import DrillLog
from crossings.drills.state import fold
from crossings.drills.trainer import Trainer, open_drill
from crossings.workspace import ROOT, Workspace
from tests.serving import built_book, environment, eventually, free_port, mounted

pytestmark = [pytest.mark.attack, pytest.mark.xdist_group("disasters")]

SHEET = "officer-worksheet"
NOTEBOOK = "screening-data"
MOST = 20_000_000


class Site:
    """The learner site alone, as `serve` starts it."""

    def __init__(self, workspace: Workspace, home: Path) -> None:
        self.workspace, port = workspace, free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.port = port
        workspace.var.mkdir(parents=True, exist_ok=True)
        built_book(home)
        self.log = (home.parent / "learner.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crossings.server.learner", "--port", str(port)],
            env=environment(home, CROSSINGS_WORKSPACE=str(workspace.root)),
            stdout=self.log,
            stderr=self.log,
        )
        eventually(self._opened, 60)
        self.client = httpx.Client(base_url=self.address, timeout=60)

    def _opened(self) -> bool:
        try:
            return httpx.get(self.address + "/api/health").text == "ok"
        except httpx.HTTPError:
            return False

    def end(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait(10)
        self.log.close()

    def said(self) -> str:
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")

    def files(self) -> set[str]:
        return {str(p.relative_to(self.workspace.inbox)) for p in self.workspace.inbox.rglob("*")}

    def hand_in(self, name: str, **more: Any) -> httpx.Response:
        answers = {"ws-1": {"text": "x" * 50}}
        sent = {"assignment": SHEET, "version": 1, "name": name, "answers": answers} | more
        return self.client.post("/api/submissions", json=sent)

    def upload(self, filename: str, body: bytes, name: str = "Wen") -> httpx.Response:
        return self.client.post(
            "/api/submissions/file",
            data={"assignment": NOTEBOOK, "name": name},
            files={"file": (filename, body)},
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("a bad day")
    made = Site(Workspace(folder / "data"), folder / "home")
    try:
        yield made
    finally:
        made.end()


# Uploads


def multipart(body_size: int) -> tuple[bytes, int]:
    head = (
        b'--cut\r\nContent-Disposition: form-data; name="assignment"\r\n\r\nscreening-data\r\n'
        b'--cut\r\nContent-Disposition: form-data; name="name"\r\n\r\nWen\r\n'
        b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.ipynb"\r\n\r\n'
    )
    return head, len(head) + body_size + len(b"\r\n--cut--\r\n")


@pytest.mark.parametrize("announced", [True, False], ids=["with its length", "in chunks"])
def test_200_megabytes_are_refused_while_they_stream(site: Site, announced: bool) -> None:
    before = site.files()
    memory = psutil.Process(site.process.pid).memory_info().rss
    head, total = multipart(200_000_000)
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
        length = f"Content-Length: {total}" if announced else "Transfer-Encoding: chunked"
        wire.sendall(
            b"POST /api/submissions/file HTTP/1.1\r\nHost: x\r\n"
            b"Content-Type: multipart/form-data; boundary=cut\r\n" + length.encode() + b"\r\n\r\n"
        )
        piece = b"x" * 1_000_000
        try:
            for part in [head, *[piece] * 200]:
                framed = part if announced else b"%x\r\n%s\r\n" % (len(part), part)
                wire.sendall(framed)
                sent += len(part)
                wire.setblocking(False)
                try:
                    answer += wire.recv(65536)
                except BlockingIOError:
                    pass
                finally:
                    wire.settimeout(30)
                if answer:
                    break
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            while not answer.endswith(b"}") and (more := wire.recv(65536)):
                answer += more
        except OSError:
            pass
    assert b" 413 " in answer.split(b"\r\n")[0], answer[:300]
    assert b"MB" in answer
    assert sent < 60_000_000, f"{sent} bytes were taken before the refusal"
    assert psutil.Process(site.process.pid).memory_info().rss - memory < 80_000_000
    assert site.files() == before
    assert site.client.get("/api/health").text == "ok"


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


NOTHING = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.mark.parametrize(
    ("filename", "body"),
    [
        ("screening-data.ipynb", b"this is not a notebook"),
        ("screening-data.ipynb", b""),
        ("screening-data.ipynb", b"\x89PNG\r\n\x1a\n" + bytes(500)),
        ("screening-data.ipynb", b'{"cells": 7}'),
        ("screening-data.ipynb", b"[" * 100_000),
        ("work.zip", zipped(("../../../evil.ipynb", NOTHING))),
        ("work.zip", zipped(("screening-data.ipynb", NOTHING), ("a/../../evil.py", b"x"))),
        ("work.zip", zipped(("/etc/evil", b"x"))),
        ("work.zip", zipped(("..\\evil.ipynb", NOTHING))),
        ("work.zip", zipped(("bomb.csv", bytes(150_000_000)))),
        ("work.zip", b"PK\x03\x04 and then nothing"),
    ],
    ids=[
        "text", "nothing", "a picture", "JSON but no notebook", "deep JSON", "zip with ../",
        "zip with ../ further down", "zip with a whole path", "zip with a backslash", "zip bomb",
        "half a zip",
    ],
)  # fmt: skip
def test_what_is_no_hand_in_is_refused_with_a_reason(
    site: Site, filename: str, body: bytes
) -> None:
    before = site.files()
    answer = site.upload(filename, body)
    assert answer.status_code in (400, 413, 422), answer.text
    assert len(answer.json()["error"]) > 20
    assert "Traceback" not in answer.text and str(ROOT) not in answer.text
    assert site.files() == before
    assert not list(site.workspace.root.rglob("*evil*"))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b'{"assignment": []}', b'{"answers": 1e999}', b"\xff\xfe", b"{" * 10_000],
)
def test_answers_that_are_no_answers(site: Site, body: bytes) -> None:
    answer = site.client.post(
        "/api/submissions", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 404, 422)
    assert answer.json()["error"]


def test_another_site_cannot_hand_in(site: Site) -> None:
    answer = site.client.post(
        "/api/submissions", json={}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403


def test_nothing_of_all_that_was_a_fault_of_ours(site: Site) -> None:
    assert "Traceback" not in site.said()


# A full disk


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Site]:
    with mounted(tmp_path / "small disk", "4m") as place:
        made = Site(Workspace(place / "data"), tmp_path / "home")
        try:
            yield made
        finally:
            made.end()


def fill(place: Path) -> Path:
    """Leave not one block free."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as handle:
        for size in (65536, 4096, 1):
            try:
                while True:
                    handle.write(bytes(size))
            except OSError:
                continue
    return filler


def test_a_full_disk_while_handing_in(small: Site) -> None:
    kept = small.hand_in("Amina")
    assert kept.status_code == 201
    before = small.files()
    filler = fill(small.workspace.root)
    refused = small.hand_in("Bashir", key="the-key-of-bashir-1")
    assert refused.status_code == 507
    assert "NOT saved" in refused.json()["error"] and "full" in refused.json()["error"]
    assert small.files() - before <= {".incoming"}, "something was left half written"
    filler.unlink()
    again = small.hand_in("Bashir", key="the-key-of-bashir-1")
    assert again.status_code == 201
    receipt = json.loads(
        next((small.workspace.inbox / SHEET / kept.json()["student"]).glob("*/receipt.json"))
        .read_text(encoding="utf-8")
    )  # fmt: skip
    assert receipt["sha256"] == kept.json()["sha256"]
    answers = next((small.workspace.inbox / SHEET / kept.json()["student"]).glob("*/answers.json"))
    document = json.loads(answers.read_text(encoding="utf-8"))
    content = {k: document[k] for k in ("assignment", "version", "answers")}
    whole = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(whole.encode()).hexdigest() == receipt["sha256"]


def test_a_full_disk_while_a_class_answers(small: Site) -> None:
    log = DrillLog(small.workspace.drill_log)
    try:
        run = open_drill(log, current(), "trafficking-identification/signs-and-myths")
        trainer = Trainer(log, run)
        seats = [join(small, trainer.state.code, name) for name in ("Amina", "Bashir")]
        trainer.start()
        item = eventually(lambda: view(small, seats[0]).get("step"))["item"]
        choice = item["options"][0]["id"]
        response = {"choice": choice} if item["kind"] == "single" else {"choices": [choice]}
        assert answered(small, seats[0], response).json()["saved"] is True
        filler = fill(small.workspace.root)
        refused = None
        for n in range(1, 400):  # SQLite's log has room of its own at first
            answer = answered(small, seats[1], response, n)
            if answer.status_code == 429:
                continue
            if answer.status_code != 200:
                refused = answer
                break
        assert refused is not None, "the disk never filled"
        assert refused.status_code == 503
        assert "kept on your device" in refused.json()["message"]
        assert "full" in refused.json()["message"]
        assert small.client.get("/api/health").text == "ok"
        filler.unlink()
        eventually(lambda: answered(small, seats[1], response, 500).status_code == 200, 30)
        state = fold(log.since(run))
        assert len(state.answered(0)) == 2
    finally:
        log.close()


def join(site: Site, code: str, name: str) -> str:
    joined = site.client.post(
        "/api/drill/join", json={"code": code, "name": name, "key": f"the-key-of-{name}"}
    )
    return str(joined.json()["token"])


def view(site: Site, token: str) -> dict[str, Any]:
    found: dict[str, Any] = site.client.get("/api/drill/view", params={"token": token}).json()
    return found


def answered(site: Site, token: str, response: dict[str, Any], n: int = 1) -> httpx.Response:
    sent = {"token": token, "step": 0, "response": response, "n": n, "key": f"key-number-{n:05d}"}
    return site.client.post("/api/drill/answer", json=sent)


def test_a_data_folder_that_goes_read_only(small: Site) -> None:
    """As when a disk has errors: the system itself closes it for writing."""
    assert small.hand_in("Amina").status_code == 201
    place = small.workspace.root.parent
    command = ["mount", "-o", "remount,ro", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine does not let tests remount a disk")
    refused = small.hand_in("Bashir")
    assert refused.status_code == 503
    assert "NOT saved" in refused.json()["error"]
