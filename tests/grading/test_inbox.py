"""The inbox: nothing acknowledged is lost, nothing half-written stays, nobody is overwritten."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from crossings.grading import answers, durable, inbox, trainees
from crossings.workspace import Workspace

ANSWERS = {"ws-1": {"choice": "a"}}
KEY = "0123456789abcdef"


def files(workspace: Workspace) -> list[str]:
    """Every file below the workspace's state."""
    return sorted(
        p.relative_to(workspace.root).as_posix() for p in workspace.var.rglob("*.*") if p.is_file()
    )


def test_a_receipt_proves_what_is_on_the_disk(workspace: Workspace) -> None:
    receipt = inbox.receive(workspace, "sheet", "Amina Kato", ANSWERS, version=2)
    latest = inbox.latest(workspace, "sheet")["amina-kato"]
    stored = json.loads((latest.path / "answers.json").read_text(encoding="utf-8"))
    assert stored["answers"] == ANSWERS
    assert (stored["assignment"], stored["version"], stored["student"]) == (
        "sheet",
        2,
        "amina-kato",
    )
    content = {k: stored[k] for k in ("assignment", "version", "answers")}
    assert receipt.sha256 == hashlib.sha256(answers.canonical(content)).hexdigest()
    assert latest.receipt["sha256"] == receipt.sha256
    assert "code" not in latest.receipt, "the private code must not travel with the submission"


def test_the_code_brings_a_trainee_back_and_all_versions_stay(workspace: Workspace) -> None:
    first = inbox.receive(workspace, "sheet", "Amina", ANSWERS)
    second = inbox.receive(workspace, "sheet", "A different name", {}, code=first.code.lower())
    assert second.student == first.student
    assert second.submission != first.submission
    assert inbox.count_versions(workspace, "sheet", first.student) == 2
    latest = inbox.latest(workspace, "sheet")[first.student]
    assert answers.read(latest.path / "answers.json")["answers"] == {}


def test_the_same_name_without_the_code_is_somebody_else(workspace: Workspace) -> None:
    first = inbox.receive(workspace, "sheet", "Amina", ANSWERS)
    second = inbox.receive(workspace, "sheet", "amina", {})
    assert (first.student, second.student) == ("amina", "amina-2")
    assert first.code != second.code
    found = trainees.find(workspace, "amina-2")
    assert found is not None and found.collides_with == "amina"


def test_an_unknown_code_is_refused_and_nothing_is_kept(workspace: Workspace) -> None:
    with pytest.raises(trainees.UnknownCodeError):
        inbox.receive(workspace, "sheet", "Amina", ANSWERS, code="AAAA-BBBB-CCCC-DDDD")
    assert files(workspace) == []


def test_sending_again_with_the_same_key_is_the_same_submission(workspace: Workspace) -> None:
    first = inbox.receive(workspace, "sheet", "Amina", ANSWERS, key=KEY)
    assert inbox.receive(workspace, "sheet", "Amina", ANSWERS, key=KEY) == first
    assert inbox.count_versions(workspace, "sheet", "amina") == 1
    changed = inbox.receive(workspace, "sheet", "Amina", {}, key=KEY)
    assert changed.student == "amina" and changed.sha256 != first.sha256


def test_sixteen_at_once_get_sixteen_identities(workspace: Workspace) -> None:
    got: list[inbox.Receipt] = []
    jobs = [
        threading.Thread(target=lambda: got.append(inbox.receive(workspace, "sheet", "Bo", {})))
        for _ in range(16)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert len({r.student for r in got}) == len({r.code for r in got}) == 16


def test_the_latest_counts_even_if_the_clock_went_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = inbox.receive(workspace, "sheet", "Amina", ANSWERS)
    shelf = workspace.inbox / "sheet" / "amina"
    old = next(shelf.iterdir())
    old.rename(shelf / f"29990101T000000000009Z-{first.submission}")
    inbox.receive(workspace, "sheet", "", {}, code=first.code)
    latest = inbox.latest(workspace, "sheet")["amina"]
    assert answers.read(latest.path / "answers.json")["answers"] == {}


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("Zoë O'Brien-Łukasz", "zoe-o-brien-ukasz"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "trainee-con-"),
        ("محمد علي", "trainee-"),
        ("=cmd|' /C calc'!A0", "cmd-c-calc-a0"),
        ("a" * 300, "a" * 40),
    ],
)
def test_any_name_makes_a_safe_id(workspace: Workspace, name: str, student: str) -> None:
    receipt = inbox.receive(workspace, "sheet", name, {})
    assert receipt.student.startswith(student)
    assert receipt.student.replace("-", "").isalnum() and receipt.student.isascii()


