"""What a participant of a tabletop drill sends: a message, a step of its role, a form.

It is checked before it enters the log, with words for who sent it, and once more by the fold.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from crossings.drills import teamwork
from crossings.drills.log import Draft, Event
from crossings.drills.replies import Refused, moved_on
from crossings.drills.responses import BadResponseError
from crossings.drills.state import DrillState
from crossings.drills.tablework import may_send, play_at
from crossings.tabletop import CONTROL, Play
from crossings.tabletop.event import ROLES
from crossings.tabletop.filed import kept_fields
from crossings.tabletop.world import MOST_TEXT

Json = dict[str, Any]


def act_draft(state: DrillState, seat: str, key: str, response: Any, now: float) -> Draft:
    """The event for what a seat sends. The log stamps it, so that acts count as committed.

    Raises:
        Refused: where the exercise does not take it.
    """
    if state.status not in ("running", "paused"):
        raise Refused(409, "not-open", "The exercise is not running. Look at your trainer.")
    if not may_send(state, seat):
        raise Refused(403, "captain", "Only the captain of your team sends. Tell your captain.")
    try:
        kind, payload = checked_act(state, seat, response, now)
    except BadResponseError as error:
        raise Refused(400, "response", str(error)) from error
    return Draft(state.run, kind, key, payload, seat)


def confirmed(state: DrillState, event: Event, now: float) -> None:
    """Refuse what the log has taken and the exercise has not: another was first by a moment."""
    if event.key not in play_at(state, now).counted:
        raise moved_on("Somebody was first by a moment. Look at the page again.")


def checked_act(state: DrillState, seat: str, response: Any, now: float) -> tuple[str, Json]:
    """Kind and payload of what a participant sends, if the exercise takes it now.

    Raises:
        BadResponseError: with words for who sent it.
    """
    if not isinstance(response, Mapping) or response.get("kind") not in ROLES:
        raise BadResponseError("The message has the wrong form.")
    kind, role = str(response["kind"]), response.get("role")
    if not isinstance(role, str) or role not in teamwork.roles_of(state, seat):
        raise BadResponseError("Your team does not play this role.")
    return kind, {"role": role, **_CHECKS[kind](play_at(state, now), role, response)}


def _sent(play: Play, role: str, response: Mapping[str, Any]) -> Json:
    to, text = response.get("to"), response.get("text")
    known = {*play.table.roles, CONTROL} - {role}
    if not isinstance(to, list) or any(not isinstance(t, str) or t not in known for t in to):
        raise BadResponseError("Choose who gets the message.")
    if not to:
        raise BadResponseError("Choose who gets the message.")
    if not isinstance(text, str) or not plain(text):
        raise BadResponseError("The message is empty.")
    if len(plain(text)) > MOST_TEXT:
        raise BadResponseError(f"The message is over {MOST_TEXT} characters. Please shorten it.")
    return {"to": to, "text": plain(text)}


def _did(play: Play, role: str, response: Mapping[str, Any]) -> Json:
    action = response.get("action")
    if not isinstance(action, str) or action not in play.table.actions:
        raise BadResponseError("There is no such step.")
    if (role, action) in play.done:
        raise BadResponseError("Your team has done this already.")
    if action not in play.open_actions[role]:
        raise BadResponseError("This cannot be done now.")
    return {"action": action}


def _filed(play: Play, role: str, response: Mapping[str, Any]) -> Json:
    name, given = response.get("form"), response.get("fields")
    if not isinstance(name, str) or name not in play.open_forms[role]:
        raise BadResponseError("This form is not open to you now.")
    if isinstance(given, Mapping):
        given = {k: plain(v) if isinstance(v, str) else v for k, v in given.items()}
    fields, problem = kept_fields(play.table.forms[name], given, MOST_TEXT)
    if problem:
        raise BadResponseError(problem)
    return {"form": name, "fields": fields}


_CHECKS = {"sent": _sent, "did": _did, "filed": _filed}


def plain(text: str) -> str:
    """Without signs that are no text."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()
