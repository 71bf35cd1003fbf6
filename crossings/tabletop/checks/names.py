"""Names: every role, milestone and form that is named is declared, and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from crossings.cases.checks.problem import CaseProblem, Path, unknown
from crossings.tabletop.language import RESERVED
from crossings.tabletop.model import EVERYBODY, Tabletop, To


def problems(table: Tabletop) -> Iterator[CaseProblem]:
    yield from _injects(table)
    yield from _milestones(table)
    yield from _actions_and_forms(table)
    yield from _repeated(table)
    if int(table.starts_at[:2]) > 23:
        yield CaseProblem(
            ("starts_at",), "there is no such time", "use 00:00 to 23:59", "start-time"
        )


def _injects(table: Tabletop) -> Iterator[CaseProblem]:
    for n, inject in enumerate(table.injects):
        at: Path = ("injects", n)
        yield from _receivers(table, (*at, "to"), inject.to)
        yield from _known((*at, "asks"), "form", inject.asks, table.forms)
        yield from _known((*at, "meets"), "milestone", inject.meets, table.milestones)
        yield from _known((*at, "undoes"), "milestone", inject.undoes, table.milestones)
        silence = inject.silence
        if silence is None:
            continue
        told = [silence.told] if silence.of is None else [silence.told, silence.of]
        yield from _known((*at, "silence"), "role", told, table.roles)
        if silence.told == silence.of:
            hint = "name another role in `of`, or leave it out"
            message = f"`{silence.told}` cannot tell itself: the silence is certain"
            yield CaseProblem((*at, "silence"), message, hint, "silent-by-itself")


def _milestones(table: Tabletop) -> Iterator[CaseProblem]:
    for name, milestone in table.milestones.items():
        if name in RESERVED:
            hint = "give the milestone another name"
            message = f"`{name}` is a word of the language of conditions"
            yield CaseProblem(("milestones", name), message, hint, "reserved-name")
        yield from _known(("milestones", name, "roles"), "role", milestone.roles, table.roles)


def _actions_and_forms(table: Tabletop) -> Iterator[CaseProblem]:
    for name, action in table.actions.items():
        at: Path = ("actions", name)
        yield from _known((*at, "roles"), "role", action.roles, table.roles)
        yield from _known((*at, "meets"), "milestone", action.meets, table.milestones)
        yield from _known((*at, "undoes"), "milestone", action.undoes, table.milestones)
        for both in sorted(set(action.meets) & set(action.undoes)):
            message = f"`{both}` is met and undone by the same action"
            yield CaseProblem((*at, "undoes"), message, "keep one of the two", "meets-and-undoes")
    for name, form in table.forms.items():
        there: Path = ("forms", name)
        yield from _known((*there, "roles"), "role", form.roles, table.roles)
        yield from _receivers(table, (*there, "to"), form.to)
        yield from _known((*there, "meets"), "milestone", form.meets, table.milestones)
        if form.to != EVERYBODY and set(form.to) <= set(form.roles) and len(form.roles) == 1:
            hint = "name who reads it in `to`"
            message = "nobody but who files it gets this form"
            yield CaseProblem((*there, "to"), message, hint, "form-to-nobody")


def _repeated(table: Tabletop) -> Iterator[CaseProblem]:
    """Ids that stand twice in one list, where only the first would count."""
    lists: list[tuple[Path, list[str]]] = [(("injects",), [i.id for i in table.injects])]
    for name, form in table.forms.items():
        lists.append((("forms", name, "fields"), [f.id for f in form.fields]))
        for n, field in enumerate(form.fields):
            at: Path = ("forms", name, "fields", n, "options")
            lists.append((at, [o.id for o in field.options]))
    for path, ids in lists:
        for repeated in (i for i, times in Counter(ids).items() if times > 1):
            places = [n for n, name in enumerate(ids) if name == repeated]
            message = f"`{repeated}` is there twice"
            yield CaseProblem((*path, places[1]), message, "give each its own id", "repeated-id")


def _receivers(table: Tabletop, path: Path, to: To) -> Iterator[CaseProblem]:
    if to != EVERYBODY:
        yield from _known(path, "role", to, table.roles)


def _known(
    path: Path, what: str, names: Iterable[str], declared: Collection[str]
) -> Iterator[CaseProblem]:
    return (unknown(path, what, name, declared) for name in names if name not in declared)
