"""Pieces that every app of the trainer is made of: the style sheet, safe HTML, labelled buttons.

`HTML` widgets show what they are given as markup, so everything that a person or a file supplied
goes through `esc` first.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from crossings.look import TOKENS

esc = html.escape
_LONG, _SHORT = 60, 12
_COLUMNS = 4
"""Columns that fit on a phone where all values are short."""
_STYLE = Path(__file__).parent / "apps.css"


def app(*children: widgets.Widget) -> widgets.VBox:
    """The outermost box of an app: its children, in the look of the course."""
    css = TOKENS.read_text(encoding="utf-8") + _STYLE.read_text(encoding="utf-8")
    style = classed(widgets.HTML(f"<style>{css}</style>"), "cxa-style")
    return classed(widgets.VBox([style, *children]), "cxa")


def classed(widget: Any, *names: str) -> Any:
    for name in names:
        widget.add_class(name)
    return widget


def text(markup: str = "", *names: str) -> widgets.HTML:
    """An HTML widget; `markup` must be escaped already."""
    return classed(widgets.HTML(markup), *names)


def button(label: str, tooltip: str, act: Callable[[], None], *names: str) -> widgets.Button:
    """A button that says what it does, also when the pointer rests on it."""
    made = widgets.Button(description=label, tooltip=tooltip)
    made.on_click(lambda _: act())
    return classed(made, "cxa-button", *names)


def put(widget: widgets.Widget, markup: str) -> None:
    """Set an HTML widget, only if it changes: nothing travels to the page for nothing."""
    if widget.value != markup:
        widget.value = markup


def row(*children: widgets.Widget, names: Iterable[str] = ()) -> widgets.Box:
    return classed(widgets.Box(list(children)), "cxa-row", *names)


def scrolled(tag: str, name: str, label: str, rows: str) -> str:
    """A list that scrolls in itself takes the focus, so that the arrow keys move it, too."""
    return f"<{tag} class='{name}' aria-label='{esc(label)}' tabindex='0'>{rows}</{tag}>"


def table(head: list[str], rows: Iterable[Iterable[Any]], caption: str) -> str:
    """A table of plain values; everything is escaped, numbers are set right.

    On a phone a wide one is read row by row, each value below the name of its column. The roles
    keep it a table for a screen reader there.
    """
    lines = [list(values) for values in rows]
    numeric = [isinstance(v, (int, float)) for v in lines[0]] if lines else [False] * len(head)
    titles = "".join(
        f"<th role='columnheader' scope='col'{_right(n)}>{esc(h)}</th>"
        for h, n in zip(head, numeric, strict=True)
    )
    body = "".join(
        "<tr role='row'>"
        + "".join(_cell(v, name) for v, name in zip(values, head, strict=True))
        + "</tr>"
        for values in lines
    )
    wide = len(head) > _COLUMNS or any(len(str(v)) > _LONG for values in lines for v in values)
    return (
        f"<table role='table' class='cxa-table{' cxa-rows' if wide else ''}'>"
        f"<caption>{esc(caption)}</caption><thead role='rowgroup'><tr role='row'>{titles}</tr>"
        f"</thead><tbody role='rowgroup'>{body}</tbody></table>"
    )


def scroll(markup: str) -> str:
    """What may be wider than the page, in a frame that scrolls by touch and by keys."""
    return f"<div class='cxa-scroll' tabindex='0'>{markup}</div>"


def points(earned: float, most: float) -> str:
    """Points as people read them: to one decimal, of how many."""
    return f"{round(earned, 1):g} of {most:g}"


def _right(numeric: bool) -> str:
    return " class='num'" if numeric else ""


def _cell(value: Any, column: str) -> str:
    said = f" role='cell' data-column='{esc(column)}'"
    if isinstance(value, (int, float)):
        shown = "" if value != value else f"{value:g}"
        return f"<td{said} class='num'>{shown}</td>"
    words = str(value)
    # A long text keeps a width to read it by, also where the table scrolls; a figure stays whole.
    kind = (
        " class='long'" if len(words) > _LONG else " class='whole'" if len(words) < _SHORT else ""
    )
    return f"<td{said}{kind}>{esc(words)}</td>"
