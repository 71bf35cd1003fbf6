"""The comment bank of a question: sentences that markers use again, in a file that people edit.

grading/comments/<assignment>/<cell>.yml                a list of texts
grading/comments/<assignment>/<notebook>/<cell>.yml     where the notebook has another name
"""

from __future__ import annotations

import contextlib
import re
import secrets
from pathlib import Path
from urllib.parse import quote

import yaml

from crossings.curriculum import named
from crossings.grading import durable
from crossings.grading.people.log import MarkingLog
from crossings.workspace import Workspace

KEYS = "abdefghijklmopqrstvwxy"
"""The letter of each comment, in order; c, n, u and z do something else on the desk."""
LONGEST = 1_000
_HEAD = (
    "# Comments for this question, one text a line that starts with `- `. The desk adds to it.\n"
)


class CommentsError(Exception):
    """The comments cannot be read or saved; the message says why and what to do."""


def file_of(workspace: Workspace, assignment: str, question: str) -> Path:
    """Where the comments of the question called so lie (see `curriculum/named.py`)."""
    place = workspace.gradebook.parent / "comments" / assignment
    notebook, cell = named.place(assignment, question)
    if notebook != assignment:
        place /= quote(notebook, safe=" ")
    name = re.sub(r"[^A-Za-z0-9_-]", "_", cell)
    return place / f"{name}.yml"


def read(path: Path) -> list[str]:
    """The comments in the file; none where there is no file.

    Raises:
        CommentsError: when somebody left a mistake in the file.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = f"{path}:{line + 1}" if line is not None else str(path)
        raise CommentsError(f"{place}: not valid YAML. Put texts with `: ` in quotes.") from None
    except OSError as error:
        raise CommentsError(f"{path} cannot be read: {error.strerror}.") from None
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise CommentsError(f"{path}: it must be a list of texts. Start each line with `- `.")
    return found


def add(workspace: Workspace, log: MarkingLog, assignment: str, cell: str, text: str) -> list[str]:
    """Add a comment at the end, once; returns all.

    Raises:
        CommentsError: when there is nothing to add, no letter left, or the file refuses.
    """
    plain = " ".join(text.split())
    if not plain:
        raise CommentsError("Write the comment first; then it can be kept for others.")
    if len(plain) > LONGEST:
        raise CommentsError(f"A comment for the bank has at most {LONGEST} characters.")
    path = file_of(workspace, assignment, cell)
    with log.alone():
        known = read(path)
        if plain in known:
            return known
        if len(known) >= len(KEYS):
            raise CommentsError(f"The bank is full. Take some out of {path}.")
        _write(path, [*known, plain])
        return [*known, plain]


def _write(path: Path, texts: list[str]) -> None:
    body = yaml.safe_dump(texts, allow_unicode=True, width=100, default_flow_style=False)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(fresh, (_HEAD + body).encode("utf-8"))
        fresh.replace(path)
        durable.sync(path.parent)
    except OSError as error:
        raise CommentsError(f"Not saved in {path}: {error.strerror}.") from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
