"""Copies of source documents are found whatever stands between the words; names may be said."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.curriculum import copied, fingerprints
from crossings.curriculum.check import check_files, check_one
from crossings.curriculum.problem import Problem
from crossings.workspace import ROOT
from tests.tiny_course import FILES, write_course

WORDS = st.lists(
    st.sampled_from(
        [f"{a}{b}" for a in "bdfgklmnprst" for b in ("alo", "eri", "uno", "ima", "oté")]
    ),
    min_size=30,
    max_size=60,
)
LARGEST = 400_000
"""Bytes that the fingerprints may take in the repository."""


def dressed(words: list[str], seed: int) -> str:
    """The words as an author might write them: other case, marks, citations, new lines."""
    draw = random.Random(seed)
    between = [" ", ", ", "\n", " {law}`LAW-1` ", " — ", " **", "** ", ". ", " ({src}`DOC-1 3`)\n"]
    return "".join(
        (word.capitalize() if draw.random() < 0.3 else word) + draw.choice(between)
        for word in words
    )


@settings(max_examples=60, deadline=None)
@given(document=WORDS, at=st.integers(0, 20), seed=st.integers(0, 10**6))
def test_nine_words_in_a_row_are_found_and_named_by_their_line(
    document: list[str], at: int, seed: int
) -> None:
    known = fingerprints.of_texts([" ".join(document)])
    taken = dressed(document[at : at + 9], seed)
    text = f"Our own first line.\n\nxenon {taken} xenon again.\n"
    found = list(copied.copies(text, known, {}))
    assert [c.line for c in found] == [3]
    assert list(found[0].words) == fingerprints.words(" ".join(document[at : at + 9]))


@settings(max_examples=60, deadline=None)
@given(document=WORDS, at=st.integers(0, 20), seed=st.integers(0, 10**6))
def test_eight_words_in_a_row_are_no_copy(document: list[str], at: int, seed: int) -> None:
    known = fingerprints.of_texts([" ".join(document)])
    text = f"xenon {dressed(document[at : at + 8], seed)} xenon {dressed(document[:8], seed)}"
    assert not list(copied.copies(text, known, {}))


@given(values=st.frozensets(st.integers(0, 2**40 - 1), max_size=300))
def test_a_file_holds_what_was_put_in(values: frozenset[int]) -> None:
    data = fingerprints.packed(values)
    assert fingerprints.unpacked(data) == values
    for broken in (data[:-3], data[:-4], data[1:], b"", b"\0" * 40):
        if broken != data:
            with pytest.raises(fingerprints.FingerprintsError):
                fingerprints.unpacked(broken)


SENTENCE = (
    "States should set up common rooms where officers and volunteers of every agency "
    "greet people before anybody asks a question"
)


def with_documents(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    """The small course, with fingerprints of one document."""
    write_course(root, changes)
    prints = fingerprints.of_texts(
        [
            f"A report. {SENTENCE}. The Protocol on the Safety of All "
            "Fishing Crews of the Northern Sea entered into force."
        ]
    )
    (root / fingerprints.FILE).write_bytes(fingerprints.packed(prints))
    return root


def copies_in(root: Path) -> list[Problem]:
    _, problems = check_files(root)
    return [p for p in problems if p.code == "copied"]


def test_a_copied_sentence_is_named_in_every_kind_of_file(tmp_path: Path) -> None:
    taken = " ".join(SENTENCE.split()[2:13])
    chapter = FILES["modules/demo/first.md"].replace(
        "Officers must ask", f"In short, {taken} {{law}}`LAW-1`. Officers must ask"
    )
    items = FILES["modules/demo/items.yml"].replace("Asking comes first.", taken.upper(), 1)
    case = FILES["modules/demo/cases/walk.yml"].replace("A person stands at the gate.", taken)
    law = FILES["datasets/law/provisions.csv"].replace("Officers may wait.", taken)
    root = with_documents(
        tmp_path,
        {
            "modules/demo/first.md": chapter,
            "modules/demo/items.yml": items,
            "modules/demo/cases/walk.yml": case,
            "datasets/law/provisions.csv": law,
            "book/page.md": f"# A page\n\nText.\n\n- {taken}\n",
            "modules/demo/glossary.yml": (
                f"- term: room\n  meaning: >-\n    {taken}\n  cites: [LAW-1]\n"
            ),
            "modules/demo/trainer-guide.md": f"# Guide\n\n:::{{handout}} A sheet\n{taken}\n:::\n",
        },
    )
    found = {p.file: p for p in copies_in(root)}
    assert set(found) == {
        "modules/demo/first.md",
        "modules/demo/items.yml",
        "modules/demo/cases/walk.yml",
        "datasets/law/provisions.csv",
        "book/page.md",
        "modules/demo/glossary.yml",
        "modules/demo/trainer-guide.md",
    }
    assert all(p.fails and taken.lower() in p.message for p in found.values())
    assert found["book/page.md"].line == 5
    assert found["datasets/law/provisions.csv"].line == 3


def test_a_case_alone_is_asked_too(tmp_path: Path) -> None:
    taken = " ".join(SENTENCE.split()[:9])
    case = FILES["modules/demo/cases/walk.yml"].replace("A person stands at the gate.", taken)
    root = with_documents(tmp_path, {"modules/demo/cases/walk.yml": case})
    assert [p.code for p in check_one(root, "demo/walk") if p.fails] == ["copied"]


def test_a_course_in_its_own_words_has_no_problem(tmp_path: Path) -> None:
    assert copies_in(with_documents(tmp_path)) == []


def test_names_may_be_said_and_do_not_hide_a_copy(tmp_path: Path) -> None:
    name = "Protocol on the Safety of All Fishing Crews of the Northern Sea"
    page = f"# A page\n\nThe {name} entered into force.\n"
    root = with_documents(tmp_path, {"book/page.md": page})
    assert [p.line for p in copies_in(root)] == [3]
    (root / copied.NAMES).write_text(f"# names\n{name}\n", encoding="utf-8")
    assert copies_in(root) == []
    long = " ".join(SENTENCE.split()[:8])
    (root / copied.NAMES).write_text("# names\nrooms where officers\n", encoding="utf-8")
    (root / "book/page.md").write_text(f"{long} {SENTENCE[len(long) :]}", encoding="utf-8")
    assert [p.message.split()[0] for p in copies_in(root)] == [str(len(SENTENCE.split()) - 3)]


def test_a_broken_file_is_one_message(tmp_path: Path) -> None:
    root = with_documents(tmp_path)
    (root / fingerprints.FILE).write_bytes(b"no")
    _, problems = check_files(root)
    assert [(p.file, p.fails) for p in problems] == [(fingerprints.FILE, True)]


def test_the_script_makes_what_is_kept(tmp_path: Path) -> None:
    script = ROOT / "datasets" / "sources" / "fingerprint.py"
    (tmp_path / "datasets" / "sources").mkdir(parents=True)
    copy = tmp_path / "datasets" / "sources" / "fingerprint.py"
    copy.write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "one.txt").write_text(SENTENCE, encoding="utf-8")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(copy), *words]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=60, check=False
        )

    assert run().returncode == 2
    assert run(str(tmp_path / "nowhere")).returncode == 2
    assert run(str(documents)).returncode == 0
    assert fingerprints.read(tmp_path) == fingerprints.of_texts([SENTENCE])


def test_the_kept_fingerprints_are_small_and_many() -> None:
    assert (ROOT / fingerprints.FILE).stat().st_size < LARGEST
    known = fingerprints.read(ROOT)
    assert known is not None
    assert len(known) > 60_000
