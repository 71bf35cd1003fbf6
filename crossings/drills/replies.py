"""What the service answers to a request: saved, or refused with words for the learner."""

from __future__ import annotations

from typing import Any

from crossings.drills.log import DrillLogError


class Refused(Exception):  # noqa: N818 (an answer to the learner, not a fault)
    """A request that cannot be granted; `message` is for the learner to read."""

    def __init__(self, status: int, code: str, message: str, wait: int = 0) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.wait = status, code, message, wait


def unavailable(error: DrillLogError) -> Refused:
    return Refused(
        503,
        "log",
        f"Your answer cannot be saved at the moment; it is kept on your "
        f"device. Tell your trainer: {error}",
        wait=3,
    )


def ended() -> Refused:
    return Refused(409, "ended", "This drill is over. Ask your trainer for the next one.")


def no_seat() -> Refused:
    where = "Look at it on your first device, or ask your trainer."
    return Refused(404, "seat", f"There is no seat with this code in this drill. {where}")


def shut() -> Refused:
    return Refused(403, "locked", "The trainer has locked the room: nobody new can join now.")


def barred() -> Refused:
    return Refused(403, "blocked", "The trainer has closed this drill for this device.")


def late() -> Refused:
    return Refused(409, "late", "Time was over before this answer arrived. It is not counted.")


def moved_on(message: str) -> Refused:
    return Refused(409, "moved-on", message)


def whole_or_0(n: Any) -> int:
    return n if is_whole(n) and 0 <= n <= 1_000_000 else 0


def saved(step: int, n: int, stands: bool) -> dict[str, Any]:
    """`stands` is False when a newer answer of the same seat counts instead."""
    return {"saved": True, "step": step, "n": n, "stands": stands}


def request_key(key: Any) -> str:
    if isinstance(key, str) and 8 <= len(key) <= 64 and key.isascii() and key.isprintable():
        return key
    raise Refused(400, "key", "The request needs a `key` of 8 to 64 plain characters.")


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
