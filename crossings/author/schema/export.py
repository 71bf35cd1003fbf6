"""JSON Schema 2020-12 of every kind of author's file, made of the pydantic models.

What a field means is told in `words.yml`, in the words that an editor shows. A model without words
is a mistake of ours, and an error here. What only the whole file shows (an id that is used twice, a
cap that is missing) is `./course check`'s business.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from crossings.cases.model import Case
from crossings.curriculum.model import Drill, ModuleFile, Term, Worksheet
from crossings.curriculum.rubrics import Rubric
from crossings.curriculum.setting import Setting
from crossings.grading.awards.rule import Completion
from crossings.items.model import Item
from crossings.triage import model as triage

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MADE = "Made of the models by ./course schema; do not edit. The words stand in words.yml."
Json = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of author's file: its model, and where such files lie, as editors write it."""

    type: Any
    title: str
    pattern: str


FILES: Mapping[str, Kind] = {
    "module": Kind(ModuleFile, "A module's plan: module.yml", "modules/*/module.yml"),
    "items": Kind(tuple[Item, ...], "A module's questions: items.yml", "modules/*/items.yml"),
    "case": Kind(Case, "A case", "modules/*/cases/*.yml"),
    "drill": Kind(Drill, "A live drill", "modules/*/drills/*.yml"),
    "worksheet": Kind(Worksheet, "A marked worksheet", "modules/*/worksheets/*.yml"),
    "glossary": Kind(tuple[Term, ...], "A module's words: glossary.yml", "modules/*/glossary.yml"),
    "completion": Kind(Completion, "Who gets which certificate", "grading/completion.yml"),
    "rubric": Kind(Rubric, "How a person marks an answer", "grading/rubrics/*.yml"),
    "setting": Kind(Setting, "The invented region: setting.yml", "modules/setting/setting.yml"),
    "arrivals-world": Kind(triage.World, "Who arrives, and how", f"{triage.FOLDER}/world.yml"),
    "arrivals-rules": Kind(
        tuple[triage.RuleOfTriage, ...], "What is right for whom", f"{triage.FOLDER}/rules.yml"
    ),
    "arrivals-signs": Kind(
        tuple[triage.Sign, ...], "Facts that rules read", f"{triage.FOLDER}/signs.yml"
    ),
    "arrivals-journeys": Kind(
        tuple[triage.Journey, ...], "Why people travel", f"{triage.FOLDER}/journeys.yml"
    ),
    "arrivals-ordinary": Kind(
        tuple[triage.Ordinary, ...], "What decides nothing", f"{triage.FOLDER}/ordinary.yml"
    ),
}

ONE_OF_MANY: Mapping[str, Json] = {
    "Effect": {"minProperties": 1, "maxProperties": 1},
    "WorksheetPart": {"minProperties": 1, "maxProperties": 1},
}
"""What the models ask by code, and a schema can say."""


class _ForAuthors(GenerateJsonSchema):
    """A field that may be left out is left out: nobody writes `null` into a file."""

    schema_dialect = DIALECT

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Json:
        return self.generate_inner(schema["schema"])


def exported() -> dict[str, str]:
    """File names and contents of the schemas: `case.schema.json`, …"""
    return {f"{name}.schema.json": _text(kind) for name, kind in FILES.items()}


def write(folder: Path) -> list[Path]:
    """Write the schemas into `folder`; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in exported().items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _text(kind: Kind) -> str:
    made = TypeAdapter(kind.type).json_schema(schema_generator=_ForAuthors)
    models = {m.__name__: m for m in _models(kind.type)}
    definitions = made.pop("$defs", {})
    for name, schema in definitions.items():
        _explain(schema, models[name])
    if isinstance(kind.type, type) and kind.type.__name__ in models:
        _explain(made, models[kind.type.__name__])
    head = {"$schema": DIALECT, "$comment": MADE} | made | {"title": kind.title}
    whole = _plain(head | ({"$defs": definitions} if definitions else {}))
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _explain(schema: Json, model: type[BaseModel]) -> None:
    """Put the words of a model and its fields into its schema, and take out what is not for
    authors."""
    words = _words()[model.__name__]
    schema["description"] = words["."]
    schema |= ONE_OF_MANY.get(model.__name__, {})
    for field in list(schema.get("properties", {})):
        said = next(
            (w[field] for m in model.__mro__ if field in (w := _words().get(m.__name__, {}))), None
        )
        if said is None:
            raise KeyError(f"words.yml does not explain `{field}` of {model.__name__}")
        if said is False:
            del schema["properties"][field]
        else:
            schema["properties"][field]["description"] = said


@functools.cache
def _words() -> dict[str, Any]:
    text = (Path(__file__).parent / "words.yml").read_text(encoding="utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def _models(type_: Any) -> Iterator[type[BaseModel]]:
    """Every model that a type leads to."""
    found: dict[type[BaseModel], None] = {}
    waiting = [type_]
    while waiting:
        one = waiting.pop()
        waiting.extend(get_args(one))
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in found:
            found[one] = None
            waiting.extend(f.annotation for f in one.model_fields.values())
    return iter(found)


def _plain(value: Any) -> Any:
    """Without what other standards added, and without defaults that say nothing."""
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("discriminator"), dict) and "mapping" in value["discriminator"]:
        value = {k: v for k, v in value.items() if k != "discriminator"}
    if "patternProperties" in value:  # what is no name is a mistake, and not a further field
        value = {"additionalProperties": False} | value
    return {k: _plain(v) for k, v in value.items() if not (k == "default" and v is None)}
