"""The feedback of one trainee as a page: what, why, what to read again, what was asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossings.grading import pages, trainees
from crossings.grading.awards import issue
from crossings.grading.ledger import Ledger, LedgerError, regrade
from crossings.grading.standing import standing
from crossings.grading.words import Words
from crossings.workspace import Workspace

_STANDING = {
    "shown": ("shown", "✓"),
    "partly": ("partly", "◐"),
    "not yet": ("not_yet", "○"),
    "too few questions": ("few", "–"),
}
_SENT_BY_PAGE = ("sending", "sent", "failed", "offline")


@dataclass(frozen=True)
class Shown:
    """How somebody stands with one objective, over everything of theirs that is marked."""

    text: str
    word: str
    sign: str
    points: float
    most: float
    read: tuple[dict[str, str], ...]


def feedback_page(workspace: Workspace, found: Mapping[str, Any], words: Words, nonce: str) -> str:
    """`found` is what `feedback.by_code` gives; only scripts that carry `nonce` run in it."""
    student = str(found.get("student", ""))
    try:
        asked = regrade.of_student(workspace, student) if student else {}
        with Ledger(workspace) as ledger:
            awards = issue.issued(ledger, student) if student else []
    except LedgerError:
        asked, awards = {}, []  # the marks are still worth showing
    trainee = trainees.find(workspace, student)
    entries = [
        _entry({**entry, "id": name, "thread": _thread(entry, asked.get(name, []), words)}, words)
        for name, entry in found["assignments"].items()
    ]
    code = trainee.code if trainee else ""
    said = {name: str(words(f"ask.{name}")) for name in _SENT_BY_PAGE}
    data = {"code": code, "limit": regrade.MAX_TEXT, "words": said}
    return pages.render(
        "feedback.html",
        t=words,
        nonce=nonce,
        name=found["name"],
        code=code,
        standings=standings(entries),
        awards=[one for one in awards if code],
        assignments=entries,
        limit=regrade.MAX_TEXT,
        data=data,
    )


def standings(entries: list[dict[str, Any]]) -> list[Shown]:
    """Every objective that was asked about; those to work on first."""
    total: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for name, about in entry["objectives"].items():
            there = total.setdefault(name, {**about, "points": 0, "max_points": 0, "questions": 0})
            for part in ("points", "max_points", "questions"):
                there[part] += about[part]
    found = [(about, _stands(about)) for about in total.values()]
    order = list(_STANDING)
    found.sort(key=lambda pair: -order.index(pair[1]) if pair[1] != order[-1] else 1)
    return [
        Shown(
            about["text"],
            *_STANDING[stands],
            about["points"],
            about["max_points"],
            () if _full(about) or stands == "shown" else tuple(about["read"]),
        )
        for about, stands in found
    ]


def _stands(about: Mapping[str, Any]) -> str:
    return standing(about["points"] / about["max_points"], about["questions"])


def _full(about: Mapping[str, Any]) -> bool:
    return bool(about["points"] >= about["max_points"] - 1e-9)


def _entry(entry: dict[str, Any], words: Words) -> dict[str, Any]:
    """An entry with what to read again beside each question that was not right, and with what
    our own code said in the reader's language."""
    aims = entry.get("objectives", {})
    questions = [
        {
            **q,
            "read": _read_again(q, aims),
            "message": words.told(q["message"], q["message"]),
            "levels": [_level(one, words) for one in q.get("levels", ())],
        }
        for q in entry["questions"]
    ]
    reason = words.told(entry["reason"])
    return {**entry, "objectives": aims, "questions": questions, "reason": reason}


def _level(level: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A level that was reached; without a rubric its words are ours, not the course's."""
    told = {name: _ours(level[name], words) for name in ("looked_for", "text")}
    following = level["next"]
    if following is not None:
        following = {**following, "text": _ours(following["text"], words)}
    return {**level, **told, "next": following}


def _ours(text: str, words: Words) -> dict[str, Any]:
    translated = words.told(text)
    return {"text": translated or text, "ours": bool(translated)}


def _read_again(question: Mapping[str, Any], aims: Mapping[str, Any]) -> list[dict[str, str]]:
    if question["status"] not in ("wrong", "partly", "empty"):
        return []
    named = [aims[name] for name in question.get("objectives", ()) if name in aims]
    by_page = {r["page"]: r for about in named for r in about["read"]}
    return list(by_page.values())


def _thread(
    entry: Mapping[str, Any], asked: list[regrade.Request], words: Words
) -> list[dict[str, Any]]:
    numbers = {q.get("cell"): n for n, q in enumerate(entry["questions"], 1)}
    return [
        {
            "about": numbers.get(r.question),
            "at": r.at,
            "text": r.text,
            "answers": [
                {"at": a.at, "text": a.text, "said": _said(a.decision, words)} for a in r.answers
            ],
        }
        for r in asked
    ]


def _said(decision: str, words: Words) -> str:
    return words(f"ask.{decision}") if decision in ("changed", "stays") else ""
