"""A new item at the end of a module's bank; the rest of the file stays as it is, comments too."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import yaml

from crossings.author.new.course import Surroundings, surroundings
from crossings.author.new.made import Made, NewError, filled, made, replace, write_new
from crossings.author.new.names import checked, known
from crossings.curriculum.model import Module
from crossings.curriculum.pictures import FOLDER
from crossings.curriculum.problem import relative
from crossings.items.model import Kind, Use

KINDS: tuple[str, ...] = get_args(Kind)
USES: tuple[str, ...] = get_args(Use)
HEADER = """\
# yaml-language-server: $schema=../../docs/formats/schema/items.schema.json
#
# The questions of this module. Every field: docs/formats/item.md. Another one at the end of this
# file:  ./course new item ID --module {module} --kind single
"""

_WHAT = {
    "single": "one right option",
    "multiple": "every option that holds",
    "order": "put the options in order",
    "match": "give each option a partner",
    "grid": "put each option in a column",
    "hotspot": "mark places in a picture",
    "number": "type a number",
    "short": "type a few words",
    "text": "write; a person marks it",
}
_USE_NOTE = "practice, pretest, posttest, drill; or worksheet alone, which keeps the key off pages"
_PLACES = {
    "practice": "name it in the quiz of a chapter: ```{{quiz}} … {id}",
    "pretest": "name it in `tests: pre` of module.yml",
    "posttest": "name it in `tests: post` of module.yml",
    "drill": "name it in `steps` of a drill: - item: {id}",
    "worksheet": "name it in `parts` of a worksheet: - item: {id}",
}


def new_item(
    root: Path, id_: str, module_name: str | None, kind: str, use: str | None = None
) -> Made:
    """Add an item of `kind` to `modules/<module>/items.yml`, with a picture for a hotspot.

    Raises:
        NewError: where id, module, kind or use is not right, or the bank cannot be added to.
    """
    checked("item", id_, ())
    known("kind of item", kind, KINDS)
    use = known("use", use, USES) if use else "worksheet" if kind == "text" else "practice"
    around = surroundings(root)
    module = around.module(module_name)
    bank = module.path / "items.yml"
    old = _read(bank, module)
    checked("item", id_, _ids(old, bank, root))
    new = old.rstrip("\n") + "\n" + entry(around, module, id_, kind, use)
    since = old.rstrip("\n").count("\n") + 2
    _still_a_list(old, new, bank, root)
    picture = _picture(module, id_, kind)
    write_new(picture, root)
    try:
        replace(bank, new, root)
    except NewError:
        for path in picture:
            path.unlink(missing_ok=True)
        raise
    place = _PLACES[use].format(id=id_)
    then = (f"Use it: {place}", "See what is missing:  ./course check")
    return made((bank, *picture), bank, then, since)


def entry(
    around: Surroundings,
    module: Module,
    id_: str,
    kind: str,
    use: str,
    objective: str | None = None,
) -> str:
    """The text of one item, as it stands in the file."""
    return filled(
        f"items/{kind}.yml",
        id=id_,
        kind=kind,
        what=_WHAT[kind],
        objective=objective or module.file.objectives[0].id,
        cite=around.cites_of(module)[0],
        seconds=300 if kind == "text" else 60,
        use=use,
        use_note=_USE_NOTE,
    )


def _read(bank: Path, module: Module) -> str:
    try:
        return bank.read_text(encoding="utf-8")
    except FileNotFoundError:
        return HEADER.format(module=module.id)
    except (OSError, UnicodeDecodeError) as error:
        raise NewError(f"cannot read {bank.name} of `{module.id}`: {error}") from None


def _ids(text: str, bank: Path, root: Path) -> set[str]:
    """Ids in the file, also of items that are broken."""
    return {str(e["id"]) for e in _entries(text, bank, root) if isinstance(e, dict) and "id" in e}


def _entries(text: str, bank: Path, root: Path) -> list[object]:
    name = relative(bank, root)
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        raise NewError(f"{place}: not valid YAML; mend it first (./course check)") from None
    if data is None:
        return []
    if not isinstance(data, list):
        raise NewError(f"{name}: the file must be a list; mend it first (./course check)")
    return data


def _still_a_list(old: str, new: str, bank: Path, root: Path) -> None:
    """The new text holds what the old one held, and one item more."""
    before = _entries(old, bank, root)
    try:
        after = yaml.safe_load(new)
    except yaml.YAMLError:
        after = None
    if not isinstance(after, list) or after[:-1] != before:
        name = relative(bank, root)
        raise NewError(f"{name}: an entry cannot be added at its end; begin entries with `- id:`")


def _picture(module: Module, id_: str, kind: str) -> dict[Path, str]:
    path = module.path / FOLDER / f"{id_}.svg"
    return {path: filled("picture.svg")} if kind == "hotspot" and not path.exists() else {}
