"""One trace, one score: the page, the notebook and the examiner agree, in a real browser too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page

from crossings.cases import Case, document, replay
from crossings.cases.plays import random_play
from crossings.curriculum.model import Course
from crossings.items import keyed, score
from crossings.player.documents import case_payload
from crossings.player.widget import Player
from crossings.workspace import ROOT
from tests.cases.made import made_case, made_trace
from tests.cases.test_twin_items import made_item, made_response
from tests.reading import read_yaml

pytestmark = pytest.mark.browser

REAL = sorted((ROOT / "modules").glob("*/cases/*.yml"))
REPLAY = "([doc, traces]) => traces.map((t) => CrossingsEngine.replay(doc, t))"


def agree(page: Page, doc: dict[str, Any], traces: list[Any]) -> None:
    """The shipped script, in Chromium, ends every play as Python does."""
    theirs = page.evaluate(REPLAY, [doc, traces])
    for trace, found in zip(traces, theirs, strict=True):
        ours = json.loads(json.dumps(replay(doc, trace).to_json()))
        assert found == ours, json.dumps(trace)[:400]


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_real_cases(page: Page, open_page: Callable[..., str], path: Path) -> None:
    page.goto(open_page())
    case = Case.model_validate(read_yaml(path))
    doc = document(case)
    agree(page, doc, [made_trace(Random(n), doc, length=90) for n in range(20)])


def test_made_cases(page: Page, open_page: Callable[..., str]) -> None:
    page.goto(open_page())
    for number in range(60):
        rng = Random(f"chromium/{number}")
        doc = document(made_case(rng))
        agree(page, doc, [made_trace(rng, doc) for _ in range(3)])


def test_made_items(page: Page, open_page: Callable[..., str]) -> None:
    page.goto(open_page())
    rng = Random("chromium")
    pairs = []
    for _ in range(300):
        item = made_item(rng)
        pairs.append((item, made_response(rng, item)))
    sent = [[keyed(item), _sendable(response)] for item, response in pairs]
    found = page.evaluate("(all) => all.map(([i, r]) => CrossingsEngine.scoreItem(i, r))", sent)
    for (item, _), (_, response), theirs in zip(pairs, sent, found, strict=True):
        assert theirs == score(item, response).model_dump(mode="json")


def _sendable(response: Any) -> Any:
    """Without half letters and boundless numbers, which the way into the browser does not carry."""
    text = json.dumps(response)
    return None if "\\ud8" in text or len(text) > 2000 or "0" * 300 in text else response


def test_page_notebook_and_examiner_give_one_score(
    page: Page, course: Course, open_page: Callable[..., str]
) -> None:
    payload = case_payload(course, "sample/late-ship")
    page.goto(open_page())
    for number in range(20):
        state = random_play(payload["doc"], f"p{number}")
        events = [
            {k: v for k, v in entry.items() if k not in ("clock", "fired", "entered", "offered")}
            for entry in state.log[1:]
        ]
        trace = {"case": "late-ship", "version": payload["doc"]["version"]}
        trace |= {"seed": f"p{number}", "mode": "assess", "events": events}
        play = replay(payload["doc"], trace)
        assert play.problem is None
        (theirs,) = page.evaluate(REPLAY, [payload["doc"], [trace]])
        widget = Player(payload, trace=trace)
        assert theirs["score"] == dict(play.score) == widget.score
        assert theirs["state"]["ending"] == play.state.ending == widget.ending
