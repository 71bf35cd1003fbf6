"""Reading author's files, with the line of everything, so that a problem can name its place."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from crossings.curriculum.explained import CURLY, explained
from crossings.curriculum.problem import Place, Problem, relative

Model = TypeVar("Model", bound=BaseModel)
Where = tuple[str | int, ...]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader in C, where PyYAML has it: about eight times as fast."""


@dataclass(frozen=True)
class Document:
    """A YAML file as data, with the line and column where each value, or its key, stands."""

    path: Path
    data: Any
    marks: dict[Where, tuple[int, int]] = field(default_factory=dict)

    def mark(self, where: Where) -> tuple[int, int]:
        """Line and column of the value at `where`; parts that the file does not have are passed
        over (pydantic adds the names of union members), so the nearest outer value answers."""
        best: Where = ()
        for part in where:
            if (*best, part) in self.marks:
                best = (*best, part)
        return self.marks.get(best, (1, 1))

    def place(self, root: Path, where: Where) -> Place:
        """File, line and column of the value at `where`."""
        return Place(relative(self.path, root), *self.mark(where))


class _Duplicate(yaml.YAMLError):
    def __init__(self, key: yaml.Node) -> None:
        super().__init__(f"`{key.value}` is given twice")
        self.line, self.column = _at(key)


def read_yaml(path: Path, root: Path) -> tuple[Document | None, list[Problem]]:
    """The document in `path`, or the problems that keep it from being read."""
    name = relative(path, root)
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=LOADER)
        if node is None:
            return None, [Problem(name, 1, "the file is empty", "see docs/formats for its shape")]
        return Document(path, _data(node), dict(_marks(node, ()))), []
    except FileNotFoundError:
        return None, [Problem(name, 0, "the file is missing", "create it, or take its name out")]
    except UnicodeDecodeError:
        return None, [Problem(name, 0, "the file is not UTF-8", "save it with the encoding UTF-8")]
    except _Duplicate as twice:
        return None, [Problem(name, twice.line, str(twice), "keep one of the two", twice.column)]
    except yaml.YAMLError as error:
        return None, [_unreadable(name, error, text)]


def _unreadable(name: str, error: yaml.YAMLError, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    what = getattr(error, "problem", None) or "cannot be read"
    hint = "check the indentation, and put texts with `: ` or `#` in quotes or after `>-`"
    # The reader stops where it is lost: the text that misled it may stand a line above.
    near = "".join(text.splitlines()[max(0, line - 2) : line])
    if "“" in near or "”" in near:
        hint += f". {CURLY}"
    return Problem(name, line, f"not valid YAML: {what}", hint, column)


def _at(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _data(node: yaml.Node) -> Any:
    """The data of a composed node: what `safe_load` would read a second time."""
    return yaml.constructor.SafeConstructor().construct_document(node)


def _marks(node: yaml.Node, where: Where) -> Iterator[tuple[Where, tuple[int, int]]]:
    yield where, _at(node)
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _marks(child, (*where, index))
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            if key.value in seen:
                raise _Duplicate(key)
            seen.add(key.value)
            yield from _marks(child, (*where, key.value))
            yield (*where, key.value), _at(key)


def validated(
    document: Document, model: type[Model], root: Path, where: Where = ()
) -> tuple[Model | None, list[Problem]]:
    """`document` (or its part at `where`) as a `model`, or its problems with their lines."""
    data = document.data
    for part in where:
        data = data[part]
    try:
        return TypeAdapter(model).validate_python(data), []
    except ValidationError as error:
        return None, [
            Problem.at(document.place(root, (*where, *loc)), message, hint)
            for loc, message, hint in explained(error.errors(include_url=False), data)
        ]


def read_table(path: Path, root: Path) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """The rows of a CSV file with their line numbers, or the problems that keep it unread."""
    name = relative(path, root)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, restkey="_more", restval=None)
            rows: list[tuple[int, dict[str, str]]] = []
            problems: list[Problem] = []
            before = 1
            for row in reader:
                line, before = before + 1, reader.line_num
                if "_more" in row or None in row.values():
                    problems.append(
                        Problem(
                            name,
                            line,
                            "the row has too many or too few fields",
                            "put a text that holds a comma in double quotes",
                        )
                    )
                    continue
                rows.append((line, {k: (v or "").strip() for k, v in row.items()}))
            return rows, problems
    except FileNotFoundError:
        return [], [Problem(name, 0, "the file is missing", "restore it from the repository")]
    except UnicodeDecodeError:
        return [], [Problem(name, 0, "the file is not UTF-8", "save it with the encoding UTF-8")]
    except csv.Error as error:
        return [], [Problem(name, 0, f"not a CSV file: {error}", "save it as CSV, comma separated")]


def rows_as(
    path: Path, model: type[Model], root: Path, key: str, lists: tuple[str, ...] = ()
) -> tuple[dict[str, Model], dict[str, int], list[Problem]]:
    """The rows of a CSV file as `model` by `key`, the line of each, and the problems.

    Columns in `lists` hold several values with `;` between them.
    """
    rows, problems = read_table(path, root)
    found: dict[str, Model] = {}
    lines: dict[str, int] = {}
    name = relative(path, root)
    for line, row in rows:
        data: dict[str, Any] = dict(row)
        for column in lists:
            data[column] = tuple(p.strip() for p in row.get(column, "").split(";") if p.strip())
        try:
            value = TypeAdapter(model).validate_python(data)
        except ValidationError as error:
            errors = error.errors(include_url=False)
            problems.extend(
                Problem(name, line, message, hint) for _, message, hint in explained(errors, data)
            )
            continue
        identity = str(row.get(key, ""))
        if identity in found:
            problems.append(Problem(name, line, f"`{identity}` is in the table twice", "keep one"))
        found[identity], lines[identity] = value, line
    return found, lines, problems
