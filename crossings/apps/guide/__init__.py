"""The staff's guide to a module: one file to print, with the keys that no public page shows.

Session plan (from the public guide), worksheets with keys, rubrics and model answers, what a person
marks in data notebooks, and a run sheet for each live drill.
"""

from crossings.apps.guide.place import PublicPlaceError, write
from crossings.apps.guide.sheets import page

__all__ = ["PublicPlaceError", "page", "write"]
