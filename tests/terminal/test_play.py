"""A case in the terminal, driven as a shell would: answers piped in, words read back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from crossings.cases import Case, document, replay
from crossings.cases.score import percent_of, score
from crossings.cases.trace import TraceError
from crossings.terminal.cards import debrief
from crossings.terminal.keeping import begin
from crossings.terminal.play import Stopped, Terminal
from tests.reading import read_yaml

Json = dict[str, Any]
SMALL = Path(__file__).parent.parent / "cases" / "small.yml"
SEED = "s"


@pytest.fixture
def doc() -> Json:
    return document(Case.model_validate(read_yaml(SMALL)))


@pytest.fixture
def out() -> Console:
    return Console(file=io.StringIO(), width=80)


def said(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return " ".join(out.file.getvalue().split())


def answer(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    waiting = iter(lines)

    def read(*_: Any) -> str:
        line = next(waiting, None)
        if line is None:
            raise EOFError
        return line

    monkeypatch.setattr("builtins.input", read)


def option(table: Terminal, wanted: str) -> str:
    """The number under which an option stands."""
    return str([o["id"] for o in table.view()["options"]].index(wanted) + 1)


def at_first(doc: Json, out: Console, monkeypatch: pytest.MonkeyPatch, mode: str) -> Terminal:
    """A play that has come to the decision, with nobody to answer."""
    table = Terminal.new(doc, out, SEED, mode)
    play_on(table, monkeypatch, [""])
    assert table.state.node == "first"
    return table


def play_on(table: Terminal, monkeypatch: pytest.MonkeyPatch, lines: Iterable[str]) -> None:
    answer(monkeypatch, *lines)
    try:
        table.run()
    except Stopped:
        return


def to_the_end(table: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the talk (one question), the bag (one thing), and whatever is left."""
    for _ in range(30):
        if table.state.ending:
            return
        kind = table.view()["kind"]
        lines = {"scene": [""], "decision": ["1"], "interview": ["1", "0"], "search": ["1", "0"],
                 "triage": ["1", "2", ""], "note": ["my [bold]note[/bold]", ""]}[kind]  # fmt: skip
        play_on(table, monkeypatch, lines)


@pytest.mark.parametrize("mode", ["learn", "assess"])
def test_from_the_gate_to_the_debrief(
    doc: Json, out: Console, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    table = at_first(doc, out, monkeypatch, mode)
    assert "At the gate" in said(out) and "ticket: Ticket" in said(out)
    play_on(table, monkeypatch, [option(table, "both")])
    assert ("A private place" in said(out) or "She cannot speak freely" in said(out)) == (
        mode == "learn"
    )
    to_the_end(table, monkeypatch)
    words = said(out)
    assert table.state.ending in doc["nodes"]
    made = score(doc, table.state)
    assert made["capped_by"] == ["beside-driver"]
    costs = made["percent"] < made["uncapped"]
    assert (
        ("the result is limited" in words) == ("She was asked beside the driver" in words) == costs
    )
    assert "✖ Harmful" in words and "What you missed" in words
    if table.state.notes:
        assert "[bold]note[/bold]" in words, "the learner's own words are only words"


def test_what_is_no_number_is_asked_again(
    doc: Json, out: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = at_first(doc, out, monkeypatch, "learn")
    play_on(table, monkeypatch, ["x", "0", "9", "-1", "¹", "9" * 5000, "", "?", "k", "e"])
    assert table.state.node == "first"
    assert said(out).count("Type a number from 1 to 3") == 7
    assert "go back to an earlier choice" in said(out) and "Trust: 2 of 5" in said(out)


def test_going_back_in_learn_mode_only(
    doc: Json, out: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = at_first(doc, out, monkeypatch, "learn")
    play_on(table, monkeypatch, ["b"])
    assert "nothing to go back to" in said(out)
    play_on(table, monkeypatch, [option(table, "apart")])
    assert table.state.node == "talk"
    play_on(table, monkeypatch, ["b", "0"])
    assert table.state.node == "talk"
    play_on(table, monkeypatch, ["b", "1"])
    assert table.state.node == "first" and table.state.rewinds == 1
    assert replay(doc, table.trace).state == table.state
    strict = at_first(doc, out, monkeypatch, "assess")
    play_on(strict, monkeypatch, ["b"])
    assert "no way back in assess mode" in said(out)


def test_a_kept_play_goes_on_where_it_stopped(
    doc: Json, out: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "a play.trace.json"
    table = begin(doc, out, "assess", "k3", file)
    play_on(table, monkeypatch, ["", "1"])
    again = begin(doc, out, "learn", "other", file)
    assert again.state == table.state and again.state.mode == "assess" and again.state.seed == "k3"
    to_the_end(again, monkeypatch)
    played = replay(doc, json.loads(file.read_text(encoding="utf-8")))
    assert played.finished and played.state == again.state
    assert list(tmp_path.iterdir()) == [file], "no draft is left"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not a trace"),
        ('{"case": "other"}', "of another case"),
        ('{"case": "small-gate", "version": 1}', "another version"),
        (
            '{"case": "small-gate", "version": 2, "seed": "a", "mode": "learn", "events": [{}]}',
            "at event 1",
        ),
        (" " * 2_000_001, "over 2 MB"),
    ],
    ids=["empty", "deep", "list", "other", "version", "illegal", "large"],
)
def test_a_file_that_is_no_play_is_left_alone(
    doc: Json, out: Console, tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "x.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TraceError, match=words):
        begin(doc, out, "learn", None, file)
    assert file.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(("points", "limited"), [(0, False), (2, False), (3, True)])
def test_a_ceiling_is_told_where_it_costs_something(
    out: Console, points: int, limited: bool
) -> None:
    """With 3 points at most, 2 of them are 67 percent: the ceiling of 67 takes nothing away."""
    told: Json = {
        "outcome": "harmed", "caps": [{"percent": 67, "reason": "Harm."}],
        "people": [], "went_wrong": [], "later": [], "well": [], "notes": [], "ask": [],
        "missed": {"evidence": [], "signs": [], "questions": []},
    }  # fmt: skip
    earned = percent_of(points, 3)
    result: Any = {"percent": min(67, earned), "uncapped": earned, "rewinds": 0}
    for part in debrief(told, result):
        out.print(part)
    assert ("limited" in said(out)) == ("at most 67 %" in said(out)) == limited
