"""Promises: salted, slow hashes of right answers, so that a test can be run and not read.

`checks.json` beside the notebook holds one hash for each check, in no order that means anything;
what trainees get has none of hidden checks. Who has the file can try answers with it: some dozens
a second on one core. That keeps a long number or a table secret, and keeps nothing secret that has
few possible values (yes or no, a count under some thousands). `docs/formats/check.md` says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FILE = "checks.json"
VERSION = 1
MAX_FILE = 200_000
COST = 2**14
"""scrypt's N: 16 MB and some 0.03 to 0.05 seconds an answer."""


def digest(salt: str, name: str, written: str) -> str:
    message = f"{name}\0{written}".encode("utf-8", "surrogatepass")
    return hashlib.scrypt(message, salt=salt.encode(), n=COST, r=8, p=1, dklen=24).hex()


def document(salt: str, digests: Iterable[str], readable: Iterable[str]) -> dict[str, Any]:
    """`readable`: the promises of checks that stand in the released notebook."""
    return {
        "version": VERSION,
        "salt": salt,
        "promises": sorted(digests),
        "readable": sorted(readable),
    }


def keep_readable(folder: Path) -> None:
    """Leave in a released folder only what trainees can use: no promise of a hidden check."""
    found = load(folder)
    if found is None:
        return
    path, left = folder / FILE, found.get("readable")
    path.unlink()  # nbgrader may have made it read-only
    if left:
        kept = {"version": VERSION, "salt": found["salt"], "promises": left}
        path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8", newline="\n")


def load(folder: Path) -> dict[str, Any] | None:
    """The promises beside the notebook; None where there are none that can be read."""
    path = folder / FILE
    try:
        if path.stat().st_size > MAX_FILE:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("version") != VERSION:
        return None
    fits = isinstance(found.get("salt"), str) and isinstance(found.get("promises"), list)
    return found if fits else None


def kept(promises: dict[str, Any], name: str, candidates: Iterable[str]) -> bool:
    """Whether one of the written forms is among the promised ones."""
    known = {str(one) for one in promises["promises"]}
    return any(digest(promises["salt"], name, written) in known for written in candidates)
