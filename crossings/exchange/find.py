"""The case or the module that somebody names on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from crossings.cases.model import Case
from crossings.curriculum.load import read
from crossings.curriculum.model import Course, Module
from crossings.curriculum.problem import Problem, nearest
from crossings.exchange.report import ExchangeError


def course(root: Path) -> tuple[Course, Sequence[Problem]]:
    """The course under `root` as far as it can be read: a draft elsewhere in it stops no export.

    Raises:
        ExchangeError: when there is no course.
    """
    found, problems = read(root)
    if found is None:
        raise ExchangeError(str(problems[0]) if problems else f"no course in {root}")
    return found, problems


def module(root: Path, name: str) -> tuple[Course, Module]:
    """The module `name`. Raises ExchangeError, with names that are near."""
    whole, problems = course(root)
    if name not in whole.modules:
        raise ExchangeError(f"no module `{name}`: {_near(name, whole.modules, problems)}")
    return whole, whole.modules[name]


def case(root: Path, name: str) -> tuple[Course, str, Case]:
    """The case `module/id`, or `id` alone where one module has it, and its full reference.

    Raises:
        ExchangeError: when there is none, or more than one.
    """
    whole, problems = course(root)
    refs = {f"{m.id}/{c}": m.cases[c] for m in whole.modules.values() for c in m.cases}
    fits = [ref for ref in refs if name in (ref, ref.partition("/")[2])]
    if len(fits) > 1:
        raise ExchangeError(f"more than one case `{name}`: write {' or '.join(fits)}")
    if not fits:
        known = refs if "/" in name else [ref.partition("/")[2] for ref in refs]
        raise ExchangeError(f"no case `{name}`: {_near(name, known, problems)}")
    return whole, fits[0], refs[fits[0]]


def _near(name: str, known: Iterable[str], problems: Sequence[Problem]) -> str:
    hint = nearest(name, known)
    broken = f"; {len(problems)} problem(s) keep others from loading: ./course check"
    return f"{hint}{broken if problems else ''}"
