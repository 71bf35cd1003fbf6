"""`course new …`, `course preview`, `course schema`. No logic: each command calls one room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from crossings.terminal.says import fail, out
from crossings.workspace import ROOT

if TYPE_CHECKING:
    from crossings.author.new import Made

new = typer.Typer(
    help="Start a case, a module or an item: files that work at once and say what to write.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ModuleOption = Annotated[
    str | None, typer.Option("--module", metavar="MODULE", help="The module's folder name.")
]
TitleOption = Annotated[str | None, typer.Option("--title", help="The title; else made of the id.")]


@new.command()
def case(
    id_: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    module: ModuleOption = None,
    title: TitleOption = None,
) -> None:
    """A playable case of ten stops, every kind of stop in it.

    Example: ./course new case a-phone-at-the-gate --module trafficking-identification
    """
    from crossings.author.new import NewError
    from crossings.author.new.cases import new_case

    try:
        _say(new_case(ROOT, id_, module, title))
    except NewError as error:
        _stop(error)


@new.command("module")
def module_(
    id_: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    title: TitleOption = None,
) -> None:
    """A module: plan, a chapter, items, glossary, drills, its line in _toc.yml.

    Example: ./course new module asylum-at-the-border --title "Asylum at the border"
    """
    from crossings.author.new import NewError
    from crossings.author.new.modules import new_module

    try:
        _say(new_module(ROOT, id_, title))
    except NewError as error:
        _stop(error)


@new.command()
def item(
    id_: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="single, multiple, order, match, grid, hotspot, number, short or text.",
        ),
    ],
    module: ModuleOption = None,
    use: Annotated[
        str | None,
        typer.Option("--use", help="practice, pretest, posttest, drill or worksheet."),
    ] = None,
) -> None:
    """A question at the end of a module's items.yml.

    Example: ./course new item refer-7 --module trafficking-identification --kind single
    """
    from crossings.author.new import NewError
    from crossings.author.new.items import new_item

    try:
        _say(new_item(ROOT, id_, module, kind, use))
    except NewError as error:
        _stop(error)


def _say(made: Made) -> None:
    from crossings.curriculum.problem import relative

    def say(text: str) -> None:
        out.print(text, markup=False, soft_wrap=True)

    say("Written:")
    for path in made.files:
        say(f"  {relative(path, ROOT)}")
    say("\nWhat to do next:")
    start = f"{relative(made.start, ROOT)}:{made.line}"
    steps = [f"Write the {made.texts} lines that say TODO; begin at {start}", *made.then]
    for number, step in enumerate(steps, start=1):
        say(f"  {number}. {step}")


def _stop(error: Exception) -> NoReturn:
    fail(str(error))


def preview(
    page: Annotated[
        str | None,
        typer.Argument(
            metavar="[PAGE|CASE]",
            help="A case, a chapter (module/chapter) or a file; nothing lists all.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8400,
) -> None:
    """See a case or a chapter while you write it: drawn again at each save.

    Example: ./course preview night-crew-at-north-quay
    """
    from crossings.author.preview.serving import NoPortError, serve
    from crossings.author.preview.target import TargetError, find_target

    try:
        target = find_target(ROOT, page, Path.cwd())
    except TargetError as error:
        _stop(error)

    def ready(address: str) -> None:
        what = target.name or "everything"
        out.print(f"Preview of {what}: {address}{target.path}", markup=False, soft_wrap=True)
        out.print("Write and save; the page follows. Ctrl-C ends it.", markup=False)

    try:
        serve(ROOT, port, ready)
    except KeyboardInterrupt:
        out.print("\nThe preview has ended.")
    except NoPortError as error:
        _stop(error)


def schema(
    folder: Annotated[
        Path | None,
        typer.Option("--out", help="Where to write; else docs/formats/schema."),
    ] = None,
) -> None:
    """Write JSON Schemas of all author's files, for editors.

    Example: ./course schema
    """
    from crossings.author.schema import write

    target = folder.expanduser() if folder else ROOT / "docs" / "formats" / "schema"
    try:
        written = write(target)
    except OSError as error:
        fail(f"cannot write to {error.filename or target}: {error.strerror}")
    out.print(f"{len(written)} schemas are in {target}.", markup=False, soft_wrap=True)
