"""`course law`: the law register for somebody who looks for a rule to cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from crossings.terminal.says import fail, out
from crossings.workspace import ROOT

if TYPE_CHECKING:
    from crossings.curriculum.model import Course, Provision

FEW = 6
"""So many rules are shown with their text; of more, one reads the titles first."""


def law(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORDS", help="All of them must stand in a rule.", show_default=False
        ),
    ] = None,
    theme: Annotated[str | None, typer.Option("--theme", help="Only rules of this theme.")] = None,
    list_themes: Annotated[bool, typer.Option("--themes", help="List the themes.")] = False,
) -> None:
    """Find a rule in the law register, with its id for `cites`.

    Example: ./course law passport keep --theme labour
    """
    from crossings.curriculum import read
    from crossings.curriculum.problem import nearest
    from crossings.curriculum.register import find_provisions, themes

    course, _ = read(ROOT)
    if course is None or not course.law:
        fail("the law register cannot be read; run ./course check")
    known = themes(course)
    if list_themes:
        for name, count in known.items():
            out.print(f"{count:5}  {name}", markup=False)
        return
    if theme is not None and theme not in known:
        fail(f"no theme `{theme}`: {nearest(theme, known)} `./course law --themes` lists all.")
    if not words and theme is None:
        fail("say what the rule is about, for example: ./course law passport. Or: --themes")
    found = find_provisions(course, words or (), theme)
    if not found:
        fail(_nothing(course, words or [], theme))
    for provision in found:
        _show(course, provision, len(found) <= FEW)
    rules = "1 rule" if len(found) == 1 else f"{len(found)} rules"
    out.print(f"{rules}. Write the id under `cites`; say in your text whom it binds.", markup=False)


def _nothing(course: Course, words: list[str], theme: str | None) -> str:
    from crossings.curriculum.register import found_alone

    where = f" under the theme `{theme}`" if theme else ""
    if len(words) == 1:
        more = "; leave --theme away" if theme else ""
        return f"no rule holds `{words[0]}`{where}. Try another word or its beginning{more}"
    alone = ", ".join(
        f"`{word}` {count}" for word, count in found_alone(course, words, theme).items()
    )
    return f"no rule holds all of these words{where}; alone they are found so often: {alone}"


def _show(course: Course, provision: Provision, whole: bool) -> None:
    instrument = course.instruments.get(provision.instrument)
    short = instrument.short if instrument else provision.instrument
    out.print(Text.assemble((provision.id, "bold"), f"  {provision.title}"), soft_wrap=True)
    reading = f"; reading of {provision.author}" if provision.author else ""
    facts = (
        f"{provision.article}, {short} ({provision.force}{reading})",
        f"binds: {provision.binds}",
        f"{provision.confidence}; theme: {provision.theme}",
    )
    for fact in (provision.paraphrase, *facts) if whole else facts:
        out.print(Padding(Text(fact), (0, 0, 0, 4)))
