"""A new case: ten stops that can be played at once, with every kind of stop in them."""

from __future__ import annotations

from pathlib import Path

from crossings.author.new.course import surroundings
from crossings.author.new.made import Made, filled, made, write_new
from crossings.author.new.names import checked, quoted, title_of
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
    objectives = [o.id for o in module.file.objectives][:2]
    text = filled(
        "case.yml",
        id=id_,
        title=quoted(title or title_of(id_)),
        objectives=objectives,
        cite=around.cites_of(module)[0],
    )
    path = folder / f"{id_}.yml"
    write_new({path: text}, root)
    chapter = relative(module.chapters[-1].path, root) if module.chapters else "a chapter"
    put = f"Put it in a chapter, for example at the end of {chapter}:\n{_fence('case', id_)}"
    return made((path,), path, (f"See it while you write:  ./course preview {id_}", _CHECK, put))


_CHECK = "See what is missing:     ./course check"


def _fence(directive: str, argument: str) -> str:
    """The lines of a directive in a chapter."""
    return f"```{{{directive}}} {argument}\n```"
