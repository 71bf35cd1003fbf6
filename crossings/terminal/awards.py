"""`course award`, `revoke`, `verify`: certificates on the command line. No logic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from crossings.terminal.course import DataOption, DemoOption, checked, workspace_of
from crossings.terminal.says import err, fail, out
from crossings.workspace import Workspace

if TYPE_CHECKING:
    from crossings.curriculum import Course
    from crossings.grading.awards.issue import Round
    from crossings.grading.awards.paper import Unnamed
    from crossings.grading.awards.rule import Award, Completion
    from crossings.grading.awards.verify import Verdict


def award(
    which: Annotated[
        str, typer.Argument(metavar="[ID]", help="Which award; without it, they are listed.")
    ] = "",
    student: Annotated[
        list[str] | None, typer.Option("--student", help="Only these trainees.")
    ] = None,
    look: Annotated[
        bool, typer.Option("--list", help="Show who has reached it; issue nothing.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Where to write the certificates.")
    ] = None,
    demo: DemoOption = False,
    data: DataOption = None,
) -> None:
    """Issue certificates to those who reached an award: PDF, signed badges, a list of names.

    Example: ./course award protection-at-the-border --list
    """
    from crossings.grading.awards import files, issue

    workspace = workspace_of(data, demo)
    with _told():
        course = checked()
        rule = _rule(course)
        found = rule.award(which)
        if found is None:
            _print_awards(rule, which)
            return
        if look:
            _print_standings(course, workspace, found)
            return
        made = issue.award(course, workspace, rule, found, student or None)
        _print_missing(made)
        if not made.issued:
            out.print("Nobody has reached it yet; nothing was issued.")
            return
        place = folder or files.place(workspace, found)
        written = files.write(course, rule, made, place)
    kept = len(made.issued) - len(made.fresh)
    out.print(f"{len(made.fresh)} issued now, {kept} had it already.")
    if made.older:
        err.print(
            f"{made.older} of them were signed with an earlier key: check those with the "
            "issuer.json of then, or revoke them to issue them anew.",
            markup=False,
            soft_wrap=True,
        )
    for path in written.paths:
        out.print(f"Written: {path}", markup=False, soft_wrap=True)
    _print_unnamed(written.unnamed)


def _print_unnamed(unnamed: tuple[Unnamed, ...]) -> None:
    if not unnamed:
        return
    whose = "; ".join(f"page {one.page}: {one.name} ({one.student})" for one in unnamed)
    err.print(
        f"Write these names on the paper by hand, no font here has their letters: {whose}. To have "
        "them printed, install a font that has them (for example one of the Noto family), or put "
        "it beside grading/completion.yml and name it there: issuer, font.",
        markup=False,
        soft_wrap=True,
    )


@contextmanager
def _told() -> Iterator[None]:
    """A mistake, or a disk that refuses, is one message and exit code 2."""
    from crossings.grading.awards.issue import AwardError
    from crossings.grading.awards.keys import KeyFileError
    from crossings.grading.awards.paper import PaperError
    from crossings.grading.awards.verify import NoCertificateError
    from crossings.grading.durable import NotSavedError
    from crossings.grading.ledger import LedgerError
    from crossings.grading.mark import GradeError

    try:
        yield
    except (AwardError, KeyFileError, PaperError, NoCertificateError, LedgerError, GradeError) as e:
        fail(str(e))
    except NotSavedError:
        fail("cannot write: the disk is full, or closed to us. What is in the ledger stays issued")
    except OSError as error:
        fail(f"cannot write {error.filename}: {error.strerror}")


def _rule(course: Course) -> Completion:
    from crossings.grading.awards.rule import FILE, read

    found, _ = read(course)
    if found is None:
        fail(f"there is no {FILE}: it says who gets which certificate. See docs/formats/awards.md")
    return found


def _print_awards(rule: Completion, asked: str) -> None:
    if asked:
        fail(f"no award `{asked}`: there are {', '.join(a.id for a in rule.awards)}")
    for one in rule.awards:
        needs = ", ".join(f"{n.assignment} {n.percent:g}%" for n in one.needs)
        out.print(f"{one.id}: {one.title} ({needs})", markup=False, soft_wrap=True)


def _print_standings(course: Course, workspace: Workspace, which: Award) -> None:
    from rich.table import Table

    from crossings.grading.awards.reached import standings

    table = Table("student", "name", "", "how it stands", box=None, pad_edge=False)
    found = standings(course, workspace, which)
    for one in found:
        stands = "; ".join(part.told() for part in one.parts)
        if one.collides_with:
            stands += f" (same name as {one.collides_with})"
        row = (one.student, one.name, "reached" if one.reached else "not yet", stands)
        table.add_row(*(Text(cell) for cell in row))
    out.print(table)
    out.print(f"{sum(one.reached for one in found)} of {len(found)} have reached it.")


def _print_missing(made: Round) -> None:
    for one in made.standings:
        if not one.reached:
            lacks = "; ".join(part.told() for part in one.missing)
            err.print(f"- {one.student}: not yet. {lacks}", markup=False, soft_wrap=True)


def revoke(
    certificate: Annotated[str, typer.Argument(help="Its id, from its lower edge.")],
    who: Annotated[str, typer.Option("--who", help="Your name; it stays in the ledger.")],
    why: Annotated[str, typer.Option("--why", help="The reason; it stays in the ledger.")],
    demo: DemoOption = False,
    data: DataOption = None,
) -> None:
    """Take a certificate back: it goes on the signed list that `verify` reads.

    Example: ./course revoke 0b6f0f4e-… --who "T. Rainer" --why "issued to the wrong person"
    """
    from crossings.grading.awards import issue, revoked

    workspace = workspace_of(data, demo)
    with _told():
        gone = issue.revoke(workspace, _rule(checked()), certificate, who, why)
        path = revoked.list_of(workspace)
    out.print(f"Revoked: {gone.read.award}, {gone.read.name}.", markup=False)
    out.print(f"Publish the list again: {path}", markup=False, soft_wrap=True)


def verify(
    file: Annotated[Path, typer.Argument(help="A certificate: PDF, PNG or JSON.")],
    key: Annotated[
        Path | None, typer.Option("--key", help="The academy's published key: issuer.json.")
    ] = None,
    revoked: Annotated[
        Path | None, typer.Option("--revoked", help="The academy's list: revoked.json.")
    ] = None,
    demo: DemoOption = False,
    data: DataOption = None,
) -> None:
    """Check a certificate without a network; say what was checked and what was not.

    Example: ./course verify certificate.pdf --key issuer.json --revoked revoked.json
    """
    from crossings.grading.awards import keys
    from crossings.grading.awards import revoked as lists
    from crossings.grading.awards import verify as verifying

    workspace = workspace_of(data, demo)
    key = key or _there(keys.public_of(workspace))
    revoked = revoked or _there(lists.list_of(workspace))
    with _told():
        found = verifying.verify(file, key, revoked)
    for verdict in found:
        _print_verdict(verdict)
    valid = sum(verdict.valid for verdict in found)
    if len(found) > 1:
        out.print(f"{valid} of {len(found)} certificates are valid.")
    if valid < len(found):
        raise typer.Exit(2)


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None


def _print_verdict(verdict: Verdict) -> None:
    words = {"holds": "  yes         ", "fails": "  NO          ", "not checked": "  not checked "}
    lines = ["VALID" if verdict.valid else "NOT VALID, or not shown to be"]
    if verdict.found is not None:
        read = verdict.found
        until = f", until {read.until:%d %B %Y}" if read.until else ""
        lines += [
            f"  {read.award}: awarded to {read.name}",
            f"  by {read.issuer_name}, {read.since:%d %B %Y}{until}",
            f"  {read.id}, fingerprint {verdict.fingerprint}",
        ]
    lines += [f"{words[check.result]}{check.told}" for check in verdict.checks]
    for line in lines:
        shown = "".join(c if c.isprintable() else " " for c in line)
        out.print(shown, markup=False, soft_wrap=True)
