"""The item: one question, wherever it appears.

An item is plain, immutable data. The same item is drawn in a chapter, a case, a worksheet, a
notebook and a live drill. Interaction names in brackets are those of IMS QTI 3.

Kinds:

========  ================  ========================================  ====================
kind      QTI 3             what the learner does                     response
========  ================  ========================================  ====================
single    choice            picks one option                          {"choice": id}
multiple  choice, multiple  picks every option that holds             {"choices": [id, …]}
order     order             puts the options in order                 {"order": [id, …]}
match     match             gives each option a partner               {"pairs": {id: target}}
grid      match             puts each option in a column              {"pairs": {id: target}}
hotspot   hotspot           marks places in a picture                 {"choices": [id, …]}
number    text entry        types a number                            {"number": 12.5}
short     text entry        types a few words                         {"text": "…"}
text      extended text     writes; a person marks with a rubric      {"text": "…"}
========  ================  ========================================  ====================

Partners and columns are the item's `targets`. `match` uses each target at most once; `grid` may
use a target many times.

Any response may also carry `sure`: how sure the learner is (`guess`, `fairly`, `certain`). It earns
nothing and costs nothing; analytics set it beside what was right.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]

Kind = Literal["single", "multiple", "order", "match", "grid", "hotspot", "number", "short", "text"]
ScoringRule = Literal["all-or-nothing", "per-option", "per-option-penalty", "weights"]
Use = Literal["practice", "pretest", "posttest", "drill", "worksheet"]
SURE_WORDS = {"guess": "Guessing", "fairly": "Fairly sure", "certain": "Certain"}
"""How sure a learner can be of an answer, least first, with the words for it."""
SURE = tuple(SURE_WORDS)
"""A tuple: what a browser sends may be of a kind that no dictionary can be asked about."""
PICKED = ("single", "multiple", "hotspot")
"""Kinds whose options are chosen or not; the others place, order or write."""
MOST_PICTURE = 40_000
"""Bytes of a picture's file: it travels with the item, also to a phone in a live drill."""
SMALLEST_REGION = 5.0
"""Percent of a picture's side; what is smaller cannot be hit with a finger."""


class Frozen(BaseModel):
    """Immutable, and strict about names: an unknown field is an author's typing mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Region(Frozen):
    """A rectangle in a picture, in percent of the picture's width and height.

    `x` and `y` are its left upper corner, seen from the picture's left upper corner.
    """

    x: Annotated[float, Field(ge=0, le=100)]
    y: Annotated[float, Field(ge=0, le=100)]
    width: Annotated[float, Field(ge=SMALLEST_REGION, le=100)]
    height: Annotated[float, Field(ge=SMALLEST_REGION, le=100)]

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.x + self.width > 100 or self.y + self.height > 100:
            raise ValueError("the region leaves the picture: keep x + width and y + height to 100")
        return self


class Picture(Frozen):
    """What a hotspot item shows: a file in the module's folder `pictures`.

    `alt` says what somebody who does not see the picture needs in order to answer, without the
    answer. `data` is the picture itself as a `data:` address; the loader fills it in.
    """

    file: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*\.(?:svg|png|webp|jpg)$")]
    alt: Text
    data: str | None = None


class Option(Frozen):
    """One thing to choose, order or place.

    `correct` is for single, multiple and hotspot; `target` for match and grid (the id it belongs
    to); `region` for hotspot (the place that `text` names).
    For order, the right order is the order in the file. `weight` is used by the `weights` rule:
    the share of the item's points that choosing this option earns, from -1 to 1.
    """

    id: Id
    text: Text
    correct: bool = False
    target: Id | None = None
    weight: Annotated[float, Field(ge=-1, le=1)] | None = None
    feedback: Text | None = None
    misconception: str | None = None
    region: Region | None = None


class Target(Frozen):
    """A partner (match) or a column (grid)."""

    id: Id
    text: Text


class Criterion(Frozen):
    """One line of a rubric: what a marker looks for, and the points it can earn."""

    id: Id
    text: Text
    points: Annotated[float, Field(gt=0)]


class Item(Frozen):
    """One question. See the module docstring for the kinds and their responses.

    `cites` holds law-register ids; `sources` holds bibliography keys, each with an optional
    pinpoint after a space (`IOM-297 para 21`). `difficulty` is the share of average trainees
    expected to answer fully right, 0 to 1. `use` says where the item may be shown; an item with
    `worksheet` in `use` keeps its key off public pages and must have no other use.
    """

    id: Id
    kind: Kind
    stem: Text
    options: tuple[Option, ...] = ()
    targets: tuple[Target, ...] = ()
    picture: Picture | None = None
    answer: float | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    unit: str | None = None
    accept: tuple[Text, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    model_answer: Text | None = None
    rationale: Text
    objectives: tuple[str, ...] = Field(min_length=1)
    cites: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    hint: Text | None = None
    difficulty: Annotated[float, Field(ge=0, le=1)] = 0.6
    seconds: Annotated[int, Field(ge=5, le=3600)] = 60
    points: Annotated[float, Field(gt=0, le=100)] = 1.0
    scoring: ScoringRule = "all-or-nothing"
    shuffle: bool = True
    use: tuple[Use, ...] = ("practice",)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for problem in _problems(self):
            raise ValueError(problem)
        return self

    @property
    def marked_by_person(self) -> bool:
        return self.kind == "text"

    @property
    def mixes(self) -> bool:
        """True when options stand in an order that a seed gives. The order of an `order` item is
        its key; the places of a `hotspot` keep the order in which one reads the picture."""
        return self.kind == "order" or (self.shuffle and self.kind != "hotspot")

    @property
    def reserved(self) -> bool:
        """True when the key must never reach a learner's page before marking."""
        return "worksheet" in self.use


