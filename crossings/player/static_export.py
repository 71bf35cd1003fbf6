"""Players in a notebook that is exported to HTML: drawn with their last state, without a kernel.

    jupyter nbconvert --to crossings notebook.ipynb

A saved notebook holds the state of its widgets. In the place of each widget of ours comes the
player itself with what was done in it: the page shows where the play stood, can be played on, and
asks for nothing from any network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor

from crossings.player.documents import Payload, mount, script, style

WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


class PlayerHTMLExporter(HTMLExporter):
    """nbconvert's HTML, with our players in it."""

    export_from_notebook = "HTML with Crossings players"

    def _init_preprocessors(self) -> None:
        super()._init_preprocessors()  # type: ignore[no-untyped-call]
        self.register_preprocessor(StaticPlayers, enabled=True)  # type: ignore[no-untyped-call]


class StaticPlayers(Preprocessor):
    """Replaces saved players by pages that need no kernel; leaves all else as it is."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook with its players drawn; called by nbconvert."""
        models = _models(nb)
        drawn = False
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                payloads = _players(models, output.get("data", {}))
                if payloads:
                    before = "" if drawn else _code()
                    output["data"] = {"text/html": before + "".join(mount(p) for p in payloads)}
                    drawn = True
        return nb, resources


def _models(nb: Any) -> Mapping[str, Any]:
    saved = nb.metadata.get("widgets", {}).get(STATE, {})
    models: Mapping[str, Any] = saved.get("state", {})
    return models


def _players(models: Mapping[str, Any], data: Mapping[str, Any]) -> list[Payload]:
    """The players that an output shows: itself, or those in a box; empty where there is none."""
    view = data.get(WIDGET)
    return _within(models, str(view.get("model_id", "")), 0) if isinstance(view, Mapping) else []


def _within(models: Mapping[str, Any], model_id: str, depth: int) -> list[Payload]:
    state = models.get(model_id, {}).get("state", {})
    payload = state.get("payload")
    if isinstance(payload, Mapping) and "kind" in payload and "ref" in payload:
        done = {k: state[k] for k in ("trace", "responses", "mode", "seed") if state.get(k)}
        return [{**payload, "done": done}]
    children = state.get("children", []) if depth < 8 else []
    names = (str(child).removeprefix("IPY_MODEL_") for child in children)
    return [found for name in names for found in _within(models, name, depth + 1)]


def _code() -> str:
    code = script().replace("</", "<\\/")  # no text of the script can end its element
    return f"<style>{style()}</style><script>{code}</script>"
