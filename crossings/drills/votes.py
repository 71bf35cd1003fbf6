"""How a room's votes on one turn of a case are spread, and what follows from them.

A split is one group of bars for a decision, an interview or a search, and one for each arrival of
a triage. Notes are not counted: they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from crossings.cases.engine import MAX_NOTE
from crossings.drills.casework import FIELDS, ROOM, Playing, Taken, playing

if TYPE_CHECKING:
    from crossings.drills.state import DrillState

Json = dict[str, Any]
_ROOM = 80
"""Characters of a note of many that are kept for saying what did not fit."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LEAVE = {"interview": "End the conversation", "search": "Stop searching and go on"}


def ballot(play: Playing) -> list[Json]:
    """What can be voted for: groups with `id`, `text` and `options` (`id`, `text`)."""
    shown = play.shown
    if play.kind == "decision":
        return [_group("", shown["question"], [(o["id"], o["text"]) for o in shown["options"]])]
    if play.kind == "interview":
        left = shown["remaining"]["questions"] > 0
        open_ones = [(q["id"], q["text"]) for q in shown["questions"] if left and not q["asked"]]
        return [_group("", "What next?", [*open_ones, ("", LEAVE["interview"])])]
    if play.kind == "search":
        finds = [(f["evidence"], f["label"]) for f in shown["finds"] if f["open"]]
        return [_group("", "What next?", [*finds, ("", LEAVE["search"])])]
    if play.kind == "triage":
        channels = [(c["id"], c["text"]) for c in shown["channels"]]
        return [_group(a["id"], a["person"]["name"], channels) for a in shown["arrivals"]]
    return []


def _group(name: str, text: str, options: list[tuple[str, str]]) -> Json:
    return {"id": name, "text": text, "options": [{"id": i, "text": t} for i, t in options]}


def action_for(play: Playing, chosen: Mapping[str, str]) -> Json:
    """The action that picks `chosen` (group and option of the ballot)."""
    if play.kind == "triage":
        return {"action": "sort", "pairs": dict(chosen)}
    option = chosen.get("", "")
    if play.kind == "decision":
        return {"action": "choose", "choice": option}
    if not option:
        return {"action": "leave"}
    if play.kind == "interview":
        return {"action": "ask", "question": option}
    return {"action": "open", "evidence": option}


def picked(action: Mapping[str, Any]) -> dict[str, str]:
    """The other way: which option of each group an action picks."""
    if action.get("action") == "sort":
        return dict(action["pairs"])
    field = FIELDS.get(str(action.get("action")))
    return {"": str(action[field]) if field else ""}


def cast(state: DrillState, index: int) -> list[Json]:
    """The votes on turn `index` of the people who are in the room."""
    run, seats = state.steps.get(index), {s.id for s in state.present}
    return [dict(a.response) for s, a in (run.answers if run else {}).items() if s in seats]


def turn(state: DrillState, index: int) -> Playing:
    """The play as it stood at turn `index`."""
    done = state.taken.get(index)
    return done.before if done else playing(state, ROOM)


def split(state: DrillState, index: int) -> list[Json]:
    """The ballot of turn `index` with letters and counts."""
    return counted(turn(state, index), cast(state, index))


def counted(play: Playing, actions: Iterable[Mapping[str, Any]]) -> list[Json]:
    """The ballot of a play with letters, and how many of `actions` want each option."""
    given = [picked(v) for v in actions if v.get("action") != "write"]
    groups = ballot(play)
    for group in groups:
        for place, option in enumerate(group["options"]):
            option["letter"] = LETTERS[place % 26]
            option["count"] = sum(v.get(group["id"]) == option["id"] for v in given)
    return groups


def leading(group: Mapping[str, Any]) -> list[str]:
    """The options of a split's group with the most votes; several are a tie, none had none."""
    most = max((o["count"] for o in group["options"]), default=0)
    return [o["id"] for o in group["options"] if most and o["count"] == most]


def notes(state: DrillState, index: int) -> list[str]:
    """What people wrote at turn `index`, without empty notes."""
    return _texts(cast(state, index))


def _texts(actions: Iterable[Mapping[str, Any]]) -> list[str]:
    return [text for v in actions if (text := str(v.get("text", "")))]


def fitting(texts: Sequence[str]) -> int:
    """How many of `texts`, from the first, one note holds whole."""
    ends = accumulate(len(text) + 1 for text in texts)
    return sum(end <= MAX_NOTE - _ROOM for end in ends)


def together(texts: Sequence[str]) -> str:
    """One note of many; it says how many it had no room for, and cuts none."""
    many = fitting(texts)
    left = len(texts) - many
    more = f"({left} more {'note is' if left == 1 else 'notes are'} in the log of this drill.)"
    return "\n".join([*texts[:many], *([more] if left else [])])


def plurality(state: DrillState, index: int) -> Json | None:
    """What the votes amount to: an action, or None where nobody voted or a tie stands."""
    return agreed(turn(state, index), cast(state, index))


def agreed(play: Playing, actions: Sequence[Mapping[str, Any]]) -> Json | None:
    """What `actions` amount to at this point of a play; None where none came or a tie stands.

    Of notes all are kept that fit, one a paragraph and without names.
    """
    if play.kind == "scene":
        return {"action": "continue"}
    if play.kind == "ending":
        return None
    if play.kind == "note":
        return {"action": "write", "text": together(_texts(actions))}
    chosen: dict[str, str] = {}
    for group in counted(play, actions):
        best = leading(group)
        if len(best) != 1:
            return None
        chosen[group["id"]] = best[0]
    return action_for(play, chosen)


def told(taken: Taken) -> list[Json]:
    """What was taken, in words: a line for each group, with the letter of the option."""
    chosen = picked(taken.action) if taken.before.votes else {}
    lines = []
    for group in ballot(taken.before):
        for place, option in enumerate(group["options"]):
            if chosen.get(group["id"]) == option["id"]:
                line = {"group": group["text"], "text": option["text"]}
                lines.append(line | {"letter": LETTERS[place % 26]})
    return lines
