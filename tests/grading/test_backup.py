"""A class in one file and back: while it is used, after a kill, and from hostile files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossings.curriculum import Course
from crossings.drills import DrillLog
from crossings.drills.log import Draft
from crossings.grading import backup, inbox, mark
from crossings.grading import ledger as ledgers
from crossings.grading.backup import BackupError
from crossings.grading.ledger.verify import verify
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY


@pytest.fixture(scope="module")
def used(
    course: Course, released: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """A class with marks, answers and a drill."""
    place = tmp_path_factory.mktemp("backup") / "a class"
    shutil.copytree(released.root, place)
    workspace = Workspace(place)
    inbox.receive(workspace, "sheet", "Amal", GOOD)
    inbox.receive(workspace, "sheet", "Bo", PARTLY)
    mark.grade("sheet", workspace=workspace, course=course, publish=True)
    key = workspace.root / "grading" / "keys" / "issuer.pem"
    key.parent.mkdir()
    key.write_text("a key")
    key.chmod(0o600)
    return workspace


@pytest.fixture
def log(used: Workspace) -> Iterator[DrillLog]:
    made = DrillLog(used.drill_log)
    yield made
    made.close()


def files(root: Path) -> dict[str, bytes]:
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and not backup._is_database(p)
    }


def test_what_was_kept_comes_back_while_the_class_goes_on(
    used: Workspace, course: Course, log: DrillLog, tmp_path: Path
) -> None:
    """Answers go into the log all the time; each one acknowledged before the backup is in it."""
    stop, acknowledged = threading.Event(), []

    def answer() -> None:
        number = 0
        while not stop.is_set():
            log.append([Draft("run", "answered", f"k{number}", {"n": number})])
            acknowledged.append(number)
            number += 1

    writer = threading.Thread(target=answer)
    writer.start()
    try:
        while len(acknowledged) < 20:
            time.sleep(0.01)
        before = len(acknowledged)
        made = backup.backup(used, tmp_path / "class.zip")
    finally:
        stop.set()
        writer.join()
    assert made.has_keys
    target = Workspace(tmp_path / "restored" / "class")
    assert backup.restore(tmp_path / "class.zip", target.root).files == made.files
    back = DrillLog(target.drill_log)
    kept = {event.payload["n"] for event in back.since("run")}
    back.close()
    assert set(range(before)) <= kept
    one = mark.report("sheet", used, course).rows
    other = mark.report("sheet", target, course).rows
    assert one == other
    key = target.root / "grading" / "keys" / "issuer.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with sqlite3.connect(target.gradebook) as book:
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    ours, theirs = files(used.root), files(target.root)
    passing = {n for n in ours if n.endswith((".lock", "-wal", "-shm", "-journal"))}
    assert {n: ours[n] for n in ours if n not in passing} == theirs


def test_nothing_is_written_over(used: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "class.zip"
    backup.backup(used, target)
    kept = target.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        backup.backup(used, target)
    assert target.read_bytes() == kept
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    with pytest.raises(BackupError, match="holds something already"):
        backup.restore(target, full)
    assert [p.name for p in full.iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    assert backup.restore(target, tmp_path / "empty").files > 3


def test_an_empty_workspace_has_nothing_to_keep(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="nothing to keep"):
        backup.backup(Workspace(tmp_path), tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_changed_bit_comes_back_as_the_class(
    used: Workspace, tmp_path_factory: pytest.TempPathFactory, place: float, bit: int
) -> None:
    """Either it is refused, or the bit was one that carries nothing and all files are right."""
    folder = tmp_path_factory.mktemp("bits")
    whole = folder / "class.zip"
    backup.backup(used, whole)
    truth = folder / "truth"
    backup.restore(whole, truth)
    data = bytearray(whole.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    whole.write_bytes(bytes(data))
    target = folder / "back"
    try:
        backup.restore(whole, target)
    except BackupError:
        assert not target.exists()
        return
    assert files(target) == files(truth)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/etc/outside",
        "var/../../outside",
        "elsewhere/file",
        "var\\..\\outside",
        "var//x",
        "C:/x",
        "var",
    ],
)
def test_a_name_that_leaves_the_class_is_refused(tmp_path: Path, name: str) -> None:
    entry = {"sha256": "0" * 64, "size": 1}
    about = {"format": 1, "made_at": "now", "files": {name: entry}}
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(about))
        archive.writestr(f"class/{name}", "x")
    with pytest.raises(BackupError):
        backup.restore(tmp_path / "bad.zip", tmp_path / "deep" / "target")
    assert not (tmp_path / "deep").exists()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 torn"])
def test_a_file_that_is_no_backup_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(BackupError, match=r"damaged, or no backup"):
        backup.restore(tmp_path / "x.zip", tmp_path / "target")


def test_more_bytes_than_promised_are_not_unpacked(tmp_path: Path) -> None:
    about = {"format": 1, "made_at": "now", "files": {"var/x": {"sha256": "", "size": 10}}}
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(about))
        archive.writestr("class/var/x", b"0" * 50_000_000)
    with pytest.raises(BackupError, match="is not what was kept"):
        backup.restore(tmp_path / "bomb.zip", tmp_path / "target")


_KILLED = """
import sys
from pathlib import Path
from crossings.grading import backup
print("ready", flush=True)
backup.restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_killed_restore_leaves_nothing_and_can_be_done_again(
    used: Workspace, tmp_path: Path
) -> None:
    for number in range(60):
        inbox.receive(used, "sheet", f"Many {number}", PARTLY)
    whole, target = tmp_path / "class.zip", tmp_path / "place" / "class"
    made = backup.backup(used, whole)
    for wait in (0.0, 0.02, 0.05, 0.1, 0.2):
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(whole), str(target)],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(backup.__file__).parents[2])},
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        if target.exists():
            assert len([p for p in target.rglob("*") if p.is_file()]) == made.files
            shutil.rmtree(target)
    assert backup.restore(whole, target).files == made.files
    assert [p.name for p in target.parent.iterdir()] == ["class"]


def test_the_command_says_what_it_did_and_what_to_keep_safe(
    used: Workspace, tmp_path: Path
) -> None:
    def course(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "crossings.cli", *words]
        environment = os.environ | {"PYTHONPATH": str(Path(backup.__file__).parents[2])}
        return subprocess.run(command, capture_output=True, text=True, env=environment)

    kept = course("backup", str(tmp_path / "a.zip"), "--data", str(used.root))
    assert kept.returncode == 0, kept.stderr
    assert "key that signs" in kept.stdout.replace("\n", " ")
    back = course("restore", str(tmp_path / "a.zip"), "--data", str(tmp_path / "b"))
    assert back.returncode == 0, back.stderr
    again = course("restore", str(tmp_path / "a.zip"), "--data", str(tmp_path / "b"))
    assert again.returncode == 2
    assert "Traceback" not in again.stderr
    assert "holds something already" in again.stderr.replace("\n", " ")


def test_a_backup_taken_while_marks_are_written_verifies(used: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with ledgers.Ledger(used) as ledger:
            number = 0
            while not stop.is_set():
                ledger.append(ledgers.Draft("release", "sheet", why=f"number {number}"))
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backup.backup(used, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        target = Workspace(tmp_path / f"class {number}")
        backup.restore(tmp_path / f"{number}.zip", target.root)
        with ledgers.Ledger(target) as ledger:
            assert not verify(ledger).problems
