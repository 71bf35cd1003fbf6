"""Limits on what one address or one seat may send, as leaking buckets."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address


def whose(address: str) -> str:
    """The name under which an address is counted: one computer has a whole /64 of IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Network((found, 64), strict=False))
    return str(found)


class Bucket:
    """Lets each name spend `burst` at once, and `rate` a second in the long run.

    At most `names` names are remembered; the one unused for longest is forgotten first.
    """

    def __init__(
        self, burst: float, rate: float, clock: Callable[[], float], names: int = 20_000
    ) -> None:
        self._burst, self._rate, self._clock, self._names = burst, rate, clock, names
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str, cost: float = 1.0) -> int:
        """Whole seconds until `name` may spend `cost`; 0 means now. Spends nothing."""
        missing = cost - self._level(name)
        return 0 if missing <= 0 else max(1, math.ceil(missing / self._rate))

    def spend(self, name: str, cost: float = 1.0) -> None:
        self._levels[name] = (max(0.0, self._level(name) - cost), self._clock())
        self._levels.move_to_end(name)
        while len(self._levels) > self._names:
            self._levels.popitem(last=False)

    def _level(self, name: str) -> float:
        if name not in self._levels:
            return self._burst
        level, at = self._levels[name]
        return min(self._burst, level + (self._clock() - at) * self._rate)
