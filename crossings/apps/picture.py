"""A graph in a frame: the whole of it at once, or large with room to scroll."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from crossings.apps.parts import classed, put, text

COLUMNS = 2
"""Columns of a graph on a laptop's page, which scrolls down rather than sideways."""
WIDE = {"Whole": "", "Large": "cxa-large"}


def size_choice() -> Any:
    """The choice of a size for one or more pictures."""
    size = widgets.Dropdown(options=list(WIDE), description="Size")
    size.tooltip = "The whole graph at once, or large with room to scroll"
    return classed(size, "cxa-size")


class Picture:
    """What `made` draws, in the size chosen; `show` draws it anew."""

    def __init__(self, made: Callable[[], str], size: widgets.Dropdown) -> None:
        self._made, self._size = made, size
        self.box = text("", "cxa-graph")
        size.observe(lambda _: self.show(), "value")

    def show(self) -> None:
        frame = WIDE[self._size.value]
        put(self.box, f"<div class='cxa-frame {frame}' tabindex='0'>{self._made()}</div>")
