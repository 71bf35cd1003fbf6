"""Is the ledger what it was? Every changed, missing, added or moved line is named."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import rfc8785

from crossings.grading import durable
from crossings.grading.ledger.entry import GENESIS, parsed
from crossings.grading.ledger.store import Ledger, LedgerError


@dataclass(frozen=True)
class Verified:
    """What was found; `problems` is empty where the chain is whole."""

    count: int
    head: str
    problems: tuple[str, ...] = ()


def verify(ledger: Ledger, noted: str = "") -> Verified:
    """Check every entry against its hash and the one before it, and the end against the note.

    The note beside the ledger shows a cut-off end. Who can write both files can forge both: a
    hash that a person wrote down elsewhere shows that, given as `noted`.
    """
    damage = ledger.damage()
    problems = [f"the file is damaged: {damage}"] if damage else []
    before, count, hashes = GENESIS, 0, {0: GENESIS}
    try:
        for row in ledger.rows():
            count += 1
            problems += _wrong(row, count, before)
            before = str(row[5])
            hashes[_number(row[0])] = before
    except (LedgerError, durable.NotSavedError) as error:
        problems.append(str(error))
    problems += _end(ledger, hashes)
    if noted and noted not in hashes.values():
        problems.append(
            f"no entry has the hash {noted[:16]}… that you noted: "
            "the ledger was replaced or cut since"
        )
    return Verified(count, before, tuple(problems))


def _number(value: Any) -> int:
    return value if isinstance(value, int) else -1


def _wrong(row: tuple[Any, ...], place: int, before: str) -> list[str]:
    seq, kind, assignment, student, body, found = row
    name = f"entry {seq}"
    if seq != place:
        return [f"{name} stands where entry {place} should: entries are missing or were moved"]
    try:
        raw = body.encode("utf-8") if isinstance(body, str) else bytes(body)
        content = json.loads(raw)
        entry = parsed(content, str(found))
        plain = rfc8785.dumps(content)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return [f"{name} cannot be read: it was changed"]
    if hashlib.sha256(raw).hexdigest() != found or plain != raw:
        return [f"{name} was changed after it was written"]
    if entry.prev_hash != before:
        return [f"{name} does not follow the entry before it: one was changed, removed or moved"]
    if (entry.seq, entry.kind, entry.assignment, entry.student) != (
        seq,
        kind,
        assignment,
        student,
    ):
        return [f"{name} is filed under another name than it has"]
    return []


def _end(ledger: Ledger, hashes: dict[int, str]) -> list[str]:
    head = durable.read_json(ledger.head)
    if head is None:
        if len(hashes) == 1 and not ledger.head.exists():
            return []
        return [f"{ledger.head.name} is missing or unreadable: a cut-off end would not be seen"]
    seq = head.get("seq")
    if not isinstance(seq, int) or seq not in hashes:
        return [f"the end is cut off: there was an entry {seq}, and the last is {max(hashes)}"]
    if hashes[seq] != head.get("hash"):
        return [f"entry {seq} is not the one that was noted when it was written"]
    return []
