"""The schemas that editors use: those of the models, true of every shipped file, and explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from crossings.author.new.cases import new_case
from crossings.author.new.modules import new_module
from crossings.author.schema import FILES, exported, write
from crossings.curriculum import read
from crossings.workspace import ROOT
from tests.reading import read_yaml
from tests.serving import course
from tests.tiny_course import write_course

FOLDER = ROOT / "docs" / "formats" / "schema"
SETTING = "modules/setting/setting.yml"


def schema(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))


def shipped() -> Iterator[tuple[str, Path]]:
    for name, kind in FILES.items():
        yield from ((name, path) for path in sorted(ROOT.glob(kind.pattern)))


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a schema that lists properties."""
    if isinstance(value, dict):
        if "properties" in value:
            yield value
        for child in value.values():
            yield from parts(child)
    elif isinstance(value, list):
        for child in value:
            yield from parts(child)


def test_the_committed_schemas_are_those_of_the_models() -> None:
    committed = {p.name: p.read_text(encoding="utf-8") for p in FOLDER.glob("*.json")}
    assert committed == exported(), "run ./course schema, and commit what it writes"


@pytest.mark.parametrize("name", FILES)
def test_each_is_a_schema_that_explains_itself(name: str) -> None:
    own = schema(name)
    assert own["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(own)
    assert own["title"]
    for part in parts(own):
        assert part["description"].strip()
        for field, told in part["properties"].items():
            assert len(told["description"]) >= 8, field
            assert told.get("title") or "$ref" in told or "oneOf" in told, field


@pytest.mark.parametrize(("name", "path"), list(shipped()), ids=lambda v: getattr(v, "stem", v))
def test_every_shipped_file_keeps_its_schema(name: str, path: Path) -> None:
    data = read_yaml(path)
    errors = [
        f"{list(e.path)}: {e.message}" for e in Draft202012Validator(schema(name)).iter_errors(data)
    ]
    assert not errors, errors[:3]


def test_every_kind_of_file_is_shipped() -> None:
    assert {name for name, _ in shipped()} == set(FILES)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("case", "title: A short walk", "titel: A short walk"),
        ("case", "grade: good", "grade: goood"),
        ("case", "kind: decision", "kind: decison"),
        ("drill", "kind: quiz", "kind: quizz"),
    ],
)
def test_an_editor_sees_a_slip(tmp_path: Path, name: str, old: str, new: str) -> None:
    root = write_course(tmp_path)
    path = next(root.glob(FILES[name].pattern))
    text = path.read_text(encoding="utf-8")
    validator = Draft202012Validator(schema(name))
    assert validator.is_valid(yaml.safe_load(text))
    assert not validator.is_valid(yaml.safe_load(text.replace(old, new, 1)))


def test_an_effect_changes_one_thing() -> None:
    effect = {**schema("case")["$defs"]["Effect"], "$defs": schema("case")["$defs"]}
    assert Draft202012Validator(effect).is_valid({"advance": 5})
    assert not Draft202012Validator(effect).is_valid({"advance": 5, "set": {"a": True}})
    assert not Draft202012Validator(effect).is_valid({})


def test_new_files_name_their_schema(real: Path) -> None:
    made = new_module(real, "second")
    case = new_case(real, "one", "second")
    for path in (*made.files, *case.files):
        if path.suffix != ".yml":
            continue
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        place = (path.parent / first.split("=", 1)[1]).resolve()
        assert place.relative_to(real.resolve()).as_posix().startswith("docs/formats/schema/")
        assert (FOLDER / place.name).is_file()
        data = read_yaml(path)
        assert Draft202012Validator(schema(place.name.split(".")[0])).is_valid(data)


def test_vs_code_knows_which_schema_is_for_which_file() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    wanted = {f"./docs/formats/schema/{n}.schema.json": k.pattern for n, k in FILES.items()}
    assert settings["yaml.schemas"] == wanted


def test_the_command_writes_them_anywhere(tmp_path: Path) -> None:
    done = course("schema", "--out", str(tmp_path / "a folder"), home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (tmp_path / "a folder").iterdir()} == set(exported())
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OSError):
        write(tmp_path / "file")
    failed = course("schema", "--out", str(tmp_path / "file"), home=tmp_path / "home")
    assert failed.returncode == 2 and "Traceback" not in failed.stderr


# The setting


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("country: ostrel", "country: ostrell", "did you mean `ostrel`"),
        ("drawing: quay", "drawing: kwai", "place_drawings"),
        ("languages: [sorv, merrin]", "languages: [sorve, merrin]", "did you mean `sorv`"),
        ("number: 555-0101", "number: 555-0100", "belongs to"),
        ("number: 555-0101", "number: 030-1234", "pattern"),
        ("capital: Amber Hill", "capitol: Amber Hill", "is missing"),
    ],
)
def test_the_setting_is_checked(real: Path, old: str, new: str, word: str) -> None:
    path = real / SETTING
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = [p for p in read(real)[1] if p.file == SETTING]
    assert problems and any(word in f"{p.message} {p.hint}" for p in problems), problems
    assert any(abs(p.line - line) <= 12 for p in problems)


def test_a_country_may_have_rules_on_anything(real: Path) -> None:
    path = real / SETTING
    text = path.read_text(encoding="utf-8")
    more = text.replace("capital: Amber Hill", "capital: Amber Hill\n    airport: One runway.", 1)
    path.write_text(more, encoding="utf-8")
    course_, problems = read(real)
    assert problems == () and course_ is not None and course_.setting is not None
    assert (course_.setting.countries["sorvane"].model_extra or {})["airport"] == "One runway."
