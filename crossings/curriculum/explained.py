"""A mistake of form in plain words: pydantic speaks of tuples and counts from 0, authors do not.

What has an id is called by it (`options.wait-outside.cites`), what has none by its place (`2nd`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from crossings.curriculum.problem import nearest

Where = tuple[str | int, ...]
CURLY = 'YAML knows straight quotes only: type "…", not “…”'
PAIR = "write two parts in brackets, as in `[Name, Ana]` or `[40, 100]`"
FEW = 40
"""Characters of a value that a message repeats."""

_ID = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
_FORMS = {
    _ID: "small letters, digits and single hyphens, as in `the-boy`",
    r"^[a-z][a-z0-9_]*$": "small letters, digits and underscores, as in `boss_alerted`",
    r"^[a-z][a-z0-9_-]*$": "small letters, digits, hyphens and underscores",
    r"^[0-2][0-9]:[0-5][0-9]$": 'a time such as `"05:10"`, in quotes',
}
_PLAIN = {
    "str": "a text", "constrained-str": "a text", "int": "a whole number", "bool": "true or false",
    "tuple": "a list", "list": "a list", "dict": "lines `name: value`",
}  # fmt: skip
_TYPES = {
    "bool_parsing": "bool", "bool_type": "bool", "int_parsing": "int", "int_type": "int",
    "int_from_float": "int", "string_type": "str", "tuple_type": "tuple", "list_type": "tuple",
    "dict_type": "dict", "model_type": "dict", "model_attributes_type": "dict",
}  # fmt: skip


def explained(errors: Iterable[Mapping[str, Any]], data: Any) -> Iterator[tuple[Where, str, str]]:
    """Place, sentence and hint of each of pydantic's `errors` about `data`; one for one mistake."""
    for error in _spelt(list(_united([*errors]))):
        inner = error["type"] in ("extra_forbidden", "misspelt", "missing")
        where = error["loc"] if inner else _whole(error["loc"])
        place = _called(where, data)
        message, hint = _words(error)
        value = error.get("input")
        if isinstance(value, str) and value.startswith(("“", "”")):
            hint = CURLY
        yield where, f"`{place}`: {message}" if place else message, hint