@pytest.mark.parametrize("name", ["", "  ", "\x00\n"])
def test_a_name_is_needed(workspace: Workspace, name: str) -> None:
    with pytest.raises(inbox.RefusedError, match="name"):
        inbox.receive(workspace, "sheet", name, ANSWERS)


def test_what_is_too_long_is_refused_with_the_limit(workspace: Workspace) -> None:
    with pytest.raises(inbox.RefusedError, match="20000 characters"):
        inbox.receive(workspace, "sheet", "Amina", {"ws-2": {"text": "x" * 20_001}})
    with pytest.raises(inbox.RefusedError, match="2 MB"):
        inbox.receive(workspace, "sheet", "Amina", {"a": {"choice": "x" * 2_100_000}})
    with pytest.raises(inbox.RefusedError, match="assignment"):
        inbox.receive(workspace, "../sheet", "Amina", {})
    assert files(workspace) == []


@pytest.mark.parametrize(
    "body",
    [
        b"[1]",
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}',
        b" " * 2_000_001,
    ],
)
def test_hostile_json_is_one_clear_refusal(body: bytes) -> None:
    with pytest.raises(answers.BadAnswersError):
        answers.parse(body)


def test_lone_surrogates_cannot_break_a_file(workspace: Workspace) -> None:
    parsed = answers.parse(b'{"answers": {"ws-2": {"text": "a\\ud800b"}}}')
    inbox.receive(workspace, "sheet", "Amina", answers.responses(parsed))
    latest = inbox.latest(workspace, "sheet")["amina"]
    assert "a\ufffdb" in (latest.path / "answers.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "status"), [(errno.ENOSPC, 507), (errno.EROFS, 503), (errno.EACCES, 503)]
)
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_a_disk_that_refuses_is_never_acknowledged(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, code: int, status: int, call: int
) -> None:
    real, calls = os.write, 0

    def refusing(descriptor: int, content: Any) -> int:
        nonlocal calls
        calls += 1
        if calls >= call:
            raise OSError(code, os.strerror(code))
        return real(descriptor, content)

    monkeypatch.setattr(os, "write", refusing)
    with pytest.raises(durable.NotSavedError, match="NOT saved") as caught:
        inbox.receive(workspace, "sheet", "Amina", ANSWERS, key=KEY)
    assert caught.value.status == status
    monkeypatch.undo()
    assert [f for f in files(workspace) if "/inbox/" in f or "trainee" in f] == []
    assert inbox.receive(workspace, "sheet", "Amina", ANSWERS, key=KEY).student == "amina"


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    """A real file system of 64 KiB; skipped where mounting is not allowed."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        if subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("cannot mount a small tmpfs here")
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    yield place
    subprocess.run(["umount", str(place)], capture_output=True)


def test_a_truly_full_disk_loses_nothing_that_was_acknowledged(small_disk: Path) -> None:
    workspace = Workspace(small_disk)
    text = {"ws-2": {"text": "x" * 6000}}
    given: list[inbox.Receipt] = []
    with pytest.raises(durable.NotSavedError) as caught:
        for number in range(100):
            receipt = inbox.receive(workspace, "sheet", f"Trainee {number}", text)
            given.append(receipt)
    assert caught.value.status == 507
    assert given, "the first submissions fit"
    latest = inbox.latest(workspace, "sheet")
    assert set(latest) == {r.student for r in given}
    for receipt in given:
        found = answers.read(latest[receipt.student].path / "answers.json")
        assert found["answers"] == text
    assert [p for p in workspace.inbox.rglob("*") if ".incoming/" in p.as_posix()] == []


def test_what_a_killed_process_left_is_swept(workspace: Workspace) -> None:
    left = workspace.inbox / ".incoming" / "abc"
    left.mkdir(parents=True)
    (left / "answers.json").write_text("{", encoding="utf-8")
    inbox.sweep(workspace)
    assert not left.exists()
    assert inbox.latest(workspace, "sheet") == {}
