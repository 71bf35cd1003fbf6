"""`course case import|export` and `course items import|export`: to and from other systems.

No logic: each command calls `crossings.exchange` and prints what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from crossings.terminal import case as cases
from crossings.terminal.says import fail, out
from crossings.workspace import ROOT

items = typer.Typer(
    help="How good the items are; items to and from other systems.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]
ModuleOption = Annotated[str, typer.Option("--module", help="Id of the module it is for.")]


@contextmanager
def _told() -> Iterator[None]:
    """A mistake is one message and exit code 2."""
    from crossings.exchange.report import ExchangeError

    try:
        yield
    except ExchangeError as error:
        fail(str(error))


def _report(what: str, lines: Sequence[str], heading: str) -> None:
    out.print(what, markup=False, soft_wrap=True)
    if lines:
        out.print(f"{heading} ({len(lines)}):", markup=False)
    for line in lines:
        out.print(f"- {line}", markup=False, soft_wrap=True)


LOST = "Not carried over, or only in part"


@cases.app.command("import")
def case_import(
    file: Annotated[Path, typer.Argument(help="A story in Twee 3 notation.")],
    module: ModuleOption,
    to: Annotated[Path | None, typer.Option("--out", help="Write the draft here.")] = None,
    force: Force = False,
) -> None:
    """Make the draft of a case from a Twine story; print what was not carried over.

    Example: ./course case import story.twee --module trafficking-identification
    """
    from crossings.exchange import files, find
    from crossings.exchange.twine.convert import case_from_twee

    with _told():
        _, owner = find.module(ROOT, module)
        made = case_from_twee(file)
        path = to or owner.path / "cases" / f"{made.id}.yml"
        files.write_new(path, made.text, force)
    what = f"Draft with {made.nodes} nodes: {path}. Replace each TODO, then run ./course check."
    _report(what, made.lines, LOST)


@cases.app.command("export")
def case_export(
    case: Annotated[str, typer.Argument(help="module/id, or the id alone.")],
    form: Annotated[str, typer.Option("--to", help="twee or html.")],
    to: Annotated[Path | None, typer.Option("--out", help="Write here.")] = None,
    force: Force = False,
) -> None:
    """Write a case as a Twine story, or as one HTML file that plays offline.

    Example: ./course case export night-crew-at-north-quay --to html
    """
    from crossings.exchange import files, find, standalone
    from crossings.exchange.report import ExchangeError
    from crossings.exchange.twine.convert import case_to_twee

    with _told():
        course, ref, found = find.case(ROOT, case)
        lines: Sequence[str] = ()
        if form == "twee":
            made = case_to_twee(found)
            text, lines = made.text, made.lines
        elif form == "html":
            text = standalone.case_page(course, ref)
        else:
            raise ExchangeError(f"no format `{form}`: choose twee or html")
        path = to or Path(f"{found.id}.{form}")
        files.write_new(path, text, force)
    _report(f"Written: {path}", lines, LOST)


@items.command("export")
def items_export(
    module: Annotated[str, typer.Argument(help="Id of the module.")],
    form: Annotated[str, typer.Option("--to", help="qti or html.")],
    to: Annotated[Path | None, typer.Argument(metavar="OUT", help="Write here.")] = None,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Worksheet items with their keys, too (qti).")
    ] = False,
    force: Force = False,
) -> None:
    """Write the items of a module as a QTI 3 package, or its practice items as one HTML file.

    Example: ./course items export trafficking-identification --to qti items.zip
    """
    from crossings.exchange import files, find, standalone
    from crossings.exchange.qti import package
    from crossings.exchange.report import ExchangeError, told

    with _told():
        course, owner = find.module(ROOT, module)
        lines: Sequence[str] = ()
        if form == "qti":
            made = package.build(course, owner, with_keys)
            data: str | bytes = made.data
            lines = told(made.losses)
        elif form == "html":
            data = standalone.quiz_page(course, owner)
        else:
            raise ExchangeError(f"no format `{form}`: choose qti or html")
        path = to or Path(f"{module}.{'zip' if form == 'qti' else 'html'}")
        files.write_new(path, data, force)
    _report(f"Written: {path}", lines, LOST)


@items.command("import")
def items_import(
    file: Annotated[Path, typer.Argument(help="A QTI 3 package (.zip) or item (.xml).")],
    module: ModuleOption,
    to: Annotated[Path, typer.Option("--out", help="Write the drafts here.")],
    force: Force = False,
) -> None:
    """Make drafts of items from QTI 3; print, item by item, what was not carried over.

    Example: ./course items import bank.zip --module trafficking-identification --out new-items.yml
    """
    from crossings.exchange import files, find
    from crossings.exchange.qti import drafts
    from crossings.exchange.report import told

    with _told():
        _, owner = find.module(ROOT, module)
        made = drafts.items_from(file, owner)
        for name, data in made.pictures.items():
            files.write_new(to.parent / "pictures" / name, data, force)
        files.write_new(to, made.text, force)
    what = f"Drafts of {made.count} item(s): {to}. Replace each TODO, then put them in items.yml."
    _report(what, told(made.losses), LOST)
