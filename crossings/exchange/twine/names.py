"""Names of Twine (anything) as names of a case (ids, variables), each its own."""

from __future__ import annotations

import re
import unicodedata

_GUARD_WORDS = {"and", "or", "not", "has", "seen", "asked", "chose", "visited", "fired", "clock"}


def slug(text: str, most: int = 60) -> str:
    """Small letters, digits and single hyphens; never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-") or "passage"


def tag(text: str) -> str:
    """A tag of a set variable: as it is where it can be one."""
    if re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", text):
        return text
    plain = slug(text, 38)
    return plain if plain[0].isalpha() else f"t-{plain}"


class Names:
    """Hands out names: the same one for the same thing, a new one for a new thing."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def id(self, thing: str, wish: str | None = None) -> str:
        return self._one(thing, slug(wish or thing), "-")

    def variable(self, thing: str) -> str:
        plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", thing).lower()
        plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36] or "value"
        plain = plain if plain[0].isalpha() else f"v_{plain}"
        return self._one(thing, f"{plain}_" if plain in _GUARD_WORDS else plain, "_")

    def _one(self, thing: str, wish: str, joint: str) -> str:
        if thing not in self._given:
            name, n = wish, 2
            while name in self._taken:
                name, n = f"{wish[:54]}{joint}{n}", n + 1
            self._taken.add(name)
            self._given[thing] = name
        return self._given[thing]
