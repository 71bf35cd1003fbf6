"""Somebody to refer in a triage drill, written by an author or drawn by the generator."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crossings.items.model import Frozen, Id, Text

ObjectiveId = Annotated[str, Field(pattern=r"^[A-Z]{2,4}-[0-9]{1,2}$")]


class TriagePerson(Frozen):
    """Somebody to refer in a triage drill.

    `right` channels earn full points, `acceptable` ones half. `need` says whether missing this
    person means a missed protection need. `why` explains with `cites`.
    """

    id: Id
    name: Text
    seen: Text
    says: Text
    documents: Text
    right: tuple[Id, ...] = Field(min_length=1)
    acceptable: tuple[Id, ...] = ()
    need: bool
    why: Text
    cites: tuple[str, ...] = Field(min_length=1)
    sources: tuple[str, ...] = ()
    indicators: tuple[Text, ...] = ()
    rules: tuple[Text, ...] = ()
    """The rules that make it right, in words, for the debrief by rule; the generator's."""
    objectives: tuple[ObjectiveId, ...] = ()
    seconds: Annotated[int, Field(ge=5, le=3600)] | None = None


class TriageChannel(Frozen):
    id: Id
    text: Text
