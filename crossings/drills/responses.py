"""What a learner sends, reduced to what the question asks for, before it enters the log."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from crossings.cases import IllegalAction
from crossings.drills.casework import FIELDS, Playing
from crossings.drills.script import Script
from crossings.drills.state import DrillState
from crossings.drills.votes import turn
from crossings.items.model import SURE
from crossings.items.score import read_number

LONGEST = 2000
"""Characters of a written answer in a live drill."""


class BadResponseError(ValueError):
    """The response does not fit the question."""


def checked(script: Script, index: int, response: Any) -> dict[str, Any]:
    """`response` with its one field and nothing else, if it can count."""
    if not isinstance(response, Mapping):
        raise BadResponseError("The answer has the wrong form.")
    step = script.steps[index]
    kind = step.item.kind if step.item is not None else "single"
    kept = _FIELDS[kind](response)
    if response.get("sure") in SURE:
        kept["sure"] = response["sure"]
    outcome = script.score(index, kept)
    if outcome.status == "malformed":
        raise BadResponseError(f"The answer does not fit the question: {outcome.reason}.")
    if outcome.status == "empty":
        raise BadResponseError("The answer is empty.")
    return kept


def kept(state: DrillState, step: int, response: Any) -> dict[str, Any]:
    """The part of an answer, or of a vote on a turn of a case, that enters the log."""
    if state.case is None:
        return checked(state.plan(), step, response)
    play = turn(state, step)
    if not play.votes:
        raise BadResponseError("There is nothing to vote on here. Your trainer goes on.")
    return checked_move(play, response)


def checked_move(play: Playing, response: Any) -> dict[str, Any]:
    """`response` as an action of a case with its one field, if the play allows it here."""
    if not isinstance(response, Mapping) or not isinstance(response.get("action"), str):
        raise BadResponseError("The answer has the wrong form.")
    kept: dict[str, Any] = {"action": response["action"]}
    field = FIELDS.get(response["action"])
    if field == "text":
        kept |= _text(response)
    elif field is not None:
        kept[field] = response.get(field)
    try:
        play.moved(kept, 0)
    except IllegalAction as error:
        raise BadResponseError(f"That cannot be done here: {error}.") from error
    return kept


def _choice(response: Mapping[str, Any]) -> dict[str, Any]:
    return {"choice": response.get("choice")}


def _choices(response: Mapping[str, Any]) -> dict[str, Any]:
    return {"choices": response.get("choices")}


def _order(response: Mapping[str, Any]) -> dict[str, Any]:
    return {"order": response.get("order")}


def _pairs(response: Mapping[str, Any]) -> dict[str, Any]:
    return {"pairs": response.get("pairs")}


def _number(response: Mapping[str, Any]) -> dict[str, Any]:
    value = read_number(response.get("number"))
    if value is None:
        raise BadResponseError("Please type a number, for example 12 or 12.5.")
    return {"number": value}


def _text(response: Mapping[str, Any]) -> dict[str, Any]:
    text = response.get("text")
    if not isinstance(text, str):
        raise BadResponseError("The answer has the wrong form.")
    if len(text) > LONGEST:
        raise BadResponseError(f"The answer is over {LONGEST} characters. Please shorten it.")
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return {"text": kept.strip()}


_FIELDS = {
    "single": _choice,
    "multiple": _choices,
    "order": _order,
    "match": _pairs,
    "grid": _pairs,
    "hotspot": _choices,
    "number": _number,
    "short": _text,
    "text": _text,
}
