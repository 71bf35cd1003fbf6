"""The player in notebooks and Voila: an anywidget, which is an ipywidgets DOM widget.

from crossings import show
play = show("trafficking-identification/night-crew-at-north-quay")
play            # draws it
play.score      # after playing; worked out here from the trace, not taken from the browser
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from crossings.cases import replay
from crossings.curriculum.model import Course
from crossings.items import Item, score
from crossings.player.documents import Payload, case_payload, item_payload, script, style

_GLUE = """
export default {
  render({ model, el }) {
    const plain = (value) => JSON.parse(JSON.stringify(value));
    // JupyterLab takes plain keys for commands on cells: arrows would leave the choices, and
    // letters would add and delete cells. Keys with Ctrl or Cmd stay its own, as saving does.
    el.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
    globalThis.CrossingsPlayer.mount(el, model.get("payload"), {
      keep: false,
      direct: true,
      mode: model.get("mode") || undefined,
      seed: model.get("seed") || undefined,
      trace: plain(model.get("trace")),
      responses: plain(model.get("responses")),
      onChange(news) {
        if (news.trace) model.set("trace", plain(news.trace));
        if (news.responses) model.set("responses", plain(news.responses));
        model.save_changes();
      },
    });
  },
};
"""


class Player(anywidget.AnyWidget):
    """A case or an item. The browser sends what was done; scores are worked out from it here."""

    _esm = "globalThis.CrossingsHosted = true;\n" + script() + _GLUE
    _css = style()

    kind = traitlets.Unicode().tag(sync=True)
    payload = traitlets.Dict().tag(sync=True)
    mode = traitlets.Unicode("").tag(sync=True)
    """`learn` or `assess`; empty lets the learner choose."""
    seed = traitlets.Unicode("").tag(sync=True)
    trace = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    responses = traitlets.Dict().tag(sync=True)
    score = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    ending = traitlets.Unicode(default_value=None, allow_none=True).tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    """Why a trace could not be replayed to its end; empty when it could."""

    def __init__(self, payload: Payload, **options: Any) -> None:
        super().__init__(kind=payload["kind"], payload=payload, **options)

    @traitlets.observe("trace")
    def _replayed(self, change: Mapping[str, Any]) -> None:
        if self.kind != "case" or self.trace is None:
            return
        play = replay(self.payload["doc"], self.trace)
        self.problem = play.problem.message if play.problem else ""
        self.ending = play.state.ending
        self.score = dict(play.score)

    @traitlets.observe("responses")
    def _scored(self, change: Mapping[str, Any]) -> None:
        if self.kind == "case":
            return
        items = [Item.model_validate(entry) for entry in self.payload["items"]]
        scores = [score(item, _first(self.responses.get(item.id))) for item in items]
        self.score = {
            "points": sum(s.points for s in scores),
            "max": sum(s.max_points for s in scores if s.status != "manual"),
        }


def _first(entry: Any) -> Any:
    """The first response to an item, of an entry that came from a browser."""
    first = entry.get("first") if isinstance(entry, Mapping) else None
    return first.get("response") if isinstance(first, Mapping) else None


def show(ref: str, course: Course | None = None, **options: Any) -> Player:
    """The case or the item that `ref` (`module/id`) names, ready to play.

    Args:
        ref: `module/id` of a case or of an item.
        course: the course; the current one unless given.
        options: `mode` and `seed` of the `Player`.

    Raises:
        ValueError: when `ref` names nothing; the message lists names that are near.
    """
    if course is None:
        from crossings.curriculum import current

        course = current()
    module_id, _, name = ref.partition("/")
    module = course.modules.get(module_id)
    if module is not None and name in module.cases:
        return Player(case_payload(course, ref), **options)
    if module is not None and name in module.items:
        return Player(item_payload(course, ref), **options)
    raise ValueError(_unknown(ref, course))


def _unknown(ref: str, course: Course) -> str:
    refs = [
        f"{module.id}/{name}"
        for module in course.modules.values()
        for name in (*module.cases, *(i for i, item in module.items.items() if not item.reserved))
    ]
    near = difflib.get_close_matches(ref, refs, n=5, cutoff=0.3) or refs[:5]
    listed = ", ".join(f"`{one}`" for one in near)
    return f"there is no case and no item `{ref}`. Write `module/id`; near names are: {listed}"
