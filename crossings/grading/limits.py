"""A brake on guessing private codes."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable


class Guesses:
    """Counts wrong codes of each address; over `most` in `seconds`, the address has to wait.

    A class may share one address, so the brake is mild; the length of the codes is the lock.
    """

    def __init__(
        self, most: int = 30, seconds: float = 600, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def blocked(self, address: str) -> bool:
        times = self._wrong.get(address)
        if times is None:
            return False
        while times and times[0] < self._clock() - self._seconds:
            times.popleft()
        return len(times) >= self._most

    def wrong(self, address: str) -> None:
        self._wrong.setdefault(address, deque()).append(self._clock())
        self._wrong.move_to_end(address)
        while len(self._wrong) > 5000:
            self._wrong.popitem(last=False)
