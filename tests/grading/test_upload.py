"""Files that are handed in: real notebooks pass, everything else gets one clear sentence."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from typing import Any

import pytest

from crossings.grading import inbox, upload
from crossings.workspace import Workspace
from tests.grading.conftest import data_notebook

IDS = {"count", "count-test", "say"}


def packed(files: dict[str, bytes], **how: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


NOTEBOOK = json.dumps(data_notebook()).encode()


def taken(body: bytes, name: str = "people.ipynb") -> dict[str, bytes]:
    return upload.files_in(name, body, {"people": IDS}, strict=True)


def test_a_notebook_passes_whatever_it_is_called() -> None:
    assert taken(NOTEBOOK, "my work (3).ipynb") == {"people.ipynb": NOTEBOOK}


def test_a_zip_of_the_folder_passes_without_the_system_s_litter() -> None:
    body = packed(
        {
            "people/people.ipynb": NOTEBOOK,
            "people/notes/mine.csv": b"a\n",
            "people/.ipynb_checkpoints/people-checkpoint.ipynb": b"{}",
            "__MACOSX/people/._people.ipynb": b"x",
        }
    )
    assert taken(body, "people.zip") == {"people.ipynb": NOTEBOOK, "notes/mine.csv": b"a\n"}


def linked() -> bytes:
    info = zipfile.ZipInfo("people/data.csv")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("people/people.ipynb", NOTEBOOK)
        archive.writestr(info, "/etc/passwd")
    return made.getvalue()


def lying() -> bytes:
    """A zip whose directory says a large member is small."""
    body = bytearray(packed({"people.ipynb": NOTEBOOK, "big.csv": b"0" * 5_000_000}))
    true = (5_000_000).to_bytes(4, "little")
    return bytes(body.replace(true, (10).to_bytes(4, "little")))


def named(value: object) -> str:
    """A test's name by what is said of the file: its bytes hold a time, and would differ between
    the processes that run the tests."""
    return value if isinstance(value, str) else "file"


@pytest.mark.attack
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (packed({"../people.ipynb": NOTEBOOK}), "leads out"),
        (packed({"people.ipynb": NOTEBOOK, "a/../../b.csv": b""}), "leads out"),
        (packed({"people.ipynb": NOTEBOOK, "/etc/cron.d/x": b""}), "leads out"),
        (packed({"people.ipynb": NOTEBOOK, "..\\x.csv": b""}), "leads out"),
        (packed({"people.ipynb": NOTEBOOK, "C:/x.csv": b""}), "leads out"),
        (packed({"people.ipynb": NOTEBOOK, "x" * 300: b""}), "long name"),
        (linked(), "link"),
        (packed({"people.ipynb": NOTEBOOK, "bomb.csv": b"0" * 30_000_000}), "large"),
        (packed({"people.ipynb": NOTEBOOK, "bomb.csv": b"0" * 90_000_000}), "over 80 MB"),
        (packed({f"{n}.csv": b"" for n in range(201)}), "over 200 files"),
        (lying(), "damaged|honest"),
        (packed({"people.ipynb": NOTEBOOK})[:200], "damaged"),
        (packed({"readme.txt": b"hello"}), "no notebook"),
        (packed({"a.ipynb": NOTEBOOK, "b.ipynb": NOTEBOOK}), "several notebooks"),
    ],
    ids=named,
)
def test_a_hostile_or_broken_zip_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(upload.BadUploadError, match=said):
        taken(body, "people.zip")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"%PDF-1.7", "not a notebook"),
        (b"\xff\xfe\x00", "not a notebook"),
        (b"[" * 100_000, "not a notebook"),
        (b"{}", "version 4"),
        (b'{"cells": [{}], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "damaged"),
        (b'{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "not the one"),
    ],
    ids=named,
)
def test_what_is_no_notebook_of_this_assignment_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(upload.BadUploadError, match=said):
        taken(body)


def test_a_refused_file_leaves_nothing_behind(workspace: Workspace) -> None:
    with pytest.raises(inbox.RefusedError, match="not a notebook"):
        inbox.receive_upload(workspace, "people", "Amina", "a.pdf", b"%PDF", wanted={"people": IDS})
    assert not workspace.var.exists()


def test_an_accepted_file_is_kept_byte_for_byte(workspace: Workspace) -> None:
    receipt = inbox.receive_upload(
        workspace, "people", "Amina", "people.ipynb", NOTEBOOK, wanted={"people": IDS}
    )
    kept = inbox.latest(workspace, "people")["amina"].path / "upload.ipynb"
    assert kept.read_bytes() == NOTEBOOK
    assert receipt.kind == "notebook"
