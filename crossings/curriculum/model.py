"""The whole course as one immutable value.

`crossings.curriculum.load` makes a `Course` of the author's files. Everything above this floor
(book, drills, grading, apps) reads the `Course`, never the files.

References: an item, case, drill or worksheet is named `<module>/<id>`; objectives, provisions,
sources, misconceptions and datasets have ids that are unique in the whole course.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, field_validator, model_validator

from crossings.cases.model import Case
from crossings.curriculum.finder import Tag
from crossings.curriculum.rubrics import Rubric
from crossings.curriculum.setting import Setting
from crossings.items.model import Frozen, Id, Item, Text
from crossings.tabletop.model import Tabletop
from crossings.triage.model import Arrivals, Generate
from crossings.triage.people import ObjectiveId, TriageChannel, TriagePerson

Thing = TypeVar("Thing")
Bloom = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
Force = Literal[
    "treaty",
    "protocol",
    "treaty annex",
    "directive",
    "regulation",
    "declaration",
    "guideline",
    "non-binding",
    "national law",
]
Confidence = Literal["verified", "well-known"]
Decide = Literal["room", "each", "team"]
"""Who decides in a case drill: `room`, all vote and play one trace; `each`, everybody plays one."""
GUIDE = "trainer-guide"
"""The page of a module that is for its trainers: `trainer-guide.md`, no chapter."""
Convention = Literal["chapters", "full"]
"""What `./course check` holds a module to: `chapters`, the shape and language of its chapters;
`full`, everything that a whole module has (`crossings.curriculum.convention`)."""
CASE_REF = r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?$"


class Objective(Frozen):
    """What a trainee can do afterwards, in words that can be measured."""

    id: ObjectiveId
    bloom: Bloom
    verb: Text
    text: Text


class Tests(Frozen):
    """Item ids of the test before the module and of the one after it."""

    pre: tuple[Id, ...] = ()
    post: tuple[Id, ...] = ()


class ModuleFile(Frozen):
    """`module.yml`."""

    id: Id
    title: Text
    summary: Text
    order: int
    minutes: Annotated[int, Field(gt=0)]
    prerequisites: tuple[Text, ...] = ()
    content_note: Text | None = None
    objectives: tuple[Objective, ...] = Field(min_length=1)
    chapters: tuple[str, ...] = Field(min_length=1)
    """File names without `.md`, in reading order."""
    tests: Tests = Tests()
    sources: tuple[str, ...] = ()
    convention: Convention | None = None


class Term(Frozen):
    """A glossary entry; `cites` and `sources` say where the meaning comes from."""

    term: Text
    meaning: Text
    cites: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    everyday: bool = False
    """Also a word of every day, such as `act`: chapters need not link it at its first use."""


class Provision(Frozen):
    """One rule in the law register (`datasets/law/provisions.csv`)."""

    id: str
    instrument: str
    article: str
    title: Text
    """A few words that name the rule."""
    paraphrase: Text
    """The rule in plain words, ours; never the text of the instrument."""
    binds: Text
    """Who is bound."""
    force: Force
    theme: str
    mistake: str = ""
    """A common mistake about the rule."""
    author: str = ""
    """Whose reading it is, where it is guidance and not text of a treaty."""
    confidence: Confidence
    verified_by: Text
    reviewed: str
    """Date of the last review, YYYY-MM-DD."""


class Instrument(Frozen):
    """A treaty, guideline or other document that provisions belong to."""

    key: str
    name: Text
    short: Text
    family: str = ""
    """The page of the book on which its provisions stand, one of `register.FAMILIES`."""
    nature: str
    adopted: str = ""
    in_force: str = ""
    depositary: str = ""


class Source(Frozen):
    """An entry of the bibliography (`datasets/sources/sources.csv`)."""

    id: str
    author: Text
    year: str
    title: Text
    publisher: str = ""
    symbol: str = ""
    note: str = ""


class Misconception(Frozen):
    """A wrong belief that distractors stand for (`datasets/law/misconceptions.csv`)."""

    id: str
    belief: Text
    correction: Text
    at_work: str = ""
    cites: tuple[str, ...] = ()


class Dataset(Frozen):
    """A folder of `datasets/` with a `datapackage.json`."""

    id: str
    title: Text
    description: str = ""
    synthetic: bool = False
    files: tuple[str, ...]
    """Paths of its resources, relative to the folder; the first is the main table."""


class QuizStep(Frozen):
    item: Id
    seconds: Annotated[int, Field(ge=5, le=3600)] | None = None
    talk: str = ""
    """For the trainer: what to ask the room when the answers are in."""


class Role(Frozen):
    """Whom a team plays. Only the team that has it reads its `brief`."""

    id: Id
    title: Text
    brief: Text


class Teams(Frozen):
    """How the room sits in teams: `of` about so many people, with these `names`, or one for each of
    these `roles`; exactly one is given. `by` is who decides in a case drill for teams; with
    `captain` nobody else sends in a tabletop."""

    of: Annotated[int, Field(ge=2, le=50)] | None = None
    names: tuple[Text, ...] = ()
    roles: tuple[Id, ...] = ()
    by: Literal["vote", "captain"] = "vote"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(map(bool, (self.of, self.names, self.roles))) != 1:
            raise ValueError("`teams` needs exactly one of `of`, `names` and `roles`")
        for given in (self.names, self.roles):
            if given and (len(given) < 2 or len(set(given)) < len(given)):
                raise ValueError("`teams` needs two or more, each named once")
        return self


class Drill(Frozen):
    """A live drill (`drills/*.yml` of a module). `steps` for quiz, `arrivals` or `generate` for
    triage, `case` and `decide` for case, `tabletop` for an exercise of teams with roles."""

    id: Id
    kind: Literal["quiz", "triage", "case", "tabletop"]
    title: Text
    intro: Text
    minutes: Annotated[int, Field(gt=0)]
    content_note: Text | None = None
    objectives: tuple[ObjectiveId, ...] = Field(min_length=1)
    seconds: Annotated[int, Field(ge=5, le=3600)] = 60
    """Time for one step or one vote, unless the step says otherwise."""
    case: Annotated[str, Field(pattern=CASE_REF)] | None = None
    """A case of this module, or `<module>/<case>`; the case's own file does not change."""
    decide: Decide | None = None
    teams: Teams | None = None
    """Everybody sits in a team; without it everybody is on their own."""
    roles: tuple[Role, ...] = ()
    steps: tuple[QuizStep, ...] = ()
    channels: tuple[TriageChannel, ...] = ()
    arrivals: tuple[TriagePerson, ...] = ()
    generate: Generate | None = None
    """For triage, instead of `arrivals`: people are drawn, see `crossings.triage`."""
    tabletop: Tabletop | None = None
    debrief: tuple[Text, ...] = ()
    """Questions for the room afterwards."""

    @model_validator(mode="after")
    def _filled(self) -> Self:
        if self.kind == "quiz" and not self.steps:
            raise ValueError("a quiz drill needs `steps`")
        if self.kind == "triage" and not (self.channels and (self.arrivals or self.generate)):
            raise ValueError("a triage drill needs `channels`, and `arrivals` or `generate`")
        if self.generate is not None and (self.arrivals or self.kind != "triage"):
            raise ValueError("`generate` is for triage drills that have no `arrivals`")
        if self.kind == "case" and not (self.case and self.decide):
            raise ValueError("a case drill needs `case` and `decide` (room, each or team)")
        if self.kind != "case" and (self.case or self.decide):
            raise ValueError("`case` and `decide` are for drills of kind case")
        if self.kind == "case" and (self.steps or self.arrivals or self.channels):
            raise ValueError("a case drill takes its stops from the case: leave out the others")
        if (self.kind == "tabletop") != (self.tabletop is not None):
            raise ValueError("a drill of kind tabletop, and no other, has a block `tabletop`")
        self._check_teams()
        channels = {c.id for c in self.channels}
        for person in self.arrivals:
            unknown = (set(person.right) | set(person.acceptable)) - channels
            if unknown:
                raise ValueError(f"arrival `{person.id}` names no channel: {sorted(unknown)}")
        return self

    def _check_teams(self) -> None:
        if self.decide == "team" and self.teams is None:
            raise ValueError("`decide: team` needs `teams`, for example `teams: {of: 4}`")
        if self.tabletop is not None and self.roles:
            raise ValueError("the roles of a tabletop drill stand in its block `tabletop`")
        if self.roles and self.teams is None:
            raise ValueError("`roles` need `teams`, for example `teams: {of: 4}`")
        known = [*(r.id for r in self.roles), *(self.tabletop.roles if self.tabletop else ())]
        if len(set(known)) < len(known):
            raise ValueError("two `roles` have the same id")
        unknown = set(self.teams.roles if self.teams else ()) - set(known)
        if unknown:
            raise ValueError(f"`teams` names roles that are not in `roles`: {sorted(unknown)}")


