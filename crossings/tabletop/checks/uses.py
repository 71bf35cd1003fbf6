"""Uses: forms that nothing asks for, branches that make no difference."""

from __future__ import annotations

from collections.abc import Iterator

from crossings.cases.checks.problem import CaseProblem
from crossings.tabletop.language import Ast, GuardError, guards, names, parse
from crossings.tabletop.model import Tabletop


def problems(table: Tabletop) -> Iterator[CaseProblem]:
    asked = {(leaf[0], str(leaf[1])) for leaf in _leaves(table)}
    called_for = {form for inject in table.injects for form in inject.asks}
    for name, form in table.forms.items():
        if name not in called_for and not form.meets and ("filed", name) not in asked:
            hint = "name it in `asks` of an inject, let it meet a milestone, or take it out"
            message = f"the form `{name}` is never used"
            yield CaseProblem(("forms", name), message, hint, "form-unused", "warning")
    for name in table.branches:
        if ("chose", name) not in asked:
            hint = f"ask `chose {name}.…` in the `when` of an inject, or take the branch out"
            message = f"the branch `{name}` makes no difference"
            yield CaseProblem(("branches", name), message, hint, "branch-unread", "warning")


def _leaves(table: Tabletop) -> Iterator[Ast]:
    for _, text in guards(table):
        try:
            yield from names(parse(text))
        except GuardError:
            continue
