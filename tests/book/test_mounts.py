"""Which scripts a page asks for: the player, and more only where more is drawn."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.utils import new_document

from crossings.book.assets import _scripts
from crossings.curriculum.indicators import read_indicators
from crossings.player.documents import mount
from crossings.player.indicators import indicators_mount

QUIZ = mount({"kind": "quiz", "ref": "m/q", "title": "Q", "items": []})
PROGRESS = mount({"kind": "progress", "ref": "course", "groups": []})


@pytest.mark.parametrize(
    ("mounts", "scripts"),
    [
        ([], ()),
        ([QUIZ], ("crossings.js",)),
        ([PROGRESS], ("crossings.js", "progress.js")),
        (["signs"], ("crossings.js", "indicators.js")),
        ([QUIZ, "signs", PROGRESS], ("crossings.js", "progress.js", "indicators.js")),
    ],
    ids=["nothing", "quiz", "progress", "signs", "all"],
)
def test_a_page_asks_for_what_it_draws(mounts: list[str], scripts: tuple[str, ...]) -> None:
    page = new_document("page")
    for text in mounts:
        drawn = indicators_mount(read_indicators()) if text == "signs" else text
        page += nodes.raw("", drawn, format="html")
    assert _scripts(page) == scripts
