"""The debrief of a drill: on the wall, as files to take along, and beside another run."""

from crossings.apps.debrief.app import Debrief, debrief
from crossings.apps.debrief.page import page

__all__ = ["Debrief", "debrief", "page"]
