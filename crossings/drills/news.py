"""What is new on the page of an exercise, between the whole that was sent before and the whole now.

News names the version that it follows. So a page that missed some notices, and what comes twice
changes nothing. `page/news.js` is the twin of `merged`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

RUNS = frozenset(("ms", "minute", "time"))
"""What the clock of an exercise changes by itself; a page lets it run from any of its moments."""
_NOTHING = object()


def desk_news(before: Json, after: Json) -> Json:
    """What is new at a desk, its clock left out: the parts that differ, and of the inbox how many
    lines to `keep` and the lines that follow them."""
    found = {k: v for k, v in after.items() if k not in RUNS and before.get(k, _NOTHING) != v}
    if "inbox" in found:
        kept = _same(before["inbox"], after["inbox"])
        found |= {"keep": kept, "inbox": after["inbox"][kept:]}
    return found


def _same(before: list[Json], after: list[Json]) -> int:
    """How many lines both begin with. After a rewind these are fewer than there were before."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(before), len(after)))


def news(before: Json, after: Json, desk: Callable[[Json, Json], Json] = desk_news) -> Json:
    """What to send to a page that has the view `before`, so that it has `after`: news where both
    are of a running exercise, otherwise the whole.

    `desk` finds what is new at the desk; a team has one, so it can be found once for all of it.
    """
    if "table" not in before or before.keys() != after.keys():
        return after
    old, new = before["table"], after["table"]
    if old.keys() != new.keys():
        return after
    found = {k: v for k, v in after.items() if k != "table" and before[k] != v}
    found["table"] = desk(old, new) | {k: new[k] for k in RUNS if old[k] != new[k]}
    return found | {"after": before["version"], "version": after["version"]}


def merged(known: Json | None, told: Json) -> Json | None:
    """The view of a page that had `known` and is told this; None where something is missing
    between, and the page has to ask for the whole."""
    if "after" not in told:
        return told
    if known is None or told["after"] != known["version"]:
        return known if known is not None and told["version"] == known["version"] else None
    parts = {k: v for k, v in told.items() if k != "after"}
    desk = dict(told["table"])
    if "inbox" in desk:
        desk["inbox"] = known["table"]["inbox"][: desk.pop("keep")] + desk["inbox"]
    return known | parts | {"table": known["table"] | desk}
