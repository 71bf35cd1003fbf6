"""Names that authors give: checked before anything is written, near misses explained."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection

from crossings.author.new.made import NewError
from crossings.curriculum.problem import nearest

LONGEST = 60
_ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_NOT_TEXT = ("yes", "no", "on", "off", "y", "n", "true", "false", "null")
_PLAIN = re.compile(r"^[A-Za-z][\w ,.'’-]*$")


def checked(what: str, name: str, taken: Collection[str]) -> str:
    """`name`, if it can be the id of a new `what`.

    Raises:
        NewError: where it has other characters, is too long, or is taken.
    """
    if not _ID.match(name):
        like = slug(name)
        hint = f": did you mean `{like}`?" if like else ", for example `a-phone-at-the-gate`."
        rule = "an id has small letters, digits and single hyphens"
        raise NewError(f"`{name}` cannot be the id of the new {what}; {rule}{hint}")
    if len(name) > LONGEST:
        raise NewError(f"`{name}` is too long for an id: {len(name)} letters, at most {LONGEST}")
    if name in taken:
        raise NewError(
            f"the {what} `{name}` exists already; nothing was written. Choose another id"
        )
    return name


def known(what: str, name: str, names: Collection[str]) -> str:
    """`name`, if it is one of `names`.

    Raises:
        NewError: with the nearest names.
    """
    if name not in names:
        raise NewError(f"no {what} `{name}`: {nearest(name, names)}")
    return name


def slug(text: str) -> str:
    """The nearest id to what somebody typed; empty where nothing of it can stay."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:LONGEST].strip("-")


def title_of(id_: str) -> str:
    """A first title: the words of the id."""
    return id_.replace("-", " ").capitalize()


def quoted(text: str) -> str:
    """`text` as a YAML scalar; in quotes where YAML could read something else in it."""
    if _PLAIN.match(text) and text.lower() not in _NOT_TEXT:
        return text
    return json.dumps(text, ensure_ascii=False)
