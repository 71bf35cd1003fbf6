"""The case: a graph of scenes that one learner, a team or a room plays.

A case is plain, immutable data, read from YAML. `crossings.cases.engine` gives it its meaning;
`docs/formats/case.md` shows an author every field with an example.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crossings.items.model import Frozen, Id, Text

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Tag = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
Grade = Literal["good", "acceptable", "poor", "harmful"]
Outcome = Literal["protected", "partly", "missed", "harmed"]
Mode = Literal["learn", "assess", "drill"]
Minutes = Annotated[int, Field(ge=0, le=10_000)]

POINTS: dict[str, int] = {"good": 3, "acceptable": 2, "poor": 1, "harmful": 0}
"""Points of a decision by grade, unless the option says otherwise."""

QUESTION_POINTS: dict[str, int] = {"good": 1, "acceptable": 0, "poor": -1, "harmful": -2}
"""What asking a question adds to its interview's points, by grade."""


class Variable(Frozen):
    """A named piece of the story's state. Integers are clamped to `min`..`max`."""

    type: Literal["boolean", "integer", "set"]
    label: Text
    visible: bool = False
    start: bool | int | tuple[Tag, ...] | None = None
    min: int = 0
    max: int = 10
    tags: dict[Tag, Text] = {}
    """For sets: every tag that may be added, with its label for the debrief."""
    person: Id | None = None


class Effect(Frozen):
    """One change of state; exactly one field is given. Effects apply in order, all or none."""

    set: dict[Name, bool | int] | None = None
    add: dict[Name, int] | None = None
    tag: dict[Name, Tag] | None = None
    untag: dict[Name, Tag] | None = None
    advance: Minutes | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (
            sum(v is not None for v in (self.set, self.add, self.tag, self.untag, self.advance))
            != 1
        ):
            raise ValueError("an effect has exactly one of set, add, tag, untag, advance")
        return self


class Judged(Frozen):
    """What every choice carries: how good it was, what followed, why, by which rule."""

    grade: Grade
    consequence: Text
    reason: Text
    cites: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    cap: Id | None = None


class Branch(Frozen):
    """Where to go when `when` holds; the last branch of a list has no `when`."""

    to: Id
    when: str | None = None


Next = Id | tuple[Branch, ...]


class Person(Frozen):
    """Somebody in the story. `name` may hold a variant in braces: "{amina}"."""

    name: Text
    role: Text
    monogram: Annotated[str, Field(max_length=2)] | None = None
    tint: Annotated[int, Field(ge=1, le=8)] = 1


class Evidence(Frozen):
    """A thing that can be looked at.

    `type` decides how it is drawn. `fields` are label/value lines (passport, form, ticket, log,
    contract); `messages` are [who, text] pairs (phone). `key` evidence is worth opening: it is
    named in the debrief when missed, and earns `points`. `alt` is the text alternative of the
    drawing where the text alone does not say it.
    """

    type: Literal[
        "passport", "contract", "phone", "log", "ticket", "form", "letter", "photo", "note"
    ]
    title: Text
    fields: tuple[tuple[str, str], ...] = ()
    messages: tuple[tuple[str, str], ...] = ()
    body: Text | None = None
    alt: Text | None = None
    key: bool = False
    points: Annotated[int, Field(ge=0)] = 1
    why: Text | None = None
    cites: tuple[str, ...] = ()


class Node(Frozen):
    """What all nodes share. `place` picks the small drawing: see `docs/formats/case.md`."""

    title: Text
    text: Text
    place: Id | None = None
    people: tuple[Id, ...] = ()
    evidence: tuple[Id, ...] = ()
    """Evidence that lies open on the table here; showing it costs no time and counts as seen."""
    objectives: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    """Applied each time the node is entered."""


class Scene(Node):
    kind: Literal["scene"]
    next: Next


class Choice(Judged):
    """An option of a decision. Hidden unless `when` holds. `to` is where it leads."""

    id: Id
    text: Text
    when: str | None = None
    points: Annotated[int, Field(ge=0)] | None = None
    to: Next

    @property
    def worth(self) -> int:
        return POINTS[self.grade] if self.points is None else self.points


class Decision(Node):
    """One choice of several. `shuffle` puts the options in an order drawn from the seed.

    `seconds` is real time for those who play with a clock; they can always ask for more, or stop
    it. `timeout` is the option that hesitation amounts to; without it the clock only presses.
    Time itself costs no points: what happened counts, however it came about.
    """

    kind: Literal["decision"]
    question: Text
    options: tuple[Choice, ...] = Field(min_length=2)
    shuffle: bool = True
    seconds: Annotated[int, Field(ge=10, le=600)] | None = None
    timeout: Id | None = None

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if self.timeout is None:
            return self
        if self.seconds is None:
            raise ValueError("`timeout` needs `seconds`: how long until it happens")
        waiting = next((o for o in self.options if o.id == self.timeout), None)
        if waiting is None or waiting.when is not None:
            raise ValueError("`timeout` must be the id of an option that is always open")
        return self


