"""What is drawn on matplotlib Axes, as plain JSON: words, scales and marks."""

from __future__ import annotations

import sys
from typing import Any

from crossings.check.plain import encode, type_name, unsupported

MOST_MARKS = 5_000


def facts(thing: Any) -> Any:
    """The facts of Axes, or of the Axes of a Figure in order: `{"figure": [axes, …]}`."""
    if "matplotlib" not in sys.modules:
        return unsupported(type_name(thing))
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    kind = type(thing)
    if kind is Figure:
        return {"figure": [_axes(one) for one in list(thing.axes)[:20]]}
    if isinstance(thing, Axes) and kind.__module__.split(".")[0] in ("matplotlib", "mpl_toolkits"):
        return {"figure": [_axes(thing)]}
    if type(thing).__module__.startswith("numpy") and hasattr(thing, "ravel"):
        return {"figure": [_axes(one) for one in thing.ravel()[:20] if isinstance(one, Axes)]}
    return unsupported(type_name(thing))


def _axes(axes: Any) -> dict[str, Any]:
    return {
        "titles": [axes.get_title(loc=side) for side in ("left", "center", "right")],
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "xlim": encode([float(x) for x in axes.get_xlim()]),
        "ylim": encode([float(y) for y in axes.get_ylim()]),
        "scales": [axes.get_xscale(), axes.get_yscale()],
        "texts": [str(t.get_text()) for t in axes.texts[:200]],
        "legend": _legend(axes),
        "marks": _marks(axes),
    }


def _legend(axes: Any) -> list[str]:
    legend = axes.get_legend()
    return [] if legend is None else [str(t.get_text()) for t in legend.get_texts()[:200]]


def _marks(axes: Any) -> dict[str, Any]:
    """Each kind of mark that is there, with its numbers."""
    from matplotlib.patches import Rectangle, Wedge

    rectangles = [p for p in axes.patches[:MOST_MARKS] if isinstance(p, Rectangle)]
    wedges = [p for p in axes.patches[:MOST_MARKS] if isinstance(p, Wedge)]
    found: dict[str, Any] = {
        "bars": _bars(rectangles),
        "lines": [_points(line.get_xydata()) for line in axes.lines[:200]],
        "points": [_points(c.get_offsets()) for c in axes.collections[:200] if _is_scatter(c)],
        "wedges": encode([float(w.theta2 - w.theta1) for w in wedges]),
        "areas": [encode(len(c.get_paths())) for c in axes.collections[:200] if _is_area(c)],
        "images": [list(i.get_array().shape) for i in axes.images[:20]],
    }
    return {kind: marks for kind, marks in found.items() if marks}


def _bars(rectangles: list[Any]) -> list[Any]:
    """`[place, base, size]` of each bar, and whether they lie: `across` from left to right."""
    if not rectangles:
        return []
    across = _lies_across(rectangles)
    found = []
    for r in rectangles:
        x, y, width, height = r.get_x(), r.get_y(), r.get_width(), r.get_height()
        bar = [y + height / 2, x, width] if across else [x + width / 2, y, height]
        found.append(encode([float(number) for number in bar]))
    return [{"across": across, "bars": found}]


def _lies_across(rectangles: list[Any]) -> bool:
    """Bars that lie share their left edge and not their lower one; one bar alone: the longer."""
    left = {round(float(r.get_x()), 9) for r in rectangles}
    low = {round(float(r.get_y()), 9) for r in rectangles}
    if len(rectangles) > 1:
        return len(left) < len(low)
    thick = (float(rectangles[0].get_width()), float(rectangles[0].get_height()))
    return abs(thick[1] - 0.8) < 1e-6 and abs(thick[0] - 0.8) > 1e-6


def _points(pairs: Any) -> Any:
    import numpy as np

    found: Any = np.asarray(np.ma.filled(np.ma.asarray(pairs, dtype=float), np.nan))[:MOST_MARKS]
    return encode(found.tolist())


def _is_scatter(collection: Any) -> bool:
    return type(collection).__name__ == "PathCollection"


def _is_area(collection: Any) -> bool:
    return type(collection).__name__ in ("PolyCollection", "FillBetweenPolyCollection")
