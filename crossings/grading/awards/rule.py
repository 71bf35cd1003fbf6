"""`grading/completion.yml`: which assignments, with how many points, make which award."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from crossings.curriculum.files import Document, read_yaml, validated
from crossings.curriculum.model import Course
from crossings.curriculum.problem import Problem, nearest
from crossings.grading.release import assignments
from crossings.items.model import Frozen, Id

FILE = "grading/completion.yml"
_NAME = Annotated[str, Field(min_length=1, max_length=80)]
"""What has to fit on one line of a certificate."""


class AwardIssuer(Frozen):
    """Who awards. `font` is a TrueType file beside the rule, for names that DejaVu cannot write."""

    name: _NAME
    place: Annotated[str, Field(max_length=80)] = ""
    url: str = ""
    signed_by: tuple[_NAME, ...] = Field(default=(), max_length=2)
    font: str = ""

    @field_validator("url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("not an address; write it like https://academy.example")
        return url


class Need(Frozen):
    """An assignment that counts, and the least percent of its points."""

    assignment: str
    percent: Annotated[float, Field(gt=0, le=100)]


class Award(Frozen):
    """What somebody gets who reaches every one of `needs`."""

    id: Id
    title: _NAME
    statement: Annotated[str, Field(min_length=1, max_length=300)]
    needs: tuple[Need, ...] = Field(min_length=1)
    years: Annotated[int, Field(ge=1, le=20)] | None = None

    @model_validator(mode="after")
    def _once(self) -> Self:
        named = [need.assignment for need in self.needs]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise ValueError(f"`{twice[0]}` is needed twice; keep one line")
        return self


class Completion(Frozen):
    """`completion.yml`."""

    issuer: AwardIssuer
    awards: tuple[Award, ...] = Field(min_length=1)

    def award(self, identity: str) -> Award | None:
        return next((a for a in self.awards if a.id == identity), None)


def read(course: Course) -> tuple[Completion | None, tuple[Problem, ...]]:
    """The rule of the course, None where it has none; and what is wrong with it."""
    path = course.root / FILE
    if not path.exists():
        return None, ()
    document, problems = read_yaml(path, course.root)
    if document is None:
        return None, tuple(problems)
    found, problems = validated(document, Completion, course.root)
    if found is None:
        return None, tuple(problems)
    return found, tuple(_dangling(found, document, course))


def problems(course: Course) -> tuple[Problem, ...]:
    """For `./course check`."""
    return read(course)[1]


def _dangling(found: Completion, document: Document, course: Course) -> Iterator[Problem]:
    known = assignments(course)
    seen: set[str] = set()
    for number, award in enumerate(found.awards):
        here: tuple[str | int, ...] = ("awards", number)
        if award.id in seen:
            place = document.place(course.root, (*here, "id"))
            yield Problem.at(place, f"there are two awards `{award.id}`", "rename one of them")
        seen.add(award.id)
        for index, need in enumerate(award.needs):
            if need.assignment not in known:
                place = document.place(course.root, (*here, "needs", index, "assignment"))
                yield Problem.at(
                    place, f"no assignment `{need.assignment}`", nearest(need.assignment, known)
                )
    font = found.issuer.font
    if font and not _is_font(course.root / FILE, font):
        place = document.place(course.root, ("issuer", "font"))
        hint = "put a .ttf or .otf file beside completion.yml and name it"
        yield Problem.at(place, f"no font `{font}`", hint)


def _is_font(rule: Path, name: str) -> bool:
    path = rule.parent / name
    return path.suffix.lower() in (".ttf", ".otf") and path.is_file()