class Question(Judged):
    """Something the officer may ask or say. `reason` is shown in the debrief, `answer` at once.

    `consequence` describes what asking does to the person or the room.
    """

    id: Id
    text: Text
    answer: Text
    when: str | None = None
    minutes: Minutes = 2
    points: int | None = None

    @property
    def worth(self) -> int:
        return QUESTION_POINTS[self.grade] if self.points is None else self.points


class Interview(Node):
    """A pool of questions to one person; each may be asked once, `limit` in all.

    Its points are the sum of the asked questions' worth, clamped to 0..`points`.
    """

    kind: Literal["interview"]
    person: Id
    limit: Annotated[int, Field(ge=1)]
    points: Annotated[int, Field(ge=0)]
    questions: tuple[Question, ...] = Field(min_length=2)
    next: Next


class Find(Frozen):
    """Evidence that can be opened in a search, at a cost of story time."""

    evidence: Id
    label: Text
    minutes: Minutes = 3
    when: str | None = None
    effects: tuple[Effect, ...] = ()


class Search(Node):
    """Things to open; opening stops when `budget` minutes are spent.

    Its points are the points of the key evidence opened here.
    """

    kind: Literal["search"]
    budget: Annotated[int, Field(ge=1)]
    finds: tuple[Find, ...] = Field(min_length=2)
    next: Next


class Channel(Frozen):
    """Somewhere people can be referred to."""

    id: Id
    text: Text


class Verdict(Judged):
    """What referring one person to one channel means."""


class Arrival(Frozen):
    """A person to refer. `verdicts` maps channel ids; `otherwise` is for all other channels."""

    id: Id
    person: Id
    text: Text
    verdicts: dict[Id, Verdict] = Field(min_length=1)
    otherwise: Verdict


class Triage(Node):
    """Every arrival gets one channel. Each verdict earns its grade's points (3, 2, 1, 0)."""

    kind: Literal["triage"]
    arrivals: tuple[Arrival, ...] = Field(min_length=2)
    channels: tuple[Channel, ...] = Field(min_length=2)
    next: Next


class Note(Node):
    """Free text that is kept for the debrief. Earns no points."""

    kind: Literal["note"]
    prompt: Text
    next: Next


class Ending(Node):
    """Where a play ends. `score` is the range of percent that plays ending here can reach."""

    kind: Literal["ending"]
    outcome: Outcome
    score: tuple[int, int] = (0, 100)


AnyNode = Annotated[
    Scene | Decision | Interview | Search | Triage | Note | Ending, Field(discriminator="kind")
]


class Cap(Frozen):
    """A ceiling that a harmful act puts on the outcome, whatever else was right."""

    percent: Annotated[int, Field(ge=0, le=100)]
    reason: Text
    cites: tuple[str, ...] = ()


class Rule(Frozen):
    """A delayed consequence: fires once, when `when` first holds after an event."""

    id: Id
    when: str
    text: Text
    effects: tuple[Effect, ...] = ()
    cites: tuple[str, ...] = ()
    goto: Id | None = None
    cap: Id | None = None


class Fate(Frozen):
    """What happened to a person: the first whose `when` holds; the last has no `when`."""

    text: Text
    when: str | None = None
    cites: tuple[str, ...] = ()


class PersonFates(Frozen):
    person: Id
    fates: tuple[Fate, ...] = Field(min_length=1)


class Debrief(Frozen):
    """How the end is told. `signs` names the set variable whose tags were there to notice."""

    signs: Name | None = None
    people: tuple[PersonFates, ...] = ()
    ask: tuple[Text, ...] = ()
    """Questions for reflection alone or in class."""


class Action(Frozen):
    """One thing a learner does. See `crossings.cases.engine` for which node takes which."""

    node: Id
    action: Literal["continue", "choose", "ask", "open", "leave", "sort", "write", "rewind"]
    choice: Id | None = None
    question: Id | None = None
    evidence: Id | None = None
    pairs: dict[Id, Id] | None = None
    text: str | None = None
    to: int | None = None


class Walkthrough(Frozen):
    """A play that the author promises: it is run by `./course check`.

    The one named `best` sets the points that count as 100 percent.
    """

    ending: Id
    percent: tuple[int, int] = (0, 100)
    actions: tuple[Action, ...] = Field(min_length=1)


class Case(Frozen):
    """A whole case."""

    id: Id
    title: Text
    version: Annotated[int, Field(ge=1)] = 1
    summary: Text
    minutes: Minutes
    objectives: tuple[str, ...] = Field(min_length=1)
    content_note: Text | None = None
    role: Text
    """Who the learner is in the story."""
    starts_at: Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]$")] = "08:00"
    variants: dict[Name, tuple[str, ...]] = {}
    people: dict[Id, Person] = {}
    variables: dict[Name, Variable] = {}
    evidence: dict[Id, Evidence] = {}
    caps: dict[Id, Cap] = {}
    rules: tuple[Rule, ...] = ()
    start: Id
    nodes: dict[Id, AnyNode]
    debrief: Debrief
    walkthroughs: dict[Id, Walkthrough]
