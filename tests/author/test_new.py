"""New cases, modules and items: they load at once, say what is missing, and overwrite nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from crossings.author.new import Made, NewError
from crossings.author.new.cases import new_case
from crossings.author.new.items import KINDS, new_item
from crossings.author.new.modules import new_module
from crossings.cases.model import Case
from crossings.curriculum import chapters, guide, load
from crossings.curriculum.check import check_files, check_module
from crossings.curriculum.load import read_with_lines
from crossings.curriculum.problem import Problem
from crossings.workspace import ROOT
from tests.reading import read_yaml
from tests.serving import course
from tests.tiny_course import FILES, changed, write_course

BANK = "modules/demo/items.yml"
TOC = """\
# Our own words about the order.
format: jb-book
root: book/welcome
parts:
  - caption: Demo  # the first
    chapters:
      - file: modules/demo/first
  - caption: Look things up
    chapters:
      - file: book/law
"""


def everything(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def complaints(root: Path) -> list[str]:
    """What the check says, apart from texts that wait for their author."""
    found = check_files(root)[1]
    return [p.message for p in found if p.fails and "unfinished" not in p.message]


def about_module(root: Path, name: str) -> list[Problem]:
    """What the check says of one module, without the plays of its cases."""
    loaded, reading = read_with_lines(root)
    assert loaded is not None and not reading.problems
    return list(check_module(loaded, loaded.modules[name], reading))


def written(root: Path, made: Made) -> None:
    """Do what an author does: write every text. The mark goes, the rest stays."""
    for path in made.files:
        path.write_text(path.read_text(encoding="utf-8").replace("TODO ", ""), encoding="utf-8")


# Cases


def test_a_new_case_works_at_once(small: Path) -> None:
    made = new_case(small, "first-night", "demo")
    case = load(small).case("demo/first-night")
    assert complaints(small) == []
    assert {n.kind for n in case.nodes.values()} == {
        "scene", "decision", "interview", "search", "triage", "note", "ending",
    }  # fmt: skip
    assert 9 <= len(case.nodes) <= 12
    assert case.rules and case.caps and case.evidence and case.title == "First night"
    endings = {name for name, node in case.nodes.items() if node.kind == "ending"}
    assert {w.ending for w in case.walkthroughs.values()} == endings and "best" in case.walkthroughs
    line = made.start.read_text(encoding="utf-8").splitlines()[made.line - 1]
    assert "TODO" in line and not line.startswith("#")


def test_nobody_ships_a_template(small: Path) -> None:
    made = new_case(small, "first-night", "demo")
    told = [p for p in check_files(small)[1] if p.file.endswith("first-night.yml")]
    told = [p for p in told if p.fails]
    assert len(told) == 1 and f"{made.texts} lines still say TODO" in told[0].message
    assert "TODO" in made.start.read_text(encoding="utf-8").splitlines()[told[0].line - 1]
    written(small, made)
    assert [p for p in check_files(small)[1] if p.fails] == []


def test_one_text_that_waits_is_named_with_its_line(tmp_path: Path) -> None:
    root = write_course(tmp_path, changed("modules/demo/module.yml", "Small.", "TODO a summary"))
    (problem,) = check_files(root)[1]
    assert (problem.file, problem.line) == ("modules/demo/module.yml", 3)
    root = write_course(tmp_path, changed("modules/demo/first.md", "Officers", "TODO Officers"))
    assert [p.line for p in check_files(root)[1] if p.file.endswith("first.md")] == [10]


def test_a_case_takes_objectives_and_rules_of_its_module(real: Path) -> None:
    made = new_case(real, "first-night", "trafficking-identification", title="It's: a title")
    loaded = load(real)
    case = loaded.case("trafficking-identification/first-night")
    assert case.title == "It's: a title"
    assert case.objectives == ("TI-1", "TI-2")
    lines = made.start.read_text(encoding="utf-8").splitlines()
    (named,) = [n for n, line in enumerate(lines) if line.startswith("objectives:")]
    every = loaded.modules["trafficking-identification"].file.objectives
    assert "TODO" in lines[named]
    assert [x.split()[1] for x in lines[named + 1 : named + 1 + len(every)]] == [
        o.id for o in every
    ]
    put = made.then[-1]
    for objective in every:
        (place,) = [x.strip() for x in put.splitlines() if x.strip().startswith(f"{objective.id}:")]
        chapter = (real / place.split(": ")[1]).read_text(encoding="utf-8")
        assert objective.id in chapter
    assert loaded.setting is not None
    region = {one.name.split()[0] for one in loaded.setting.people.values()}
    assert not region & {name for names in case.variants.values() for name in names}
    cites = case.caps["questioned-together"].cites
    assert all(loaded.law[c].force in ("treaty", "protocol") for c in cites)


# Modules


def test_a_new_module_is_whole(real: Path) -> None:
    made = new_module(real, "asylum-at-sea")
    loaded = load(real)
    module = loaded.modules["asylum-at-sea"]
    assert all("unfinished" in p.message for p in about_module(real, module.id))
    assert module.file.order == max(m.file.order for m in loaded.modules.values())
    assert {d.kind for d in module.drills.values()} == {"quiz", "triage"}
    assert module.terms and module.items and len(module.chapters) == 1
    assert made.start == real / "modules/asylum-at-sea/module.yml"
    written(real, made)
    assert load(real).modules[module.id].items
    assert about_module(real, module.id) == []


def test_its_chapter_has_the_shape_of_all_chapters(real: Path) -> None:
    """Only its length is left to its author."""
    new_module(real, "asylum-at-sea", title="Asylum at sea")
    loaded = load(real)
    module = loaded.modules["asylum-at-sea"]
    found = list(chapters.problems(loaded, module))
    assert [p.message.split(" has ")[0] for p in found] == ["the chapter"]


def test_its_guide_has_the_shape_of_all_guides(real: Path) -> None:
    made = new_module(real, "asylum-at-sea", title="Asylum at sea")
    assert real / "modules/asylum-at-sea/trainer-guide.md" in made.files
    loaded = load(real)
    assert list(guide.problems(loaded, loaded.modules["asylum-at-sea"])) == []
    contents = read_yaml(real / "_toc.yml")["parts"]
    here = {"file": "modules/asylum-at-sea/trainer-guide"}
    assert [p["caption"] for p in contents if here in p["chapters"]] == ["For trainers"]
    new_module(real, "asylum-on-land")
    contents = read_yaml(real / "_toc.yml")["parts"]
    (part,) = (p for p in contents if p["caption"] == "For trainers")
    assert {"file": "modules/asylum-on-land/trainer-guide"} in part["chapters"]


def test_objectives_get_letters_that_no_module_has(real: Path) -> None:
    for id_ in ("trafficking-inland", "trafficking-issues", "x1"):
        new_module(real, id_)
    modules = load(real).modules.values()
    letters = [o.split("-")[0] for o in load(real).objectives]
    assert len({m.file.objectives[0].id for m in modules}) == len(modules)
    assert all(re.fullmatch("[A-Z]{2,4}", x) for x in letters)


def test_the_table_of_contents_gets_a_part_and_keeps_its_comments(small: Path) -> None:
    (small / "_toc.yml").write_text(TOC, encoding="utf-8")
    new_module(small, "second", title="Yes: a second one")
    text = (small / "_toc.yml").read_text(encoding="utf-8")
    parts = yaml.safe_load(text)["parts"]
    names = ["Demo", "Yes: a second one", "Look things up", "For trainers"]
    assert [p["caption"] for p in parts] == names
    assert parts[1]["chapters"] == [{"file": "modules/second/first-chapter"}]
    assert "# Our own words" in text and "# the first" in text


@pytest.mark.parametrize("text", [None, "format: jb-book\nroot: intro\n", "parts: [unclosed\n"])
def test_where_the_table_of_contents_is_unusual_the_author_is_told(
    small: Path, text: str | None
) -> None:
    toc = small / "_toc.yml"
    if text is not None:
        toc.write_text(text, encoding="utf-8")
    made = new_module(small, "second")
    assert "- file: modules/second/first-chapter" in made.then[-2]
    assert "- file: modules/second/trainer-guide" in made.then[-1]
    assert toc.exists() == (text is not None)
    assert text is None or toc.read_text(encoding="utf-8") == text


# Items


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_item_of_each_kind_loads(small: Path, kind: str) -> None:
    before = (small / BANK).read_text(encoding="utf-8")
    made = new_item(small, f"new-{kind}", "demo", kind)
    item = load(small).item(f"demo/new-{kind}")
    assert item.kind == kind
    assert (small / BANK).read_text(encoding="utf-8").startswith(before)
    assert f"id: new-{kind}" in (small / BANK).read_text(encoding="utf-8").split(before)[1]
    assert (item.picture is not None) == (kind == "hotspot")
    line = (small / BANK).read_text(encoding="utf-8").splitlines()[made.line - 1]
    assert "TODO" in line
    assert complaints(small) == [f"item `new-{kind}` is used nowhere"]


def test_there_is_a_template_for_every_kind_that_the_model_knows() -> None:
    from typing import get_args

    from crossings.items.model import Kind

    folder = ROOT / "crossings" / "author" / "new" / "templates" / "items"
    assert {p.stem for p in folder.glob("*.yml")} == set(get_args(Kind))


def test_an_item_goes_where_it_is_meant_to(small: Path) -> None:
    new_item(small, "live", "demo", "single", use="drill")
    assert load(small).item("demo/live").use == ("drill",)
    with pytest.raises(NewError, match="did you mean `drill`"):
        new_item(small, "live-2", "demo", "single", use="dril")


def test_a_bank_is_begun_where_there_is_none(tmp_path: Path) -> None:
    root = write_course(tmp_path, {BANK: None})
    new_item(root, "one", "demo", "single")
    text = (root / BANK).read_text(encoding="utf-8")
    assert yaml.safe_load(text)[0]["id"] == "one" and "yaml-language-server" in text


@pytest.mark.parametrize("text", ["- {id: a\n", "a: b\n", "[]\n"])
def test_a_bank_that_cannot_be_added_to_stays_as_it_is(tmp_path: Path, text: str) -> None:
    root = write_course(tmp_path, {BANK: text})
    with pytest.raises(NewError, match=re.escape(BANK)):
        new_item(root, "one", "demo", "hotspot")
    assert (root / BANK).read_text(encoding="utf-8") == text
    assert not (root / "modules/demo/pictures").exists()


# Names


@pytest.mark.parametrize(
    ("id_", "word"),
    [
        ("My_Case", "did you mean `my-case`"),
        ("a phone", "did you mean `a-phone`"),
        ("Über--uns.yml", "did you mean `uber-uns-yml`"),
        ("../x", "did you mean `x`"),
        ("", "for example"),
        ("x" * 61, "at most 60"),
    ],
)
def test_an_id_that_cannot_be_is_explained(small: Path, id_: str, word: str) -> None:
    before = everything(small)
    for make in (
        lambda: new_case(small, id_, "demo"),
        lambda: new_module(small, id_),
        lambda: new_item(small, id_, "demo", "single"),
    ):
        with pytest.raises(NewError, match=re.escape(word)):
            make()
    assert everything(small) == before


def test_what_exists_is_never_overwritten(small: Path) -> None:
    before = everything(small)
    for make in (
        lambda: new_case(small, "walk", "demo"),
        lambda: new_module(small, "demo"),
        lambda: new_item(small, "q-1", "demo", "single"),
    ):
        with pytest.raises(NewError, match="exists already"):
            make()
    assert everything(small) == before


def test_a_module_is_named_or_the_only_one(small: Path) -> None:
    with pytest.raises(NewError, match="did you mean `demo`"):
        new_case(small, "one", "demmo")
    new_case(small, "one", None)
    new_module(small, "second")
    with pytest.raises(NewError, match="demo, second"):
        new_case(small, "two", None)


def test_broken_files_elsewhere_do_not_stop_an_author(tmp_path: Path) -> None:
    root = write_course(
        tmp_path, {"modules/demo/cases/walk.yml": "id: [", "modules/x/module.yml": "-"}
    )
    new_case(root, "one", "demo")
    text = (root / "modules/demo/cases/one.yml").read_text(encoding="utf-8")
    assert Case.model_validate(yaml.safe_load(text)).id == "one"


def test_a_half_written_module_is_taken_away(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small / "modules/second").write_text("a file in the way", encoding="utf-8")
    before = everything(small)
    with pytest.raises(NewError):
        new_module(small, "second")
    assert everything(small) == before


# The command line


def test_the_commands_say_what_comes_next(tmp_path: Path) -> None:
    root = write_course(tmp_path / "a course")

    def run(*words: str) -> Any:
        return course("new", *words, home=tmp_path / "home", CROSSINGS_ROOT=str(root))

    done = run("case", "one", "--module", "demo")
    assert done.returncode == 0, done.stderr
    assert "modules/demo/cases/one.yml:" in done.stdout
    assert "./course check" in done.stdout and "./course preview one" in done.stdout
    again = run("case", "one", "--module", "demo")
    assert again.returncode == 2 and "exists already" in again.stderr
    unknown = run("item", "two", "--module", "demo", "--kind", "singel")
    assert unknown.returncode == 2 and "did you mean `single`" in unknown.stderr
    assert "Traceback" not in again.stderr + unknown.stderr


def test_check_names_what_is_unfinished(tmp_path: Path) -> None:
    root = write_course(tmp_path / "a course")
    new_case(root, "one", "demo")
    done = course("check", "--format", "json", home=tmp_path / "home", CROSSINGS_ROOT=str(root))
    assert done.returncode == 2
    (problem,) = [p for p in json.loads(done.stdout) if p["severity"] == "problem"]
    assert problem["file"] == "modules/demo/cases/one.yml" and "TODO" in problem["message"]


def test_the_small_course_itself_is_finished() -> None:
    assert not any("TODO" in text for text in FILES.values())
