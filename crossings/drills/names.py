"""Names that people type, and codes that people copy from a screen."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection
from functools import lru_cache

LONGEST = 40
_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"
"""No vowels (a code is never a word), nothing that looks like a digit."""


def cleaned(name: object) -> str:
    """`name` on one line, without control or invisible characters, at most 40 characters."""
    if not isinstance(name, str):
        return ""
    text = unicodedata.normalize("NFC", name[:400])
    text = "".join(c if _visible(c) else " " for c in text)
    return " ".join(text.split())[:LONGEST].strip()


def _visible(char: str) -> bool:
    # Cf holds joiners that Arabic, Persian and Indic names need, and the marks that turn the
    # direction of a whole line: only the two joiners stay.
    if char in "\u200c\u200d":
        return True
    return not unicodedata.category(char).startswith("C")


def unique(name: str, taken: Collection[str]) -> str:
    """`name`, with a number after it when somebody in the room has it or one that looks like it."""
    used = {folded(t) for t in taken}
    if folded(name) not in used:
        return name
    number = 2
    while True:
        suffix = f" ({number})"
        candidate = name[: LONGEST - len(suffix)].rstrip() + suffix
        if folded(candidate) not in used:
            return candidate
        number += 1


@lru_cache(maxsize=8192)
def folded(name: str) -> str:
    """What two names that a reader takes for one another have in common.

    Case, accents, spaces and marks do not count, and letters of other scripts or digits that look
    like Latin letters are those. Two people whose names differ in that alone get a number, which
    does no harm.
    """
    text = unicodedata.normalize("NFKD", name).casefold().translate(_LOOKALIKE)
    kept = "".join(c for c in text if c.isalnum())
    return kept or text


_LOOKALIKE = str.maketrans(
    "0156$@|lаеорсухіјѕвнкмтԁԛԝһαεορυικντηχ",
    "oisgsaiiaeopcyxijsbhkmtdqwhaeopuikvtnx",
)
"""Digits, Cyrillic and Greek letters that pass for Latin ones (the short list: of names, not of
addresses)."""

_LEADS = frozenset(
    folded(word)
    for word in (
        "trainer", "teacher", "instructor", "facilitator", "moderator", "admin", "administrator",
        "host", "system", "crossings", "the trainer", "your trainer", "co-trainer", "cotrainer",
    )
)  # fmt: skip


def claims_to_lead(name: str) -> bool:
    """Whether a name would let somebody pass for who leads the drill."""
    return folded(name) in _LEADS


def new_code(length: int, taken: Collection[str] = ()) -> str:
    """A random code that is not `taken`."""
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(length))
        if code not in taken:
            return code


def typed_code(code: object) -> str:
    """A code as it was meant: people type lower case, spaces and hyphens."""
    if not isinstance(code, str):
        return ""
    return "".join(c for c in code[:40].upper() if c.isalnum())[:12]
