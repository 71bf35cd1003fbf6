"""The tabletop exercise: roles, what happens to them, what they may do, what should be reached.

Plain, immutable data, read from the block `tabletop` of a drill. `crossings.tabletop.play` gives it
its meaning; `docs/formats/tabletop.md` shows an author every field with an example.

Minutes are minutes of the class, from the start of the drill. The story's clock runs `pace` times
as fast.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crossings.cases.model import Grade
from crossings.items.model import Frozen, Id, Text
from crossings.items.scale import Scale

Minute = Annotated[int, Field(ge=0, le=600)]
FieldKind = Literal["line", "text", "number", "time", "choice", "choices"]

EVERYBODY = "all"
"""In `to`: every role; what goes to everybody is public and stands on the projector."""
CONTROL = "control"
"""Whom roles write to when they ask for what nobody in the room plays: the trainer."""
Roles = Annotated[tuple[Id, ...], Field(min_length=1)]
To = Literal["all"] | Roles


class Office(Frozen):
    """An office that a team plays. `brief` is read by that team only."""

    name: Text
    brief: Text


class Milestone(Frozen):
    """Something that should be reached: a switch that is off until an action, a form or an inject
    meets it, its `when` holds, or (`trainer: true`) the trainer says so."""

    text: Text
    by: Minute | None = None
    """The minute by which it should be met."""
    roles: tuple[Id, ...] = ()
    """Who answers for it."""
    when: str | None = None
    trainer: bool = False
    reason: Text
    cites: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class RoleAction(Frozen):
    """Something that a role may do, once. `meets` and `undoes` switch milestones on and off."""

    roles: Roles
    text: Text
    when: str | None = None
    """It can be done while this holds; without it, always."""
    meets: tuple[Id, ...] = ()
    undoes: tuple[Id, ...] = ()
    grade: Grade
    consequence: Text
    reason: Text
    cites: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class FieldOption(Frozen):
    """One of the answers that a field offers."""

    id: Id
    text: Text


class FormField(Frozen):
    """A line of a form."""

    id: Id
    label: Text
    kind: FieldKind = "line"
    required: bool = True
    hint: Text | None = None
    options: tuple[FieldOption, ...] = ()

    @model_validator(mode="after")
    def _options(self) -> Self:
        if self.kind in ("choice", "choices") and len(self.options) < 2:
            raise ValueError(f"a field of kind `{self.kind}` needs at least two `options`")
        if self.kind not in ("choice", "choices") and self.options:
            raise ValueError("`options` are for fields of kind `choice` or `choices`")
        return self


class Form(Frozen):
    """A form that roles fill in, as often as they need: situation report, referral, press line.

    `note` says whose form it is. `to` is who reads it; to `all` makes it public.
    """

    title: Text
    note: Text
    roles: Roles
    to: To
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=12)
    when: str | None = None
    meets: tuple[Id, ...] = ()


class Silence(Frozen):
    """Nobody told the role `told` anything until minute `by`; with `of`, that role did not."""

    told: Id
    by: Minute
    of: Id | None = None


class Inject(Frozen):
    """News that reaches roles. Exactly one trigger:

    `at`: at this minute; with `when`, only if that holds then. `when`: as soon as it holds, but not
    before `earliest`, and `delay` minutes later. `silence`. `hand: true`: the trainer sends it.
    """

    id: Id
    title: Text
    text: Text
    sender: Text | None = None
    """Who speaks, for example `Radio, patrol boat`."""
    to: To
    at: Minute | None = None
    when: str | None = None
    earliest: Minute = 0
    delay: Minute = 0
    silence: Silence | None = None
    hand: bool = False
    asks: tuple[Id, ...] = ()
    """Forms that it calls for."""
    meets: tuple[Id, ...] = ()
    undoes: tuple[Id, ...] = ()
    note: Text | None = None
    """For the trainer: what to watch for."""

    @model_validator(mode="after")
    def _triggered(self) -> Self:
        timed = self.at is not None or self.when is not None
        count = timed + (self.silence is not None) + self.hand
        if count == 0:
            raise ValueError("it needs a trigger: `at`, `when`, `silence` or `hand: true`")
        if count > 1:
            raise ValueError("it has one trigger: `at` and `when` may stand together, others not")
        if (self.earliest or self.delay) and (self.when is None or self.at is not None):
            raise ValueError("`earliest` and `delay` are for an inject with `when` but no `at`")
        return self


class ForkWay(Frozen):
    """One way on at a branch. `when` is asked at the branch's minute; the last way has none."""

    text: Text
    when: str | None = None


class Fork(Frozen):
    """A branch of the story: the trainer chooses one of the ways; at minute `at`, where nobody has,
    the first way whose `when` holds is taken."""

    question: Text
    at: Minute | None = None
    ways: dict[Id, ForkWay] = Field(min_length=2)


class Tabletop(Frozen):
    """A whole exercise."""

    starts_at: Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]$")] = "08:00"
    pace: Annotated[int, Field(ge=1, le=60)] = 1
    """Minutes of the story in one minute of the class."""
    roles: dict[Id, Office] = Field(min_length=2, max_length=12)
    milestones: dict[Id, Milestone] = Field(min_length=1)
    actions: dict[Id, RoleAction] = {}
    forms: dict[Id, Form] = {}
    branches: dict[Id, Fork] = {}
    injects: tuple[Inject, ...] = Field(min_length=1)
    rubric: tuple[Scale, ...] = Field(default=(), max_length=9)
    """By what the trainer scores each role."""

    @model_validator(mode="after")
    def _rubric_says(self) -> Self:
        if any(scale.text is None for scale in self.rubric):
            raise ValueError("each criterion of `rubric` needs `text`: what is looked for")
        if len({s.id for s in self.rubric}) != len(self.rubric):
            raise ValueError("two criteria of `rubric` share an id: give each its own id")
        for word in (EVERYBODY, CONTROL):
            if word in self.roles:
                raise ValueError(f"`{word}` is no name for a role: it has a meaning of its own")
        return self

    def inject(self, name: str) -> Inject | None:
        return next((i for i in self.injects if i.id == name), None)

    def receivers(self, to: To) -> tuple[str, ...]:
        """The roles that `to` names."""
        return tuple(self.roles) if to == EVERYBODY else tuple(to)

    def story_time(self, ms: int) -> str:
        """The story's clock after `ms` milliseconds of the exercise."""
        start = int(self.starts_at[:2]) * 60 + int(self.starts_at[3:])
        now = (start + ms * self.pace // 60_000) % 1440
        return f"{now // 60:02d}:{now % 60:02d}"
