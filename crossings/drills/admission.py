"""Who is let into a room: names, devices, seats, and the proof that a device has its seat."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from crossings.drills.names import claims_to_lead, cleaned, typed_code
from crossings.drills.replies import Refused, barred, ended, shut
from crossings.drills.state import DrillState


def seat_with(state: DrillState, seat_code: Any) -> str | None:
    """The seat that has this code, whatever became of it."""
    wanted = typed_code(seat_code)
    for seat in state.seats.values():
        if wanted and hmac.compare_digest(seat.code.encode(), wanted.encode()):
            return seat.id
    return None


def admitted(state: DrillState, seat_id: str) -> dict[str, Any]:
    """What a device needs to be this seat; raises `Refused` where it may not be."""
    seat = state.seats.get(seat_id)
    if seat is None:
        # Lock, block or end came first by a moment.
        raise shut() if state.locked else ended()
    if seat.blocked:
        raise barred()
    if seat.removed:
        raise Refused(403, "removed", "The trainer has taken this seat out.")
    token = f"{state.run}.{seat.id}.{sign(state, seat.id)}"
    return {
        "seat": seat.id,
        "token": token,
        "seat_code": seat.code,
        "name": seat.name,
        "code": state.code,
        "run": state.run,
    }


def asked_name(name: Any) -> str:
    """The name as all will see it."""
    label = cleaned(name)
    if not label:
        raise Refused(400, "name", "Please write your name, or any name you like.")
    if claims_to_lead(label):
        raise Refused(400, "name", "This name belongs to who leads the drill. Write another.")
    return label


def known_as(state: DrillState, device: Any) -> str:
    """What this run knows a device by: a keyed hash of its own random word, useless elsewhere."""
    if not isinstance(device, str) or not 8 <= len(device) <= 64:
        return ""
    word = f"device {device}".encode("utf-8", "replace")
    return hmac.new(state.secret.encode(), word, hashlib.sha256).hexdigest()[:24]


def sign(state: DrillState, seat: str) -> str:
    """What proves that a token is of this run's making."""
    return hmac.new(state.secret.encode(), seat.encode(), hashlib.sha256).hexdigest()[:40]
