"""One line of the ledger, and how it hangs on the line before. Pure: no files, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

import rfc8785

Kind = Literal[
    "roster",
    "release",
    "mark",
    "override",
    "feedback",
    "regrade-request",
    "regrade-answer",
    "award",
    "revocation",
    "rebuild",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
GENESIS = "0" * 64
"""The hash that the first entry names as the one before it."""


@dataclass(frozen=True)
class Points:
    """The points of one question after the entry. `by` is auto, person or nobody (yet).

    `grade_id` is the question's name: with the notebook's before it where that is not called as
    the assignment is (`part-2/count`), as ids of cells are unique within a notebook only.
    """

    grade_id: str
    points: float
    max: float
    by: str


@dataclass(frozen=True)
class Draft:
    """What somebody wants to put down; the ledger adds place, time and hashes.

    `data` holds what only this kind has: the gradebook's state of the submission after a mark or
    an override, the cells of a release, the text of a request. `who` is a trainee's id, a
    trainer's name, or the program.
    """

    kind: Kind
    assignment: str = ""
    student: str = ""
    submission_sha256: str = ""
    assignment_version: str = ""
    runner_version: str = ""
    lock_sha256: str = ""
    outcome: str = ""
    reason: str = ""
    rules: str = ""
    tests: tuple[Points, ...] = ()
    who: str = "crossings"
    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry(Draft):
    """A line of the ledger. `at` is UTC; `hash` is over everything else in RFC 8785's form."""

    seq: int = 0
    at: str = ""
    prev_hash: str = GENESIS
    hash: str = ""

    @property
    def state(self) -> dict[str, Any] | None:
        """The gradebook's state of the submission after this entry, where it has one."""
        found = self.data.get("state")
        return dict(found) if found is not None else None

    @property
    def points(self) -> float:
        return round(sum(test.points for test in self.tests), 4)


def sealed(draft: Draft, seq: int, at: str, prev_hash: str) -> tuple[Entry, bytes]:
    """`draft` as the entry after the one with `prev_hash`, and the bytes its hash is taken over.

    Raises:
        ValueError: when `draft` holds what JSON cannot: NaN, huge integers, lone surrogates.
    """
    content = asdict(draft) | {"seq": seq, "at": at, "prev_hash": prev_hash}
    body = rfc8785.dumps(content)
    return parsed(content, hashlib.sha256(body).hexdigest()), body


def parsed(content: Mapping[str, Any], found_hash: str) -> Entry:
    """An entry from its stored content.

    Raises:
        TypeError, KeyError: when the content has not the shape of an entry.
    """
    names = {f.name for f in fields(Entry)} - {"hash", "tests"}
    tests = tuple(Points(**test) for test in content["tests"])
    return Entry(**{n: content[n] for n in names}, tests=tests, hash=found_hash)
