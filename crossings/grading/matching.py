"""Which of the files handed in is which notebook of the assignment. Nothing is read but names.

Nothing is guessed: a file whose name fits no notebook, and two files for one notebook, are told
by their names, for the trainee to put right.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

Wanted = Mapping[str, Collection[str]]
"""The notebooks of an assignment by name, each with its grade ids; none where nobody asks."""
_COPY = re.compile(r"(?: ?\(\d{1,3}\)|-copy\d{1,3})$")
"""What browsers and JupyterLab put behind the name of a second copy."""


class BadUploadError(ValueError):
    """The file cannot be taken; the message says why, in words for a learner."""


def shown(name: str) -> str:
    """A file's name as it may stand in a sentence: one line, no signs that act."""
    plain = "".join(c if c.isprintable() else "?" for c in name)
    return plain if len(plain) <= 80 else f"{plain[:77]}…"


def told(wanted: Collection[str]) -> str:
    """The notebooks' files, in words."""
    files = [f"{name}.ipynb" for name in wanted]
    return " and ".join(filter(None, (", ".join(files[:-1]), files[-1])))


def chosen(notebooks: Sequence[str], wanted: Wanted, *, strict: bool) -> dict[str, str]:
    """The path of each notebook that is there, by name, in the order of `wanted`.

    Raises:
        BadUploadError: as `upload.files_in` says.
    """
    if not notebooks and len(wanted) > 1:
        raise BadUploadError(f"there is no notebook in it: hand in {told(wanted)}")
    if not notebooks:
        raise BadUploadError("the zip holds no notebook (a file that ends in .ipynb)")
    if len(wanted) == 1:
        name = next(iter(wanted))
        return {name: _the_one(notebooks, name)}
    return _each(notebooks, wanted, strict)


def _the_one(notebooks: Sequence[str], name: str) -> str:
    named = [path for path in notebooks if PurePosixPath(path).name == f"{name}.ipynb"]
    found = named or notebooks
    if len(found) > 1:
        raise BadUploadError(f"the zip holds several notebooks: leave only {name}.ipynb in it")
    return found[0]


def _each(notebooks: Sequence[str], wanted: Wanted, strict: bool) -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    unknown = []
    for path in notebooks:
        name = _name(PurePosixPath(path).name[: -len(".ipynb")], wanted)
        if name:
            found[name].append(path)
        else:
            unknown.append(path)
    if unknown and (strict or len(found) < len(wanted)):
        raise BadUploadError(_strange(unknown, wanted))
    return {name: _only(name, found[name], strict) for name in wanted if name in found}


def _name(stem: str, wanted: Wanted) -> str:
    """The notebook that is meant by a file's name; "" where that is not one."""
    if stem in wanted:
        return stem
    meant = [name for name in wanted if _plain(name) in (_plain(stem), _original(stem))]
    return meant[0] if len(meant) == 1 else ""


def _plain(stem: str) -> str:
    return unicodedata.normalize("NFKC", stem).casefold()


def _original(stem: str) -> str:
    return _COPY.sub("", _plain(stem))


def _only(name: str, paths: Sequence[str], strict: bool) -> str:
    exact = [path for path in paths if PurePosixPath(path).name == f"{name}.ipynb"]
    if len(paths) == 1 or (len(exact) == 1 and not strict):
        return (exact or list(paths))[0]
    files = " and ".join(shown(path) for path in paths[:3])
    raise BadUploadError(
        f"there are several files for {name}.ipynb: {files}. Leave only one of them"
    )


def _strange(unknown: Sequence[str], wanted: Wanted) -> str:
    names = [PurePosixPath(path).name for path in unknown]
    files = ", ".join(shown(name) for name in names[:3]) + (", …" if len(names) > 3 else "")
    verb = "is no notebook" if len(names) == 1 else "are no notebooks"
    likes = [like for name in names if (like := _like(name, wanted))]
    hint = f" (it has letters that only look like those of {likes[0]})" if likes else ""
    return f"{files} {verb} of this assignment{hint}: its notebooks are {told(wanted)}"


def _like(file: str, wanted: Wanted) -> str:
    """The notebook for which a name with letters of another script could be taken."""
    stem = _plain(file[: -len(".ipynb")])
    for name in () if stem.isascii() else wanted:
        other = _plain(name)
        pairs = list(zip(stem, other, strict=False))
        if len(stem) == len(other) and all(a == b or not a.isascii() for a, b in pairs):
            return f"{name}.ipynb"
    return ""


def check_questions(
    paths: Mapping[str, str], ids: Mapping[str, Collection[str]], wanted: Wanted
) -> None:
    """Refuse a notebook without its questions, or with those of another notebook.

    `paths` and `ids` are the files that were chosen and what grade ids are in them, by notebook.
    """
    for name, found in ids.items():
        if not wanted[name]:
            continue
        if not set(found) & set(wanted[name]):
            raise BadUploadError(_without_questions(paths[name], alone=len(wanted) == 1))
        other = next(_others(name, found, wanted), "")
        if other:
            raise BadUploadError(
                f"{shown(paths[name])} holds the questions of {other}.ipynb: "
                "give each file its own name again"
            )


def _without_questions(path: str, alone: bool) -> str:
    what = "this" if alone else shown(path)
    return (
        f"{what} is a notebook, but not the one of this assignment: its questions are missing. "
        "Download the notebook again, copy your work into it, and hand that in"
    )


def _others(name: str, found: Collection[str], wanted: Wanted) -> Iterator[str]:
    """Notebooks whose own questions are all in the file, where none of `name` alone is."""
    if set(found) & _alone(name, wanted):
        return
    for other in wanted:
        if other != name and (own := _alone(other, wanted)) and own <= set(found):
            yield other


def _alone(name: str, wanted: Wanted) -> set[str]:
    """The grade ids that only this notebook has."""
    others = {one for other, ids in wanted.items() if other != name for one in ids}
    return set(wanted[name]) - others
