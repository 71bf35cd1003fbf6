"""The tool that shows how signs combine, in a notebook: an anywidget, so an ipywidgets widget.

from crossings import indicators
tool = indicators()      # draws it
tool.weighing            # six dimensions, worked out here from the ticks
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from crossings.curriculum.indicators import AGES, Weighing, read_indicators, weigh
from crossings.player.documents import INDICATORS_STYLE, joined, script, script_apart, style
from crossings.player.indicators import indicators_payload
from crossings.workspace import ROOT

_GLUE = """
export default {
  render({ model, el }) {
    el.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
    globalThis.CrossingsPlayer.indicators(el, model.get("payload"), {
      age: model.get("age"),
      ticked: model.get("ticked"),
      onChange(news) {
        model.set("age", news.age);
        model.set("ticked", news.ticked);
        model.save_changes();
      },
    });
  },
};
"""


class IndicatorTool(anywidget.AnyWidget):
    """The tool in a notebook. The browser sends ticks; they are weighed anew here."""

    _esm = "globalThis.CrossingsHosted = true;\n" + script() + script_apart("indicators") + _GLUE
    _css = style() + joined((INDICATORS_STYLE,))

    payload = traitlets.Dict().tag(sync=True)
    age = traitlets.Enum(AGES, AGES[0]).tag(sync=True)
    ticked = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """Ids of signs, such as `D1-01`."""

    def __init__(self, root: Path = ROOT, **options: Any) -> None:
        self._table = read_indicators(root)
        super().__init__(payload=indicators_payload(self._table), **options)

    @property
    def weighing(self) -> Weighing:
        """What the ticks show now.

        Raises:
            ValueError: for a tick that the list for this age does not hold.
        """
        return weigh(self._table, self.age, self.ticked)


def indicators(root: Path = ROOT) -> IndicatorTool:
    """The tool, for a notebook."""
    return IndicatorTool(root)