class WorksheetPart(Frozen):
    """A block of text (Markdown) or an item of the module's bank; exactly one is given."""

    text: Text | None = None
    item: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.text is None) == (self.item is None):
            raise ValueError("a part has exactly one of `text` and `item`")
        return self


class Worksheet(Frozen):
    """A no-code assignment (`worksheets/*.yml` of a module)."""

    id: Id
    title: Text
    minutes: Annotated[int, Field(gt=0)]
    intro: Text
    objectives: tuple[ObjectiveId, ...] = Field(min_length=1)
    content_note: Text | None = None
    version: Annotated[int, Field(ge=1)] = 1
    due: str | None = None
    """ISO date or time; a due time that the trainer sets for a class wins over it."""
    parts: tuple[WorksheetPart, ...] = Field(min_length=1)

    @field_validator("due")
    @classmethod
    def _a_time(cls, due: str | None) -> str | None:
        if due is not None:
            try:
                datetime.fromisoformat(due.strip().replace("Z", "+00:00"))
            except ValueError:
                raise ValueError('not a date or time; write "2031-05-04T18:00:00+02:00"') from None
        return due

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(p.item for p in self.parts if p.item is not None)


class Mention(Frozen):
    """One place in a chapter that names something: a provision, an item, a case, …"""

    role: Literal[
        "law", "src", "objectives", "case", "quiz", "worksheet", "dataset", "exercise", "drill"
    ]
    target: str
    line: int