def _problems(item: Item) -> list[str]:
    """What makes this item impossible to show or score, each with what to do."""
    found: list[str] = []
    option_ids = [o.id for o in item.options]
    target_ids = [t.id for t in item.targets]
    if len(set(option_ids)) != len(option_ids):
        found.append("two options share an id: give each option its own id")
    if len(set(target_ids)) != len(target_ids):
        found.append("two targets share an id: give each target its own id")
    if not item.cites and not item.sources:
        found.append("no citation: add `cites` (law register) or `sources` (bibliography)")
    if item.reserved and len(item.use) > 1:
        found.append("`worksheet` items are reserved: remove the other values of `use`")
    found.extend(_kind_problems(item, option_ids, target_ids))
    return found


def _kind_problems(item: Item, option_ids: list[str], target_ids: list[str]) -> list[str]:
    right = [o for o in item.options if o.correct]
    if item.kind not in ("number", "short", "text") and len(option_ids) < 2:
        return [f"`{item.kind}` needs at least two options"]
    if item.kind == "hotspot":
        return _hotspot_problems(item, right)
    if item.picture is not None:
        return [f"`{item.kind}` shows no picture; a question about a picture is a `hotspot`"]
    if item.kind == "single" and len(right) != 1:
        return [f"`single` needs exactly one option with `correct: true`, found {len(right)}"]
    if item.kind == "multiple" and not right:
        return ["`multiple` needs at least one option with `correct: true`"]
    if item.kind in ("match", "grid"):
        return _target_problems(item, target_ids)
    if item.kind == "number" and item.answer is None:
        return ["`number` needs `answer`"]
    if item.kind == "short" and not item.accept:
        return ["`short` needs `accept`: the answers that count as right"]
    if item.kind == "text" and not item.rubric:
        return ["`text` needs a `rubric`: a person marks it by these lines"]
    if item.kind == "text" and sum(c.points for c in item.rubric) != item.points:
        return ["the rubric's points must add up to the item's `points`"]
    return []


def _hotspot_problems(item: Item, right: list[Option]) -> list[str]:
    if item.picture is None:
        return ["`hotspot` needs a `picture`: a file in the module's folder `pictures`, and `alt`"]
    if not right:
        return ["`hotspot` needs at least one option with `correct: true`"]
    if any(o.region is None for o in item.options):
        return ["in `hotspot` each option needs a `region`: x, y, width, height in percent"]
    return []


def _target_problems(item: Item, target_ids: list[str]) -> list[str]:
    if len(target_ids) < 2:
        return [f"`{item.kind}` needs at least two `targets`"]
    wanted = [o.target for o in item.options]
    if any(t not in target_ids for t in wanted):
        return ["each option needs a `target` that is the id of one of the `targets`"]
    if item.kind == "match" and len(set(wanted)) != len(wanted):
        return ["in `match` each target belongs to one option only; use `grid` otherwise"]
    return []
