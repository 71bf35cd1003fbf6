"""The drills that the learner site serves: join, answer, look.

An answer is acknowledged only after the log has committed it and the fold has counted it. The room
follows the log, so a console in another process moves it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from crossings.drills.casework import playing
from crossings.drills.limits import Bucket
from crossings.drills.log import Draft, DrillLog
from crossings.drills.names import cleaned, new_code, typed_code
from crossings.drills.responses import BadResponseError, checked, checked_move
from crossings.drills.rooms import PROJECTOR, Refused, Room, Rooms
from crossings.drills.state import DrillState
from crossings.drills.views import participant_view, picture_of, projector_view
from crossings.drills.votes import turn

SCREEN = 0.2
"""Seconds between two pictures of the big screen: its bars are drawn for many answers at once."""
HEARTBEAT = 15.0
SEAT_CODE_LENGTH = 6
MOST_SEATS = 3000


class DrillService(Rooms):
    """Serves every drill of one log, in one asyncio loop."""

    def __init__(self, log: Callable[[], DrillLog], clock: Callable[[], float] = time.time) -> None:
        super().__init__(log, clock)
        steady = time.monotonic
        # A whole class sits behind one address: only wrong codes cost anything here.
        self._wrong = Bucket(burst=60, rate=0.5, clock=steady)
        self._joins = Bucket(burst=1500, rate=20, clock=steady)
        self._answers = Bucket(burst=40, rate=4, clock=steady)

    def picture(self, address: str) -> str | None:
        """The picture of a question of a drill that somebody is in, as a `data:` address."""
        rooms = (room.state for room in self._rooms.values())
        scripts = (state.plan() for state in rooms if state.script is not None)
        return next((p for s in scripts if (p := picture_of(s, address)) is not None), None)

    # What participants ask for

    async def join(self, code: Any, name: Any, key: Any, address: str) -> dict[str, Any]:
        """A new seat; the same `key` again gives the same seat."""
        room = await self._room_by_code(code, address)
        state = room.state
        label = cleaned(name)
        if not label:
            raise Refused(400, "name", "Please write your name, or any name you like.")
        name_key = _key(key)
        if state.status == "ended":
            raise Refused(409, "ended", "This drill is over. Ask your trainer for the next one.")
        if len(state.present) >= MOST_SEATS:
            raise Refused(409, "full", "This drill is full. Tell your trainer.")
        if wait := self._joins.wait(address):
            raise Refused(429, "slow", f"Many people are joining. Try again in {wait} s.", wait)
        self._joins.spend(address)
        taken = {s.code for s in state.seats.values()}
        payload = {"name": label, "code": new_code(SEAT_CODE_LENGTH, taken)}
        draft = Draft(
            state.run,
            "joined",
            f"join:{name_key}",
            payload,
            seat=f"s{secrets.token_hex(6)}",
            at=self._clock(),
        )
        event = (await self._append(draft)).event
        await self._catch_up(room, event.seq)
        return self._admitted(room, event.seat)

    async def rejoin(self, code: Any, seat_code: Any, address: str) -> dict[str, Any]:
        """The same seat on another device."""
        room = await self._room_by_code(code, address)
        wanted = typed_code(seat_code)
        for seat in room.state.seats.values():
            if wanted and hmac.compare_digest(seat.code.encode(), wanted.encode()):
                if seat.removed:
                    raise Refused(403, "removed", "The trainer has taken this seat out.")
                return self._admitted(room, seat.id)
        self._wrong.spend(address)
        raise Refused(
            404,
            "seat",
            "There is no seat with this code in this drill. Look at it on "
            "your first device, or ask your trainer.",
        )

    async def answer(
        self, token: Any, step: Any, response: Any, n: Any, key: Any
    ) -> dict[str, Any]:
        """Commit an answer. Returns only when it is on the disk and counts."""
        received = self._clock()
        room, seat = await self._seat(token)
        state = room.state
        if state.seats[seat].removed:
            raise Refused(403, "removed", "You are no longer in this drill. Ask your trainer.")
        if state.case is not None and state.case.decide == "each":
            return await self._move(room, seat, step, response, key)
        if not _whole(step) or step not in state.steps:
            await self._catch_up(room)
        if not _whole(step) or step not in state.steps:
            raise Refused(409, "not-open", "This question is not open.")
        number = n if _whole(n) and 0 <= n <= 1_000_000 else 0
        answer_key = f"answer:{seat}:{_key(key)}"
        try:
            kept = _kept(state, step, response)
        except BadResponseError as error:
            raise Refused(400, "response", str(error)) from error
        if not state.accepts(step, seat, received):
            # The trainer may have given more time in the last moment.
            await self._catch_up(room)
        if not state.accepts(step, seat, received):
            # It may be an answer that was counted, but whose acknowledgement was lost.
            stands = state.answer(step, seat)
            if stands is not None and stands.key == answer_key:
                return _saved(step, number, stands=True)
            raise _late()
        if wait := self._answers.wait(seat):
            raise Refused(429, "slow", f"Too many answers at once. Wait {wait} s.", wait)
        self._answers.spend(seat)
        payload = {"step": step, "n": number, "response": kept}
        draft = Draft(state.run, "answered", answer_key, payload, seat, received)
        ack = await self._append(draft)
        await self._catch_up(room, ack.event.seq)
        # The trainer may have revealed the step in the same moment: the fold has the last word.
        stands = state.answer(step, seat)
        if stands is None or (stands.n, stands.key) < (number, answer_key):
            raise _late()
        return _saved(step, number, stands.key == answer_key)

    async def _move(
        self, room: Room, seat: str, step: Any, response: Any, key: Any
    ) -> dict[str, Any]:
        """Commit a move of a seat's own play of a case; `step` says how many went before it."""
        state, move_key = room.state, f"acted:{seat}:{_key(key)}"
        if move_key in state.moves:
            return _saved(step, 1, stands=True)
        await self._catch_up(room)
        play = playing(state, seat)
        if move_key in state.moves:
            return _saved(step, 1, stands=True)
        if state.status != "running":
            raise Refused(409, "not-open", "The drill stands still. Look at your trainer.")
        if not _whole(step) or step != play.state.seq:
            raise Refused(409, "moved-on", "You are further on already. Look at the page again.")
        try:
            kept = checked_move(play, response)
        except BadResponseError as error:
            raise Refused(400, "response", str(error)) from error
        if wait := self._answers.wait(seat):
            raise Refused(429, "slow", f"Too many answers at once. Wait {wait} s.", wait)
        self._answers.spend(seat)
        payload = {"step": step, "response": kept}
        draft = Draft(state.run, "acted", move_key, payload, seat, self._clock())
        ack = await self._append(draft)
        await self._catch_up(room, ack.event.seq)
        # Another device of the seat, or the trainer's pause, may have been first by a moment.
        if move_key not in state.moves:
            raise Refused(409, "moved-on", "You are further on already. Look at the page again.")
        return _saved(step, 1, stands=True)

    async def view(self, token: Any) -> dict[str, Any]:
        room, seat = await self._seat(token)
        return participant_view(room.state, seat, self._clock())

    async def listen(self, token: Any) -> AsyncIterator[dict[str, Any] | None]:
        """The view now and whenever it changes; None is a heartbeat."""
        room, seat = await self._seat(token)

        def look() -> tuple[Any, dict[str, Any]]:
            shown = participant_view(room.state, seat, self._clock())
            return shown["version"], shown

        return self._news(room, seat, look)

    # What the projector asks for

    async def projector(self, key: Any) -> dict[str, Any]:
        room = await self._room_by_projector(key)
        return projector_view(room.state, self._clock())

    async def listen_projector(self, key: Any) -> AsyncIterator[dict[str, Any] | None]:
        room = await self._room_by_projector(key)

        def look() -> tuple[Any, dict[str, Any]]:
            shown = projector_view(room.state, self._clock())
            return shown["version"], shown

        return self._news(room, PROJECTOR, look, SCREEN)

    async def _news(
        self,
        room: Room,
        name: str,
        look: Callable[[], tuple[Any, dict[str, Any]]],
        pace: float = 0,
    ) -> AsyncIterator[dict[str, Any] | None]:
        """What `look` shows whenever it changes, with at least `pace` seconds between."""
        bell = asyncio.Event()
        room.listeners.setdefault(name, set()).add(bell)
        try:
            known: Any = None
            while True:
                bell.clear()
                room.used = self._clock()
                version, shown = look()
                yield shown if version != known else None
                known = version
                try:
                    # Not `wait_for`: on Python 3.11 that may swallow the end of a page that leaves.
                    async with asyncio.timeout(HEARTBEAT):
                        await bell.wait()
                    await asyncio.sleep(pace)
                except TimeoutError:
                    continue
        finally:
            room.listeners[name].discard(bell)
            if not room.listeners[name]:
                del room.listeners[name]

    # Rooms

    async def _room_by_code(self, code: Any, address: str) -> Room:
        if wait := self._wrong.wait(address):
            raise Refused(
                429, "slow", f"Too many wrong codes from here. Try again in {wait} s.", wait
            )
        wanted = typed_code(code)
        run = await self._run_with("code", wanted) if wanted else None
        if run is None:
            self._wrong.spend(address)
            raise Refused(
                404,
                "code",
                "There is no drill with this code. Look at the screen in "
                "front of the class and type it again.",
            )
        return await self._room(run)

    async def _room_by_projector(self, key: Any) -> Room:
        run = await self._run_with("projector", key) if isinstance(key, str) and key else None
        if run is None:
            raise Refused(
                404,
                "key",
                "This projector address is not right. Open it from the trainer's console.",
            )
        return await self._room(run)

    async def _seat(self, token: Any) -> tuple[Room, str]:
        parts = token.split(".") if isinstance(token, str) and len(token) < 300 else []
        if len(parts) == 3:
            run, seat, sign = parts
            room = await self._room(run)
            if room.state.script is not None and hmac.compare_digest(
                sign.encode(), _sign(room.state, seat).encode()
            ):
                if seat not in room.state.seats:
                    await self._catch_up(room)
                if seat in room.state.seats:
                    return room, seat
            if room.state.script is None:
                self._rooms.pop(run, None)
        raise Refused(401, "token", "This device has no seat in a drill. Join again with the code.")

    def _admitted(self, room: Room, seat_id: str) -> dict[str, Any]:
        seat = room.state.seats.get(seat_id)
        if seat is None:
            raise Refused(409, "ended", "This drill is over. Ask your trainer for the next one.")
        if seat.removed:
            raise Refused(403, "removed", "The trainer has taken this seat out.")
        token = f"{room.state.run}.{seat.id}.{_sign(room.state, seat.id)}"
        return {
            "seat": seat.id,
            "token": token,
            "seat_code": seat.code,
            "name": seat.name,
            "code": room.state.code,
            "run": room.state.run,
        }


def _kept(state: DrillState, step: int, response: Any) -> dict[str, Any]:
    """The part of an answer, or of a vote on a turn of a case, that enters the log."""
    if state.case is None:
        return checked(state.plan(), step, response)
    play = turn(state, step)
    if not play.votes:
        raise BadResponseError("There is nothing to vote on here. Your trainer goes on.")
    return checked_move(play, response)


def _late() -> Refused:
    return Refused(409, "late", "Time was over before this answer arrived. It is not counted.")


def _saved(step: int, n: int, stands: bool) -> dict[str, Any]:
    """`stands` is False when a newer answer of the same seat counts instead."""
    return {"saved": True, "step": step, "n": n, "stands": stands}


def _sign(state: DrillState, seat: str) -> str:
    return hmac.new(state.secret.encode(), seat.encode(), hashlib.sha256).hexdigest()[:40]


def _key(key: Any) -> str:
    if isinstance(key, str) and 8 <= len(key) <= 64 and key.isascii() and key.isprintable():
        return key
    raise Refused(400, "key", "The request needs a `key` of 8 to 64 plain characters.")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
