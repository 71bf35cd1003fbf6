"""A new module: plan, one chapter, items, glossary, two drills, trainer's guide, and its lines in
`_toc.yml`."""

from __future__ import annotations

from pathlib import Path

from crossings.author.new.course import Surroundings, surroundings
from crossings.author.new.items import HEADER, entry
from crossings.author.new.made import Made, NewError, filled, made, write_new
from crossings.author.new.names import checked, quoted, title_of
from crossings.author.new.toc import GUIDES, add_guide, add_part, part
from crossings.curriculum.chapters import FEWEST_RULES
from crossings.curriculum.model import GUIDE, Module, ModuleFile, Objective

CHAPTER = "first-chapter"
_ITEMS = (
    ("practice-1", "single", "practice", 0),
    ("practice-2", "multiple", "practice", 1),
    ("pre-1", "single", "pretest", 0),
    ("pre-2", "single", "pretest", 1),
    ("post-1", "single", "posttest", 0),
    ("post-2", "single", "posttest", 1),
    ("drill-1", "single", "drill", 0),
    ("drill-2", "single", "drill", 1),
)
_PEOPLE = (
    ("first", "referral", "true"),
    ("second", "regular-entry", "false"),
    ("third", "regular-entry", "false"),
    ("fourth", "asylum, referral", "true"),
    ("fifth", "regular-entry", "false"),
    ("sixth", "regular-entry", "false"),
)


def new_module(root: Path, id_: str, title: str | None = None) -> Made:
    """Write the folder `modules/<id>`, and add its pages to `_toc.yml`.

    Raises:
        NewError: where the id is not right, or something cannot be written.
    """
    around = surroundings(root)
    checked("module", id_, {p.name for p in (root / "modules").glob("*") if p.is_dir()})
    if not id_[0].isalpha():
        raise NewError(f"`{id_}` cannot be the id of a module: begin with a letter")
    name = title or title_of(id_)
    prefix = _prefix(id_, {o.split("-")[0] for o in around.course.objectives})
    folder = root / "modules" / id_
    files = {folder / n: text for n, text in _texts(around, id_, name, prefix, folder).items()}
    write_new(files, root)
    chapter = folder / f"{CHAPTER}.md"
    document = f"modules/{id_}/{CHAPTER}"
    added = add_part(root, name, document)
    guide = f"modules/{id_}/{GUIDE}"
    listed = add_guide(root, guide)
    then = (
        f"See the chapter while you write:  ./course preview {id_}/{CHAPTER}",
        f"Add a case:  ./course new case ID --module {id_}; "
        f"an item:  ./course new item ID --module {id_} --kind single",
        "See what is missing:  ./course check",
        "The chapter stands in _toc.yml; move its part to where it belongs."
        if added
        else f"Add these lines to `parts` in _toc.yml:\n{part(name, document)}",
        *(() if listed else (f"Add these lines, too:\n{part(GUIDES, guide)}",)),
    )
    plan = folder / "module.yml"
    return made((plan, chapter, *(f for f in files if f not in (plan, chapter))), plan, then)


def _texts(around: Surroundings, id_: str, title: str, prefix: str, folder: Path) -> dict[str, str]:
    """The files by their names in the folder."""
    cites = around.cites
    order = max(m.file.order for m in around.course.modules.values()) + 1
    words = {
        "id": id_,
        "prefix": prefix,
        "chapter": CHAPTER,
        "order": order,
        "cite": cites[0],
        "cites": cites[:FEWEST_RULES],
        "call": _call(around),
        "people": _PEOPLE,
    }
    made_of = {
        "module.yml": "module.yml",
        f"{CHAPTER}.md": "chapter.md",
        f"{GUIDE}.md": "trainer-guide.md",
        "glossary.yml": "glossary.yml",
        "drills/quick-questions.yml": "quick-questions.yml",
        "drills/who-needs-what.yml": "who-needs-what.yml",
    }
    texts = {
        name: filled(f"module/{t}", title=title if t.endswith(".md") else quoted(title), **words)
        for name, t in made_of.items()
    }
    return texts | {"items.yml": _bank(around, id_, title, prefix, folder)}


def _bank(around: Surroundings, id_: str, title: str, prefix: str, folder: Path) -> str:
    """Items for practice, both tests and the quiz drill: each objective in each of them."""
    objectives = tuple(
        Objective(id=f"{prefix}-{n}", bloom="apply", verb="refer", text="…") for n in (1, 2)
    )
    file = ModuleFile(
        id=id_,
        title=title,
        summary=title,
        order=1,
        minutes=1,
        objectives=objectives,
        chapters=(CHAPTER,),
    )
    module = Module(
        file=file, path=folder, chapters=(), items={}, cases={}, drills={}, worksheets={}
    )
    entries = (
        entry(around, module, name, kind, use, objectives[which].id)
        for name, kind, use, which in _ITEMS
    )
    return HEADER.format(module=id_) + "".join(entries)


def _prefix(id_: str, taken: set[str]) -> str:
    """Two to four capital letters for the objectives, as no other module has: `asylum-at-sea`
    gives AAS, and AAT if that is taken."""
    words = [w for w in id_.split("-") if w[0].isalpha()]
    first = "".join(w[0] for w in words)[:4].upper()
    letters = [c for c in id_.upper() if c.isalpha()]
    start = first if len(first) > 1 else "".join(letters[:2]).ljust(2, "X")
    alphabet = [*letters, *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    tries = [start, *(start[:3] + c for c in alphabet), *(start[:2] + c for c in alphabet)]
    return next((t for t in tries if t not in taken), start)


def _call(around: Surroundings) -> str:
    """Whom a chapter of this course tells its readers to call."""
    setting = around.course.setting
    if setting is None or not setting.contacts:
        return "Whom to call, with the number."
    contact = next((c for c in setting.contacts if "Referral" in c.who), setting.contacts[0])
    return f"Whom to call, for example {contact.who}: {contact.number}."
