"""What a report calls somebody: never by a name that the trainer hid."""

from __future__ import annotations

from crossings.drills.casework import name_of
from crossings.drills.state import DrillState


def labels(state: DrillState, names: bool) -> dict[str, str]:
    """What to call each seat that ever was in the room, in order of arrival.

    Its name where `names` are wanted and the trainer has not hidden it; otherwise the number that
    the console and the other participants see for a hidden name.
    """
    return {
        seat.id: seat.name if names and not seat.masked else f"Participant {number}"
        for number, seat in enumerate(state.seats.values(), 1)
    }


def voice_name(state: DrillState, who: str, names: bool) -> str:
    """What to call who plays a case: the room, a team, or somebody."""
    return labels(state, names)[who] if who in state.seats else name_of(state, who)
