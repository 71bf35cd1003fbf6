"""What was proved of a case is proved once, and again as soon as the case is another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossings.cases.check import problems, prove
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.model import Case
from crossings.curriculum import load, proofs
from crossings.workspace import ROOT

BOUND = 300


@pytest.fixture
def case() -> Case:
    return load(ROOT).modules["trafficking-identification"].cases["night-crew-at-north-quay"]


@pytest.fixture
def proved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the cases that were really proved."""
    ids: list[str] = []

    def counted(case: Case, doc: Any, bound: int) -> tuple[CaseProblem, ...]:
        ids.append(case.id)
        return tuple(prove(case, doc, bound))

    monkeypatch.delenv("CROSSINGS_PROOFS", raising=False)
    monkeypatch.setattr(proofs, "prove", counted)
    return ids


def checked(case: Case, root: Path) -> list[CaseProblem]:
    return problems(case, None, BOUND, proofs.keeper(root))


def test_a_case_that_nobody_touched_is_not_proved_again(
    case: Case, proved: list[str], tmp_path: Path
) -> None:
    first = checked(case, tmp_path)
    assert checked(case, tmp_path) == first == problems(case, None, BOUND)
    assert proved == [case.id]


def test_another_bound_is_another_proof(case: Case, proved: list[str], tmp_path: Path) -> None:
    checked(case, tmp_path)
    problems(case, None, BOUND * 2, proofs.keeper(tmp_path))
    assert len(proved) == 2


def test_a_changed_case_is_proved_again(case: Case, proved: list[str], tmp_path: Path) -> None:
    checked(case, tmp_path)
    changed = case.model_copy(update={"walkthroughs": {"best": case.walkthroughs["best"]}})
    checked(changed, tmp_path)
    assert len(proved) == 2


def test_other_code_of_the_explorer_proves_again(
    case: Case, proved: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(case, tmp_path)
    monkeypatch.setattr(proofs, "_code", lambda: "of tomorrow")
    checked(case, tmp_path)
    assert len(proved) == 2


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"path": 3}]', '{"path": []}', "\udcff"])
def test_a_damaged_file_is_worth_nothing(
    case: Case, proved: list[str], tmp_path: Path, text: str
) -> None:
    first = checked(case, tmp_path)
    (file,) = (tmp_path / "_build" / "proofs").iterdir()
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert checked(case, tmp_path) == first
    assert len(proved) == 2
    assert json.loads(file.read_text(encoding="utf-8")) is not None  # mended


def test_where_nothing_can_be_written_the_case_is_checked_all_the_same(
    case: Case, proved: list[str], tmp_path: Path
) -> None:
    (tmp_path / "_build").write_text("a file, no folder", encoding="utf-8")
    assert checked(case, tmp_path) == problems(case, None, BOUND)
    assert proved == [case.id]


def test_old_proofs_go(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CROSSINGS_PROOFS", raising=False)
    monkeypatch.setattr(proofs, "MOST", 2)
    for bound in (100, 200, 300):
        problems(case, None, bound, proofs.keeper(tmp_path))
    assert len(list((tmp_path / "_build" / "proofs").iterdir())) == 2
