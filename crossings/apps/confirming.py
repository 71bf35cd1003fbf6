"""What cannot be undone is asked for twice: the second press within some seconds does it."""

from __future__ import annotations

import time

WITHIN = 6.0
"""Seconds in which a second press confirms."""


class Confirming:
    """Remembers the last thing that was asked for once."""

    def __init__(self) -> None:
        self._what, self._at = "", 0.0

    def confirmed(self, what: str) -> bool:
        """True at the second press; the first one begins to wait for it."""
        if self.asked(what):
            self._what = ""
            return True
        self._what, self._at = what, time.time()
        return False

    def asked(self, what: str) -> bool:
        """Whether `what` was pressed once a moment ago."""
        return self._what == what and time.time() - self._at < WITHIN
