"""Variables and variants: each is used; a variable is read somewhere and written somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from crossings.cases.checks.names import variants_used
from crossings.cases.checks.parts import effects, guards
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.guard import GuardError, names, parse
from crossings.cases.model import Case


def problems(case: Case) -> Iterator[CaseProblem]:
    read = _read(case)
    written = {
        name
        for _, effect in effects(case)
        for change in (effect.set, effect.add, effect.tag, effect.untag)
        for name in change or {}
    }
    for name, variable in case.variables.items():
        if name not in read and not variable.visible:
            hint = "use it in a guard, make it visible, or remove it"
            yield CaseProblem(
                ("variables", name), f"`{name}` is never read", hint, "variable-unread"
            )
        if name not in written:
            hint = "change it in an effect, or remove it"
            yield CaseProblem(
                ("variables", name), f"`{name}` is never written", hint, "variable-unwritten"
            )
    used = {name for _, name in variants_used(case)}
    for name in case.variants:
        if name not in used:
            hint = f"write {{{name}}} in a text, or remove it"
            yield CaseProblem(
                ("variants", name), f"the variant `{name}` is never used", hint, "variant-unused"
            )


def _read(case: Case) -> set[str]:
    read = {case.debrief.signs} if case.debrief.signs else set()
    for _, text in guards(case):
        try:
            leaves = names(parse(text))
        except GuardError:
            continue
        read |= {leaf[2] if leaf[0] == "cmp" else leaf[1] for leaf in leaves if leaf[0] in _READS}
    return read


_READS = ("is", "cmp", "has")
