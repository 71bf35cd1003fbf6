"""A page of the desk: what the browser sends arrives act by act, and is acknowledged when done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent
LONGEST_NAME = 60


class DeskError(Exception):
    """What was asked for cannot be done; the message says why."""


class Page(anywidget.AnyWidget):
    """The drawing in the browser; `state` is what it shows."""

    state = traitlets.Dict().tag(sync=True)


def page(script: str) -> type[Page]:
    """A page that is drawn by `script` with what all pages share."""
    texts = [(HERE / name).read_text(encoding="utf-8") for name in ("page.js", script)]
    css = (HERE / "panel.css").read_text(encoding="utf-8")
    return type("Page", (Page,), {"_esm": "".join(texts), "_css": css})


class Acting:
    """Everything the browser sends is an act, a mapping with `do`; `_do_…` says what it does.

    What goes wrong in one of the ways of `expected` stands on the page; so does what else goes
    wrong, since a kernel that dies silently would leave the marker with “Saving…”.
    """

    expected: tuple[type[Exception], ...] = ()

    def __init__(self) -> None:
        self.ack = 0
        self.said = self.problem = ""
        self._acts = {
            name.removeprefix("_do_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("_do_")
        }

    def _open_page(self, made: type[Page]) -> None:
        self.widget = made(state=self._state())
        self.widget.on_msg(lambda _widget, content, _buffers: self.act(content))

    def act(self, content: Mapping[str, Any]) -> None:
        """Do what the browser asks; what went wrong stands on the page and nowhere else."""
        self.problem = ""
        done = self._acts.get(str(content.get("do")))
        expected: tuple[type[Exception], ...] = (DeskError, *self.expected)
        try:
            if done is None:
                raise DeskError("This page is older than the desk. Reload it.")
            done(content)
        except expected as error:
            self.problem, self.said = str(error), "Not saved."
        except Exception as error:
            self.problem = f"Something went wrong: {type(error).__name__}: {error}"[:500]
            self.said = "Not saved."
        self.ack = max(self.ack, number(content.get("id")))
        self.widget.state = self._state()

    def _state(self) -> dict[str, Any]:
        raise NotImplementedError


def number(value: Any) -> int:
    """A number as a page may send it; -1 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def tidy_name(typed: Any) -> str:
    return " ".join(str(typed).split())[:LONGEST_NAME]
