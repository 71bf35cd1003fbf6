"""One look for charts: the colours of `crossings/player/tokens.css`, in matplotlib.

    from crossings.look import colour, label_bars, use_style

    use_style()
    bars = axes.barh(names, counts, color=colour("sea"))
    label_bars(axes)

Charts use at most five colours (`CHART`), write the number on the bar instead of a scale, and name
lines directly instead of in a legend. Grey (`NO_ANSWER`) is for "no answer" and nothing else.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOKENS = Path(__file__).resolve().parent.parent / "player" / "tokens.css"
STYLE = Path(__file__).resolve().parent / "crossings.mplstyle"

CHART = ("sea", "poor", "good", "ok", "harm")
"""The chart colours, in the order in which to use them."""

NO_ANSWER = "muted"

_COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{6});")


def _palettes(css: str) -> dict[str, dict[str, str]]:
    """The colours of the light block (the first) and of the attribute's dark block."""
    light = css.split("@media", 1)[0]
    dark = css.split(':root[data-theme="dark"] {', 1)[1].split("}", 1)[0]
    return {"light": dict(_COLOUR.findall(light)), "dark": dict(_COLOUR.findall(dark))}


PALETTE: dict[str, dict[str, str]] = _palettes(TOKENS.read_text(encoding="utf-8"))
"""Colours by theme (`light`, `dark`) and token name: `PALETTE["light"]["sea"]`."""


def colour(name: str, dark: bool = False) -> str:
    """The colour of a token, as `#RRGGBB`.

    Raises:
        ValueError: for a name that is no token; the message lists the tokens.
    """
    palette = PALETTE["dark" if dark else "light"]
    if name not in palette:
        raise ValueError(f"no colour `{name}`; there are: {', '.join(palette)}")
    return palette[name]


def use_style(dark: bool = False) -> None:
    """Draw every later chart of this session in the look of the course."""
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib import style

    style.use(STYLE)
    ink, muted, card = colour("ink", dark), colour("muted", dark), colour("card", dark)
    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=[colour(name, dark) for name in CHART]),
            "figure.facecolor": card,
            "savefig.facecolor": card,
            "axes.facecolor": card,
            "axes.edgecolor": colour("line", dark),
            "axes.labelcolor": muted,
            "axes.titlecolor": ink,
            "text.color": ink,
            "xtick.color": muted,
            "ytick.color": ink,
            "grid.color": colour("line", dark),
        }
    )


def label_bars(axes: Axes, form: str = "{:.0f}", gap: float = 4) -> None:
    """Write each bar's value at its end and take away the scale that this makes needless."""
    from matplotlib.container import BarContainer

    for bars in axes.containers:
        if isinstance(bars, BarContainer):
            axes.bar_label(bars, fmt=form, padding=gap, fontweight="bold")
            _hide_scale(axes, bars.orientation == "horizontal")


def label_lines(axes: Axes, gap: float = 6) -> None:
    """Write each line's label at its last point, in its colour, instead of a legend."""
    import numpy as np

    for line in axes.get_lines():
        label = str(line.get_label())
        points = np.asarray(line.get_xydata())
        if label.startswith("_") or not len(points):
            continue
        axes.annotate(
            label,
            xy=(points[-1, 0], points[-1, 1]),
            xytext=(gap, 0),
            textcoords="offset points",
            va="center",
            color=line.get_color(),
            fontweight="bold",
        )


def _hide_scale(axes: Axes, horizontal: bool) -> None:
    scale, spine = (axes.xaxis, "bottom") if horizontal else (axes.yaxis, "left")
    scale.set_visible(False)
    axes.spines[spine].set_visible(False)