def _united(errors: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Where a value may have several types, pydantic complains once for each: one is enough. A list
    is not too short because a part of it is broken."""
    groups: dict[Where, list[Mapping[str, Any]]] = {}
    for error in errors:
        loc = error["loc"]
        inner = (e["loc"] for e in errors if e["loc"] != loc)
        if error["type"] == "too_short" and any(i[: len(loc)] == loc for i in inner):
            continue
        groups.setdefault(_whole(error["loc"]), []).append(error)
    for where, group in groups.items():
        near = [e for e in group if _whole(e["loc"]) == e["loc"] or e["type"] not in _TYPES]
        near = near or group
        if len(near) == len(group) > 1 and all(e["type"] in _TYPES for e in group):
            wanted = dict.fromkeys(_PLAIN[_TYPES[e["type"]]] for e in group)
            yield {**group[0], "loc": where, "type": "types", "msg": " or ".join(wanted)}
        else:
            yield from near


def _spelt(errors: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """A misspelt field is one mistake: what is missing is what was meant."""
    missing = {e["loc"]: str(e["loc"][-1]) for e in errors if e["type"] == "missing"}
    meant: dict[Where, str] = {}
    for error in errors:
        loc = error["loc"]
        if error["type"] == "extra_forbidden":
            beside = [name for at, name in missing.items() if at[:-1] == loc[:-1]]
            for name in get_close_matches(str(loc[-1]), beside, n=1):
                meant[loc] = name
    told = {(*loc[:-1], name) for loc, name in meant.items()}
    for error in errors:
        loc = error["loc"]
        if loc in meant:
            yield {**error, "type": "misspelt", "msg": meant[loc]}
        elif not (error["type"] == "missing" and loc in told):
            yield error


def _whole(loc: Where) -> Where:
    """The place of the value of which one type was tried: `to.tuple[Branch, ...]` is `to`."""
    for n, part in enumerate(loc):
        if isinstance(part, str) and (part in _PLAIN or part.startswith(("tuple[", "list["))):
            return loc[:n]
    return loc


def _called(where: Where, data: Any) -> str:
    """The place in an author's words. Parts that the file does not have (the names that pydantic
    gives to the members of a union) are left out; the last may be what is missing."""
    names: list[str] = []
    at = data
    for n, part in enumerate(where):
        if isinstance(at, Mapping) and part in at:
            at = at[part]
            names.append(str(part))
        elif isinstance(at, (list, tuple)) and isinstance(part, int):
            at = at[part] if part < len(at) else None
            names.append(_own(at) or _place(part + 1))
        elif n == len(where) - 1 and part != "[key]" and "[" not in str(part):
            names.append(str(part))
    return ".".join(names)


def _own(value: Any) -> str:
    """The id of a part of a list; a find goes by its evidence."""
    if not isinstance(value, Mapping):
        return ""
    return next((v for k in ("id", "evidence") if isinstance(v := value.get(k), str)), "")


def _place(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else endings.get(number % 10, 'th')}"


def _words(error: Mapping[str, Any]) -> tuple[str, str]:
    kind, value, told = error["type"], error.get("input"), error.get("ctx") or {}
    pair = bool(error["loc"]) and isinstance(error["loc"][-1], int)
    if kind == "extra_forbidden":
        return "there is no such field", "check the spelling; docs/formats lists the fields"
    if kind == "misspelt":
        return "there is no such field", f"did you mean `{error['msg']}`?"
    if kind == "missing":
        if pair:
            return "is missing", PAIR
        return "is missing", "add it; docs/formats shows an example"
    if kind == "union_tag_invalid":
        known = re.findall(r"'([^']+)'", told["expected_tags"])
        return f"there is no kind `{told['tag']}`", nearest(str(told["tag"]), known)
    if kind == "union_tag_not_found":
        return "`kind` is missing", "add it; docs/formats shows an example"
    if kind == "types":
        return f"should be {error['msg']}", "docs/formats shows an example"
    if kind in ("too_long", "too_short"):
        return _counted(kind, value, told)
    if kind == "string_pattern_mismatch" and told.get("pattern") in _FORMS:
        return f"`{_short(value)}` should be {_FORMS[told['pattern']]}", ""
    if kind == "string_too_short":
        return "is empty", "write a text, or take the line out"
    if kind in _TYPES:
        return _typed(_TYPES[kind], value, pair)
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{message[:1].lower()}{message[1:]}", ""


def _typed(wanted: str, value: Any, pair: bool) -> tuple[str, str]:
    if wanted == "tuple":
        if pair:
            return "should be two parts in brackets", PAIR
        if isinstance(value, (str, int)) and not isinstance(value, bool) and len(str(value)) < FEW:
            return f"write it as a list: `[{value}]`", ""
        return "should be a list", "begin each line with `- `, or write it in brackets: `[a, b]`"
    if wanted == "str":
        if value is None:
            return "is empty", "write a text, or take the line out"
        if isinstance(value, (list, tuple)):
            return "should be one text, not a list", "put a text that begins with `[` in quotes"
        if isinstance(value, Mapping):
            return "should be one text", "put a text that holds `: ` in quotes or after `>-`"
        return "should be a text", 'put it in quotes: `"…"`'
    return f"should be {_PLAIN[wanted]}", "docs/formats shows an example"


def _counted(kind: str, value: Any, told: Mapping[str, Any]) -> tuple[str, str]:
    """A list that is too long or too short, for the most part one that a comma cut."""
    limit, bound = ("at most", "max_length") if kind == "too_long" else ("at least", "min_length")
    count = told.get("actual_length") or len(value)
    message = f"has {count} part{'' if count == 1 else 's'}, {limit} {told[bound]} may stand here"
    if kind == "too_short":
        return message.replace("may stand", "must stand"), "docs/formats shows an example"
    if any(sign in str(part) for part in value for sign in "“”"):
        return message, f"a comma ends a part. {CURLY}"
    return message, 'a comma ends a part: put a text that holds one in quotes, `"…, …"`'


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) < FEW else text[: FEW - 1] + "…"
