"""The invented region in which cases and drills play: `modules/setting/setting.yml`.

One file, so that facts accumulate. It is checked for names that lead nowhere; facts themselves are
free: a country may have any further field with a text (`airport`, `wages`, …).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from crossings.curriculum.files import Document
from crossings.curriculum.problem import Problem, nearest
from crossings.items.model import Frozen, Id, Text

FILE = "modules/setting/setting.yml"
FICTION = r"^555-01[0-9]{2}$"
"""Telephone numbers that are reserved for fiction, so that nobody is called by mistake."""


class Currency(Frozen):
    """The money of the region."""

    name: Text
    plural: Text | None = None
    short: Text | None = None
    note: Text | None = None


class Language(Frozen):
    """A language that people of the region speak."""

    name: Text
    note: Text | None = None


class Forum(Frozen):
    """Where the invented governments meet."""

    name: Text
    nature: Text
    common_date: Text | None = None


class Country(Frozen):
    """An invented country. Any further field holds a text: the national rules on a subject."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Text | tuple[Text, ...]]

    name: Text
    people: Text
    kind: Text
    capital: Text
    languages: tuple[Id, ...] = ()
    sheet: Text
    joined: tuple[Text, ...] = ()
    not_joined: tuple[Text, ...] = ()
    entry: Text | None = None
    asylum: Text | None = None
    recruitment: Text | None = None
    referral: Text | None = None
    detention: Text | None = None
    data: Text | None = None
    passports: Text | None = None
    return_note: Text | None = None


class Place(Frozen):
    """A town, post or building where cases play."""

    name: Text
    country: Id
    drawing: Id | None = None
    what: Text


class Organisation(Frozen):
    """An office, service or company of the region."""

    name: Text
    country: Id | None = None
    does: Text


class Contact(Frozen):
    """A telephone number of the region, and when to call it."""

    who: Text
    number: Annotated[str, Field(pattern=FICTION)]
    when: Text


class Character(Frozen):
    """A person who appears in several cases."""

    name: Text
    pronoun: Literal["she", "he", "they"] | None = None
    """How texts speak of the person, so that no case makes somebody else of them."""
    role: Text
    country: Id | None = None


class Family(Frozen):
    """A family that appears in several cases."""

    name: Text
    country: Id | None = None
    what: Text


class Setting(Frozen):
    """The whole region."""

    id: Id
    name: Text
    summary: Text
    fictional_notice: Text
    sea: Text | None = None
    currency: Currency | None = None
    languages: dict[Id, Language] = {}
    regional_forum: Forum | None = None
    countries: dict[Id, Country] = Field(min_length=1)
    places: dict[Id, Place] = {}
    organisations: dict[Id, Organisation] = {}
    contacts: tuple[Contact, ...] = ()
    people: dict[Id, Character] = {}
    families: dict[Id, Family] = {}
    place_drawings: tuple[Id, ...] = ()


def dangling(setting: Setting, document: Document, root: Path) -> Iterator[Problem]:
    """Names in the setting that lead nowhere, and numbers that two contacts share."""
    shelves: Mapping[str, Mapping[str, Place | Organisation | Character | Family]] = {
        "places": setting.places,
        "organisations": setting.organisations,
        "people": setting.people,
        "families": setting.families,
    }
    for shelf, entries in shelves.items():
        for id_, entry in entries.items():
            if entry.country is not None and entry.country not in setting.countries:
                at = document.place(root, (shelf, id_, "country"))
                hint = nearest(entry.country, setting.countries)
                yield Problem.at(at, f"no country `{entry.country}` in the setting", hint)
    for id_, place in setting.places.items():
        if place.drawing is not None and place.drawing not in setting.place_drawings:
            at = document.place(root, ("places", id_, "drawing"))
            hint = nearest(place.drawing, setting.place_drawings)
            yield Problem.at(at, f"no drawing `{place.drawing}` in `place_drawings`", hint)
    for id_, country in setting.countries.items():
        for language in country.languages:
            if language not in setting.languages:
                at = document.place(root, ("countries", id_, "languages"))
                hint = nearest(language, setting.languages)
                yield Problem.at(at, f"no language `{language}` in the setting", hint)
    yield from _shared_numbers(setting, document, root)


def _shared_numbers(setting: Setting, document: Document, root: Path) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for index, contact in enumerate(setting.contacts):
        owner = owners.setdefault(contact.number, contact.who)
        if owner != contact.who:
            at = document.place(root, ("contacts", index))
            message = f"the number {contact.number} belongs to “{owner}” already"
            yield Problem.at(at, message, "take a free one: 555-0100 to 555-0199")
