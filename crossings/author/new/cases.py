"""A new case: ten stops that can be played at once, with every kind of stop in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crossings.author.new.course import surroundings
from crossings.author.new.made import Made, filled, made, write_new
from crossings.author.new.names import checked, quoted, title_of
from crossings.curriculum.model import Module
from crossings.curriculum.problem import relative


def new_case(root: Path, id_: str, module_name: str | None, title: str | None = None) -> Made:
    """Write `modules/<module>/cases/<id>.yml`.

    Raises:
        NewError: where the id or the module is not right, or nothing can be written.
    """
    checked("case", id_, ())
    around = surroundings(root)
    module = around.module(module_name)
    folder = module.path / "cases"
    checked("case", id_, {p.stem for p in folder.glob("*.yml")})
    text = filled(
        "case.yml",
        id=id_,
        title=quoted(title or title_of(id_)),
        objectives=module.file.objectives[:2],
        all_objectives=module.file.objectives,
        cite=around.cites_of(module)[0],
    )
    path = folder / f"{id_}.yml"
    write_new({path: text}, root)
    put = f"Put it in the chapter that teaches its objectives:\n{_fence('case', id_)}"
    places = "".join(f"\n     {line}" for line in _taught(module, root))
    return made(
        (path,), path, (f"See it while you write:  ./course preview {id_}", _CHECK, put + places)
    )


def _taught(module: Module, root: Path) -> Iterator[str]:
    """For each objective, the first chapter that names it."""
    for objective in module.file.objectives:
        for chapter in module.chapters:
            if objective.id in chapter.targets("objectives"):
                yield f"{objective.id}: {relative(chapter.path, root)}"
                break


_CHECK = "See what is missing:     ./course check"


def _fence(directive: str, argument: str) -> str:
    """The lines of a directive in a chapter."""
    return f"```{{{directive}}} {argument}\n```"