class Chapter(Frozen):
    """A chapter: its file and what it names. The text itself is the book's business."""

    id: str
    title: Text
    path: Path
    minutes: int = 0
    words: int
    mentions: tuple[Mention, ...] = ()

    def targets(self, role: str) -> tuple[str, ...]:
        return tuple(m.target for m in self.mentions if m.role == role)

    def quizzes(self) -> tuple[tuple[str, ...], ...]:
        """What each quiz of the chapter names, in order."""
        lines: dict[int, list[str]] = {}
        for mention in self.mentions:
            if mention.role == "quiz":
                lines.setdefault(mention.line, []).append(mention.target)
        return tuple(tuple(targets) for targets in lines.values())


class Module(Frozen):
    """A module with everything in its folder."""

    file: ModuleFile
    path: Path
    chapters: tuple[Chapter, ...]
    items: Mapping[str, Item]
    cases: Mapping[str, Case]
    drills: Mapping[str, Drill]
    worksheets: Mapping[str, Worksheet]
    terms: tuple[Term, ...] = ()
    guide: Chapter | None = None
    """The trainer's guide, where the module has one."""

    @property
    def id(self) -> str:
        return self.file.id


class Use(Frozen):
    """A back reference: where something is taught, practised, assessed or drilled."""

    how: Literal["taught", "practised", "assessed", "drilled"]
    where: str
    """`<module>/<chapter|case|drill|worksheet id>` or `<module>/pretest`, `<module>/posttest`."""
    title: str
    kind: Literal["chapter", "quiz", "case", "test", "worksheet", "exercise", "drill", "guide"]


class Course(Frozen):
    """The course, cross-checked: every reference in it resolves."""

    root: Path
    modules: Mapping[str, Module]
    law: Mapping[str, Provision]
    instruments: Mapping[str, Instrument]
    sources: Mapping[str, Source]
    misconceptions: Mapping[str, Misconception]
    finder: Mapping[str, Tag] = {}
    """By provision: for which persons, places and decisions it is shown as a rule that applies."""
    datasets: Mapping[str, Dataset]
    exercises: Mapping[str, tuple[str, ...]] = {}
    """Notebook assignments in `exercises/source`, each with the objectives it assesses."""
    notebooks: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    """The same by notebook: an assignment may have several, each with objectives of its own."""
    rubrics: Mapping[str, Rubric] = {}
    setting: Setting | None = None
    arrivals: Arrivals | None = None
    """Who arrives in generated triage drills, and the rules of what is right for them."""
    objective_uses: Mapping[str, tuple[Use, ...]] = {}
    law_uses: Mapping[str, tuple[Use, ...]] = {}

    @property
    def objectives(self) -> dict[str, Objective]:
        return {o.id: o for m in self.modules.values() for o in m.file.objectives}

    def item(self, ref: str) -> Item:
        return _found(self.modules, lambda m: m.items, "items", ref)

    def case(self, ref: str) -> Case:
        return _found(self.modules, lambda m: m.cases, "cases", ref)

    def drill(self, ref: str) -> Drill:
        return _found(self.modules, lambda m: m.drills, "drills", ref)

    def worksheet(self, ref: str) -> Worksheet:
        return _found(self.modules, lambda m: m.worksheets, "worksheets", ref)


def _found(
    modules: Mapping[str, Module],
    shelf: Callable[[Module], Mapping[str, Thing]],
    called: str,
    ref: str,
) -> Thing:
    """The thing that `ref` (`module/id`) names on a shelf; KeyError with the known names."""
    module, _, name = ref.partition("/")
    if module not in modules:
        raise KeyError(f"no module `{module}`; there are: {', '.join(modules)}")
    things = shelf(modules[module])
    if name not in things:
        raise KeyError(f"no `{name}` in {called} of `{module}`; there are: {', '.join(things)}")
    return things[name]
