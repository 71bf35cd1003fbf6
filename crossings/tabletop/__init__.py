"""Tabletop exercises: model, engine and the checks for authors. Pure: no files, no clock.

Teams with roles get injects, talk with each other, act and file forms. What happened is a fold over
the events of a drill (`played`); what a role may know of it is `role_view`.
"""

from crossings.tabletop.event import Event
from crossings.tabletop.model import CONTROL, EVERYBODY, Tabletop
from crossings.tabletop.play import Going, Play, played
from crossings.tabletop.view import public_view, role_view

__all__ = [
    "CONTROL",
    "EVERYBODY",
    "Event",
    "Going",
    "Play",
    "Tabletop",
    "played",
    "public_view",
    "role_view",
]
