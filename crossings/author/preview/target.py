"""What the author wants to see: a case or a chapter, by any name that people use for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from crossings.curriculum.cases import references
from crossings.curriculum.problem import nearest

_FOLDERS = ("book/*.md", "modules/*/*.md")


class TargetError(Exception):
    """There is no such page, or more than one; the message says what to do."""


@dataclass(frozen=True)
class Target:
    """A case (`name` is `module/id`), a page (`name` as Sphinx knows it), or the list of both."""

    kind: Literal["case", "page", "list"]
    name: str = ""

    @property
    def path(self) -> str:
        """Where the preview shows it."""
        if self.kind == "case":
            return f"/case/{self.name}"
        return f"/{self.name}.html" if self.kind == "page" else "/"


def pages(root: Path) -> tuple[str, ...]:
    """Every page of the book that is written by hand, as Sphinx knows it."""
    found = (p for pattern in _FOLDERS for p in root.glob(pattern))
    return tuple(sorted(p.relative_to(root).with_suffix("").as_posix() for p in found))


def find_target(root: Path, name: str | None, here: Path) -> Target:
    """The case or page called `name`: an id, `module/id`, or a file, also seen from the folder
    `here`. Nothing means the list of everything.

    Raises:
        TargetError: where nothing, or more than one thing, is called so.
    """
    if not name:
        return Target("list")
    known = _known(root)
    wanted = _file(root, name, here) or PurePosixPath(name.replace("\\", "/")).as_posix()
    found = [t for t, names in known.items() if wanted in names]
    if len(found) == 1:
        return found[0]
    if found:
        either = " or ".join(f"`{t.name}`" for t in found)
        raise TargetError(f"{len(found)} things are called `{name}`: say {either}")
    every = sorted({n for names in known.values() for n in names if "." not in n})
    raise TargetError(f"no case or page `{name}`: {nearest(name, every)}")


def _known(root: Path) -> dict[Target, frozenset[str]]:
    """Everything that can be shown, with its names."""
    known: dict[Target, frozenset[str]] = {}
    for reference in references(root):
        module, id_ = reference.split("/")
        file = f"modules/{module}/cases/{id_}"
        known[Target("case", reference)] = frozenset({reference, id_, file, f"{file}.yml"})
    for page in pages(root):
        short = page.removeprefix("modules/")
        names = {page, short, page.rsplit("/", 1)[1]}
        known[Target("page", page)] = frozenset(names | {f"{n}.md" for n in names})
    return known


def _file(root: Path, name: str, here: Path) -> str | None:
    """`name` as a file of the course, seen from `here` or from the root."""
    for folder in (here, root):
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(root.resolve()):
            return path.relative_to(root.resolve()).as_posix()
    return None
