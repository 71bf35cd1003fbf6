"""A chapter drawn by the warm Sphinx, with what `./course check` says of it."""

from __future__ import annotations

from crossings.author.preview.desk import Desk, Reader
from crossings.author.preview.drawn import Drawn, Undrawn
from crossings.author.preview.press import TOC, NotListedError, Press, PressError, Printed
from crossings.curriculum import Course, Problem
from crossings.curriculum.check import check_module


def draw_chapter(reader: Reader, press: Press, name: str) -> Drawn | Undrawn:
    """The page `name`, or what keeps it from being drawn."""
    file = f"{name}.md"
    if not (reader.root / file).is_file():
        return Undrawn(name, (Problem(file, 0, "the file is missing", "write it"),))
    desk = reader.desk()
    known = tuple(sorted(set(desk.reading.problems)))
    here = tuple(p for p in known if p.file == file)
    if here or desk.course is None:
        return Undrawn(_title(desk, name), here or known)
    try:
        printed = press.page(name, desk.course)
    except NotListedError as error:
        hint = f"add a line to one of its parts:  - file: {name}"
        return Undrawn(_title(desk, name), (Problem(TOC, 0, str(error), hint),))
    except PressError as error:
        elsewhere = tuple(p for p in known if _same_module(p, name))
        hint = "mend the other problems first; ./course build says more"
        return Undrawn(_title(desk, name), (Problem(file, 0, str(error), hint), *elsewhere))
    except OSError as error:
        hint = "the book needs _config.yml and _toc.yml; take them from the repository"
        return Undrawn(name, (Problem(str(error.filename), 0, "cannot be read", hint),))
    problems = (*printed.warnings, *_checked(desk, desk.course, name, known))
    mine = tuple(p for p in problems if p.file == file)
    others = tuple(p for p in problems if p.file != file)
    bare = bool(printed.cells) and not printed.figures
    title, left_out = _title(desk, name), _left_out(printed)
    return Drawn(title, printed.html, (*mine, *others), left_out, bare)


def _checked(
    desk: Desk, course: Course, name: str, known: tuple[Problem, ...]
) -> tuple[Problem, ...]:
    """What is said of the module that the page belongs to."""
    parts = name.split("/")
    module = course.modules.get(parts[1]) if len(parts) == 3 else None
    if module is None:
        return ()
    if known:  # as in ./course check: what concerns the whole is asked when all names resolve
        return tuple(p for p in known if _same_module(p, name))
    return tuple(sorted(check_module(course, module, desk.reading)))


def _same_module(problem: Problem, name: str) -> bool:
    return problem.file.startswith(name.rsplit("/", 1)[0] + "/")


def _title(desk: Desk, name: str) -> str:
    for module in desk.course.modules.values() if desk.course else ():
        for chapter in module.chapters:
            if name == f"modules/{module.id}/{chapter.id}":
                return chapter.title
    return name


def _left_out(printed: Printed) -> tuple[str, ...]:
    told = ["The search, and links to the learner site."]
    if printed.cells and printed.figures:
        told.insert(0, "Figures come from the last build; their code has not changed since.")
    elif printed.cells:
        what = "code cell is" if printed.cells == 1 else f"{printed.cells} code cells are"
        told.insert(0, f"The {what} not run, so figures are missing. ./course build draws them.")
    return tuple(told)
