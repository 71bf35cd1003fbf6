"""The two doors of this room: a Twee file as the draft of a case, a case as a Twee file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from crossings.cases.guard import GuardError
from crossings.cases.model import Case
from crossings.exchange.draft import as_yaml
from crossings.exchange.files import read_bytes
from crossings.exchange.report import ExchangeError, told
from crossings.exchange.twine import read, twee, write

MOST_BYTES = 2 * 1024 * 1024
"""A novel has one megabyte; a larger file is no case."""


@dataclass(frozen=True)
class Converted:
    """`text` is the file to write; `lines` say what it does not hold."""

    id: str
    text: str
    lines: tuple[str, ...]
    nodes: int = 0


def case_from_twee(path: Path) -> Converted:
    """The draft of a case that the story in `path` gives, as YAML that loads.

    Raises:
        ExchangeError: when the file cannot be read or its story cannot become a case.
    """
    try:
        text = read_bytes(path, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ExchangeError(f"{path} is not UTF-8 text: save it with the encoding UTF-8") from None
    if text.lstrip()[:1] == "<":
        hint = "in Twine choose Build, Export As Twee"
        raise ExchangeError(f"{path} is HTML, not Twee: {hint}, and import that file")
    try:
        story, losses = twee.parse(text)
        draft = read.draft(story)
        case = Case.model_validate(draft.case)
    except ExchangeError as error:
        raise ExchangeError(f"{path}: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"{path}: the story cannot become a case: `{where}`: {first['msg']}"
        raise ExchangeError(message) from None
    lines = tuple(told([*losses, *draft.losses]))
    heading = (
        f"Draft, imported from the Twine story in {path.name}. Replace each TODO; `./course check` "
        "names them. docs/formats/exchange.md says what Twine cannot hold."
    )
    return Converted(case.id, as_yaml(draft.case, heading, _listed(lines)), lines, len(case.nodes))


def _listed(lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["Not carried over:", *found] if found else []


def case_to_twee(case: Case) -> Converted:
    """`case` as a Twee 3 file in SugarCube's format.

    Raises:
        ExchangeError: when the case cannot be told in Twine.
    """
    try:
        story, losses = write.story(case)
    except GuardError as error:
        raise ExchangeError(f"case `{case.id}`: {error}; run ./course check") from None
    return Converted(case.id, twee.write(story), tuple(told(losses)), len(case.nodes))
