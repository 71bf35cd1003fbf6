"""Whose a submission is. Nobody is guessed at: a name fits one trainee exactly, or is reported."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crossings.grading import trainees
from crossings.grading.sources.handed import Handed, SourceError
from crossings.workspace import Workspace

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,126}")
_CLOSE = 80


@dataclass(frozen=True)
class Found:
    """The student, or why there is none."""

    student: str = ""
    why: str = ""


@dataclass(frozen=True)
class People:
    """Everybody known: by id, and by name as one would compare names."""

    ids: Mapping[str, str] = field(default_factory=dict)
    """Each id with the name, "" where none is known."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Who was made a trainee by an earlier `--add-unknown`, by the key of that act."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """What the trainer's list says, by name or id as written there."""

    def find(self, handed: Handed) -> Found:
        """Whose `handed` is."""
        for asked in (handed.label, handed.who, handed.key):
            if asked and same(asked) in self.chosen:
                return Found(self.chosen[same(asked)])
        if _key(handed) in self.keys:
            return Found(self.keys[_key(handed)])
        if handed.who in self.ids:
            return Found(handed.who)
        if handed.is_id:
            if is_id(handed.who):
                return Found(handed.who)
            return Found(why="this is no id that can be used")
        named = [i for i, name in self.ids.items() if name and same(name) == same(handed.who)]
        if len(named) == 1:
            return Found(named[0])
        if named:
            return Found(why=f"several trainees have this name: {', '.join(sorted(named))}")
        return Found(why=f"nobody has this name{self._like(handed.who)}")

    def _like(self, who: str) -> str:
        """Whom it may be, for the trainer to decide."""
        from rapidfuzz import fuzz, process

        named = {i: same(name or i) for i, name in self.ids.items()}
        close = process.extract(
            same(who), named, scorer=fuzz.token_sort_ratio, limit=2, score_cutoff=_CLOSE
        )
        ids = " or ".join(identity for _, _, identity in close)
        return f"; is it {ids}?" if ids else ""


def is_id(text: str) -> bool:
    """Whether nbgrader and every file system can use `text` as a student's id."""
    return bool(_ID.fullmatch(text)) and ".." not in text


def same(name: str) -> str:
    """A name in the form in which two spellings of it are equal: case and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def known(workspace: Workspace, chosen: Mapping[str, str]) -> People:
    """The trainees of the learner site, and the students of the gradebook."""
    ids: dict[str, str] = {}
    if workspace.gradebook.is_file():
        from crossings.grading import gradebook
        from crossings.grading.ledger import state

        with gradebook.opened(workspace) as book:
            for student, values in state.students(book).items():
                names = (values["first_name"], values["last_name"])
                ids[student] = " ".join(filter(None, names))
    everyone = trainees.everyone(workspace)
    ids |= {trainee.student: trainee.name for trainee in everyone}
    return People(ids, {trainee.key: trainee.student for trainee in everyone}, chosen)


def list_in(path: Path) -> dict[str, str]:
    """The trainer's list of who is who: a CSV with the columns `name` and `student`.

    Raises:
        SourceError: when it is no such list.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path} cannot be read: {error}") from None
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        name, student = (str(row.get(c) or "").strip() for c in ("name", "student"))
        if not name or not is_id(student):
            raise SourceError(
                f"{path}, line {number}: there must be a name and a student id "
                "(columns `name` and `student`)."
            )
        if found.setdefault(same(name), student) != student:
            raise SourceError(f"{path}, line {number}: `{name}` stands there for two students.")
    return found


def _act(handed: Handed) -> str:
    return f"brought/{handed.key}/{trainees.tidy_name(handed.who)}"


def _key(handed: Handed) -> str:
    return hashlib.sha256(_act(handed).encode("utf-8", "replace")).hexdigest()


def add_all(workspace: Workspace, unknown: Iterable[Handed]) -> dict[str, str]:
    """Make trainees of submitters whom nobody knows; their ids by label."""
    made = {}
    for handed in unknown:
        name = trainees.tidy_name(handed.who)
        if not name:
            continue
        # The same download taken again finds the same trainee.
        trainee = trainees.arrive(workspace, name, "", "", _act(handed))
        made[handed.label] = trainee.student
    return made
