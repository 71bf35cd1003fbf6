"""xAPI 1.0.3 statements of what trainees did, for a learning record store.

Who somebody is stays with the academy: the actor is an account with the student id, never an
address, and a name only where the trainer asked for names. The id of a statement follows from what
it says, so that sending the same again changes nothing in the store. A key goes along only where a
learner may see it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from crossings.items import Item, Score

Statement = dict[str, Any]

_SPACE = uuid.UUID("b5d8f3ce-7e0d-5f5a-9d0c-3f1a6d0f7c11")
_VERBS = {
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
    "interacted": "http://adlnet.gov/expapi/verbs/interacted",
}
_TYPES = {
    "question": "http://adlnet.gov/expapi/activities/cmi.interaction",
    "assignment": "http://adlnet.gov/expapi/activities/assessment",
    "course": "http://adlnet.gov/expapi/activities/course",
    "act": "http://adlnet.gov/expapi/activities/interaction",
}
_INTERACTIONS = {
    "single": "choice",
    "multiple": "choice",
    "hotspot": "choice",
    "order": "sequencing",
    "match": "matching",
    "grid": "matching",
    "number": "numeric",
    "short": "fill-in",
    "text": "long-fill-in",
}
MOST_TEXT = 2000
"""Characters of a written answer that go into a statement."""


@dataclass(frozen=True)
class Place:
    """Whose records these are. `base` is an address of the academy; it need not open anything."""

    base: str = "https://crossings.invalid"
    course: str = "Crossings"
    language: str = "en"

    def activity(self, *parts: str) -> str:
        return "/".join([self.base.rstrip("/"), *(quote(p, safe="") for p in parts)])


@dataclass(frozen=True)
class Attempt:
    """One submission as it stands: who, which assignment, which version, when (ISO 8601, UTC).

    `folder` is where the assignment's address lies. `name` is told only where names are wanted. A
    `group` is a team or a room that acted as one.
    """

    student: str
    assignment: str
    title: str
    version: str
    at: str
    folder: str = "assignments"
    name: str = ""
    group: bool = False


@dataclass(frozen=True)
class Chosen:
    """Something chosen, sorted or written outside of an item: a referral, a vote, an act.

    `kind` is xAPI's (`choice`, `matching`, `long-fill-in`); without one it is a plain act. `part`
    says which it is within the assignment; `most` is 0 where nothing is scored.
    """

    part: str
    name: str
    kind: str
    response: str
    choices: tuple[tuple[str, str], ...] = ()
    right: tuple[str, ...] = ()
    points: float = 0
    most: float = 0
    success: bool | None = None


@dataclass(frozen=True)
class Reply:
    """One question of an attempt. `points` is None while a person has to mark it."""

    item: Item
    response: Mapping[str, Any]
    points: float | None
    score: Score


def answered(place: Place, attempt: Attempt, reply: Reply) -> Statement:
    """The trainee answered a question."""
    item = reply.item
    result: dict[str, Any] = {}
    if said := response_text(item, reply.response, reply.score):
        result["response"] = said  # an empty value is no valid statement
    if reply.points is not None:
        result["score"] = _score(reply.points, item.points)
        result["success"] = reply.points >= item.points - 1e-9
    sure = reply.response.get("sure")
    if isinstance(sure, str) and sure:
        result["extensions"] = {place.activity("extensions", "sure"): sure}
    about = _activity(place.activity("items", item.id), _question(place, item))
    return _statement(place, attempt, "answered", about, result, item.id, within=True)


def chosen(place: Place, attempt: Attempt, what: Chosen) -> Statement:
    """The trainee, or a team, chose or did something."""
    result: dict[str, Any] = {}
    if what.response:
        result["response"] = what.response[:MOST_TEXT]
    if what.most:
        result["score"] = _score(what.points, what.most)
    if what.success is not None:
        result["success"] = what.success
    definition: dict[str, Any] = {
        "type": _TYPES["question" if what.kind else "act"],
        "name": {place.language: what.name},
    }
    if what.kind:
        definition["interactionType"] = what.kind
    if what.kind == "choice" and what.choices:
        definition["choices"] = [
            {"id": name, "description": {place.language: text}} for name, text in what.choices
        ]
        if what.right:
            definition["correctResponsesPattern"] = list(what.right)
    about = _activity(place.activity(attempt.folder, attempt.assignment, what.part), definition)
    verb = "answered" if what.kind else "interacted"
    return _statement(place, attempt, verb, about, result, what.part, within=True)


def completed(
    place: Place, attempt: Attempt, points: float, most: float, passed: bool | None = None
) -> Statement:
    """The trainee completed an assignment; with `passed`, that they passed or failed it."""
    verb = "completed" if passed is None else ("passed" if passed else "failed")
    result: dict[str, Any] = {"score": _score(points, most), "completion": True}
    if passed is not None:
        result["success"] = passed
    definition = {"type": _TYPES["assignment"], "name": {place.language: attempt.title}}
    about = _activity(place.activity(attempt.folder, attempt.assignment), definition)
    return _statement(place, attempt, verb, about, result, "")


def lines(statements: Iterable[Statement]) -> str:
    """One statement a line, as record stores take them in."""
    return "".join(json.dumps(s, ensure_ascii=False, sort_keys=True) + "\n" for s in statements)


def _statement(
    place: Place,
    attempt: Attempt,
    verb: str,
    about: dict[str, Any],
    result: dict[str, Any],
    part: str,
    within: bool = False,
) -> Statement:
    course = {
        "id": place.activity("course"),
        "definition": {"type": _TYPES["course"], "name": {place.language: place.course}},
    }
    made: Statement = {
        "actor": {
            "objectType": "Group" if attempt.group else "Agent",
            "account": {"homePage": place.base, "name": attempt.student},
        },
        "verb": {"id": _VERBS[verb], "display": {"en": verb}},
        "object": about,
        "result": result,
        "context": {
            "platform": "Crossings",
            "language": place.language,
            "contextActivities": {"grouping": [course]},
        },
        "timestamp": attempt.at,
    }
    if attempt.name:
        made["actor"]["name"] = attempt.name
    said = [attempt.version, part, json.dumps(made, sort_keys=True, ensure_ascii=False)]
    if within:  # no part of the id, which stores may hold already
        parent = {"id": place.activity(attempt.folder, attempt.assignment)}
        made["context"]["contextActivities"]["parent"] = [parent]
    return {"id": str(uuid.uuid5(_SPACE, "\n".join(said))), "version": "1.0.3"} | made


def _activity(identity: str, definition: dict[str, Any]) -> dict[str, Any]:
    return {"objectType": "Activity", "id": identity, "definition": definition}


def _score(points: float, most: float) -> dict[str, float]:
    """Points over the most (extra credit) are kept as raw points; a scaled score ends at 1."""
    return {
        "raw": round(points, 4),
        "min": 0,
        "max": round(max(most, points), 4),
        "scaled": round(min(1.0, points / most), 4) if most else 0,
    }


def _question(place: Place, item: Item) -> dict[str, Any]:
    kind = _INTERACTIONS[item.kind]
    made: dict[str, Any] = {
        "type": _TYPES["question"],
        "name": {place.language: item.id},
        "description": {place.language: item.stem},
        "interactionType": kind,
    }
    parts = [{"id": o.id, "description": {place.language: o.text}} for o in item.options]
    if kind in ("choice", "sequencing"):
        made["choices"] = parts
    if kind == "matching":
        made["source"] = parts
        made["target"] = [
            {"id": t.id, "description": {place.language: t.text}} for t in item.targets
        ]
    if not item.reserved and (pattern := _pattern(item)):
        made["correctResponsesPattern"] = pattern
    return made


def _pattern(item: Item) -> list[str]:
    """The key in the words of xAPI; [] where there is none."""
    if item.kind == "number" and item.answer is not None:
        return [f"{item.answer - item.tolerance:g}[:]{item.answer + item.tolerance:g}"]
    if item.kind == "short":
        return list(item.accept)
    if item.kind in ("single", "multiple", "hotspot"):
        return ["[,]".join(o.id for o in item.options if o.correct)]
    if item.kind == "order":
        return ["[,]".join(o.id for o in item.options)]
    if item.kind in ("match", "grid"):
        return ["[,]".join(f"{o.id}[.]{o.target}" for o in item.options)]
    return []


def response_text(item: Item, response: Mapping[str, Any], result: Score) -> str:
    """A response in the words of xAPI; "" for one that is empty or damaged."""
    if result.status in ("empty", "malformed"):
        return ""
    if item.kind == "single":
        return str(response["choice"])
    if item.kind in ("multiple", "hotspot"):
        return "[,]".join(o.id for o in item.options if o.id in response["choices"])
    if item.kind == "order":
        return "[,]".join(response["order"])
    if item.kind in ("match", "grid"):
        pairs = response["pairs"]
        return "[,]".join(f"{o.id}[.]{pairs[o.id]}" for o in item.options if o.id in pairs)
    if item.kind == "number":
        return str(response["number"])
    return str(response["text"])[:MOST_TEXT]
