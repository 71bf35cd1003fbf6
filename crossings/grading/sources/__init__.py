"""Submissions that did not come through the learner site.

    handed.py     one submission as it was found;  reading.py  reading it without harm
    exchange.py   an nbgrader exchange;  folder.py  a folder;  moodle.py  a Moodle download
    people.py     whose it is: never a guess;  take.py  into nbgrader's folder

A submission that must not be unpacked is refused with its reason; the others go on.
"""

from crossings.grading.sources.handed import SourceError
from crossings.grading.sources.take import Collection, take

__all__ = ["Collection", "SourceError", "take"]
