"""The drills that the learner site serves: join, answer, look.

An answer is acknowledged only after the log has committed it and the fold has counted it. The room
follows the log, so a console in another process moves it.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from crossings.drills.admission import admitted, asked_name, known_as, seat_with, sign
from crossings.drills.casework import playing
from crossings.drills.limits import Bucket
from crossings.drills.log import Draft, DrillLog
from crossings.drills.names import new_code, typed_code
from crossings.drills.news import news
from crossings.drills.replies import (
    Refused,
    barred,
    ended,
    is_whole,
    late,
    moved_on,
    no_seat,
    request_key,
    saved,
    shut,
    whole_or_0,
)
from crossings.drills.responses import BadResponseError, checked_move, kept
from crossings.drills.rooms import PROJECTOR, Room, Rooms
from crossings.drills.tableacts import act_draft, confirmed
from crossings.drills.tableviews import since
from crossings.drills.tablework import patience
from crossings.drills.teamplay import captain_may, decides
from crossings.drills.teamwork import captain
from crossings.drills.views import participant_view, picture_of, projector_view, version

SCREEN = 0.2
"""Seconds between two pictures of the big screen: its bars are drawn for many answers at once."""
DESK = 0.2
"""Seconds between two news of an exercise to one page: what comes in a burst is told together."""
HEARTBEAT = 15.0
SEAT_CODE_LENGTH = 6
MOST_SEATS = 3000
MOST_STREAMS = 10
"""Pages of one seat that are kept up to date at once; a phone that reconnects leaves old ones."""


class DrillService(Rooms):
    """Serves every drill of one log, in one asyncio loop."""

    def __init__(self, log: Callable[[], DrillLog], clock: Callable[[], float] = time.time) -> None:
        super().__init__(log, clock)
        steady = time.monotonic
        # A whole class sits behind one address: only wrong codes cost anything here.
        # The burst lets a class of hundreds mistype; the rate leaves a guesser a chance of 3 in
        # 100 to meet one drill's code in three hours, and what is met is one empty seat.
        self._wrong = Bucket(burst=600, rate=0.5, clock=steady)
        self._looks = Bucket(burst=60, rate=5, clock=steady)
        self._joins = Bucket(burst=1500, rate=20, clock=steady)
        self._answers = Bucket(burst=40, rate=4, clock=steady)

    def picture(self, address: str) -> str | None:
        """The picture of a question of a drill that somebody is in, as a `data:` address."""
        rooms = (room.state for room in self._rooms.values())
        scripts = (state.plan() for state in rooms if state.script is not None)
        return next((p for s in scripts if (p := picture_of(s, address)) is not None), None)

    # What participants ask for

    async def join(
        self, code: Any, name: Any, key: Any, address: str, device: Any = None
    ) -> dict[str, Any]:
        """A new seat; the same `key` again gives the same seat.

        `device` is what the device calls itself, a random word of its own.
        """
        room = await self._room_by_code(code, address)
        state = room.state
        label, name_key = asked_name(name), request_key(key)
        kept_device = known_as(state, device)
        if state.status == "ended":
            raise ended()
        if state.barred(kept_device):
            raise barred()
        if state.locked and not await self._holds(state.run, f"join:{name_key}"):
            # A page that joined before, and lost the answer, is told again.
            raise shut()
        if len(state.present) >= MOST_SEATS:
            raise Refused(409, "full", "This drill is full. Tell your trainer.")
        if wait := self._joins.wait(address):
            raise Refused(429, "slow", f"Many people are joining. Try again in {wait} s.", wait)
        self._joins.spend(address)
        taken = {s.code for s in state.seats.values()}
        payload = {"name": label, "code": new_code(SEAT_CODE_LENGTH, taken)}
        payload |= {"device": kept_device} if kept_device else {}
        seat = f"s{secrets.token_hex(6)}"
        draft = Draft(state.run, "joined", f"join:{name_key}", payload, seat, self._clock())
        event = (await self._append(draft)).event
        await self._catch_up(room, event.seq)
        return admitted(state, event.seat)

    async def rejoin(
        self, code: Any, seat_code: Any, address: str, device: Any = None
    ) -> dict[str, Any]:
        """The same seat on another device."""
        room = await self._room_by_code(code, address)
        state = room.state
        if state.barred(known_as(state, device)):
            raise barred()
        seat = seat_with(state, seat_code)
        if seat is not None:
            return admitted(state, seat)
        self._wrong.spend(address)
        raise no_seat()

    async def answer(
        self, token: Any, step: Any, response: Any, n: Any, key: Any, decide: Any = None
    ) -> dict[str, Any]:
        """Commit an answer. Returns only when it is on the disk and counts.

        With `decide` the captain of a team decides; without it, it is a vote.
        """
        received = self._clock()
        room, seat = await self._seat(token)
        state = room.state
        if state.seats[seat].removed:
            raise Refused(403, "removed", "You are no longer in this drill. Ask your trainer.")
        if state.plan().tabletop is not None:
            return await self._act(room, seat, step, response, key)
        if state.case is not None and state.case.decide == "each":
            return await self._move(room, seat, step, response, key)
        if decides(state):
            return await self._for_team(room, seat, step, response, n, key, decide is True)
        if not is_whole(step) or step not in state.steps:
            await self._catch_up(room)
        if not is_whole(step) or step not in state.steps:
            raise Refused(409, "not-open", "This question is not open.")
        number = whole_or_0(n)
        answer_key = f"answer:{seat}:{request_key(key)}"
        try:
            given = kept(state, step, response)
        except BadResponseError as error:
            raise Refused(400, "response", str(error)) from error
        if not state.accepts(step, seat, received):
            # The trainer may have given more time in the last moment.
            await self._catch_up(room)
        if not state.accepts(step, seat, received):
            # It may be an answer that was counted, but whose acknowledgement was lost.
            stands = state.answer(step, seat)
            if stands is not None and stands.key == answer_key:
                return saved(step, number, stands=True)
            raise late()
        self._spend_answer(seat)
        payload = {"step": step, "n": number, "response": given}
        draft = Draft(state.run, "answered", answer_key, payload, seat, received)
        ack = await self._append(draft)
        await self._catch_up(room, ack.event.seq)
        # The trainer may have revealed the step in the same moment: the fold has the last word.
        stands = state.answer(step, seat)
        if stands is None or (stands.n, stands.key) < (number, answer_key):
            raise late()
        return saved(step, number, stands.key == answer_key)

    async def _move(
        self, room: Room, seat: str, step: Any, response: Any, key: Any
    ) -> dict[str, Any]:
        """Commit a move of a seat's own play of a case; `step` says how many went before it."""
        state, move_key = room.state, f"acted:{seat}:{request_key(key)}"
        if move_key in state.moves:
            return saved(step, 1, stands=True)
        await self._catch_up(room)
        play = playing(state, seat)
        if move_key in state.moves:
            return saved(step, 1, stands=True)
        if state.status != "running":
            raise Refused(409, "not-open", "The drill stands still. Look at your trainer.")
        if not is_whole(step) or step != play.state.seq:
            raise moved_on("You are further on already. Look at the page again.")
        try:
            kept = checked_move(play, response)
        except BadResponseError as error:
            raise Refused(400, "response", str(error)) from error
        self._spend_answer(seat)
        payload = {"step": step, "response": kept}
        draft = Draft(state.run, "acted", move_key, payload, seat, self._clock())
        ack = await self._append(draft)
        await self._catch_up(room, ack.event.seq)
        # Another device of the seat, or the trainer's pause, may have been first by a moment.
        if move_key not in state.moves:
            raise moved_on("You are further on already. Look at the page again.")
        return saved(step, 1, stands=True)

    async def _for_team(
        self, room: Room, seat: str, step: Any, response: Any, n: Any, key: Any, decide: bool
    ) -> dict[str, Any]:
        """Commit a vote in a team, or what its captain decides; `step` as in `_move`."""
        state, kind = room.state, "acted" if decide else "answered"
        act_key, number = f"{kind}:{seat}:{request_key(key)}", whole_or_0(n)
        if act_key not in state.moves:
            await self._catch_up(room)
        if act_key in state.moves:
            return saved(step, number, stands=True)
        team = state.seats[seat].team or ""
        if state.status != "running" or team not in state.turns:
            raise Refused(409, "not-open", "The drill stands still. Look at your trainer.")
        if not is_whole(step) or step != state.turns[team].step:
            raise moved_on("Your team is further on already. Look at the page again.")
        play, received = playing(state, team), self._clock()
        if decide and captain(state, team) != seat:
            raise Refused(403, "captain", "Only the captain of your team decides.")
        if decide and not captain_may(state, team, received):
            raise Refused(409, "captain", "Your team is still voting.")
        if not decide and not play.votes:
            raise Refused(409, "captain", "There is no vote here: your captain goes on.")
        try:
            kept = checked_move(play, response)
        except BadResponseError as error:
            raise Refused(400, "response", str(error)) from error
        self._spend_answer(seat)
        payload = {"step": step, "response": kept} | ({} if decide else {"n": number})
        ack = await self._append(Draft(state.run, kind, act_key, payload, seat, received))
        await self._catch_up(room, ack.event.seq)
        if act_key in state.moves:
            return saved(step, number, stands=True)
        newer = state.turns.get(team)
        mine = newer.votes.get(seat) if newer and newer.step == step else None
        if mine is None or decide:
            # The team, the captain's other device or a pause was first by a moment.
            raise moved_on("Your team is further on already. Look at the page again.")
        return saved(step, number, stands=False)

    async def _act(
        self, room: Room, seat: str, step: Any, response: Any, key: Any
    ) -> dict[str, Any]:
        """Commit what a role does in a tabletop drill; `step` is the page's own number for it."""
        state, act_key = room.state, f"act:{seat}:{request_key(key)}"
        if act_key not in state.acts:
            try:
                draft = act_draft(state, seat, act_key, response, self._clock())
            except Refused:
                # It may be what was taken before, or what only just became possible.
                await self._catch_up(room)
                if act_key in state.acts:
                    return saved(whole_or_0(step), 1, stands=True)
                draft = act_draft(state, seat, act_key, response, self._clock())
            self._spend_answer(seat)
            ack = await self._append(draft)
            await self._catch_up(room, ack.event.seq)
            if ack.fresh:
                confirmed(state, ack.event, self._clock())
        return saved(whole_or_0(step), 1, stands=True)

    def _spend_look(self, seat: str) -> None:
        if wait := self._looks.wait(seat):
            raise Refused(429, "slow", f"Too many requests at once. Wait {wait} s.", wait)
        self._looks.spend(seat)

    def _spend_answer(self, seat: str) -> None:
        if wait := self._answers.wait(seat):
            raise Refused(429, "slow", f"Too many answers at once. Wait {wait} s.", wait)
        self._answers.spend(seat)

    async def view(self, token: Any) -> dict[str, Any]:
        room, seat = await self._seat(token)
        self._spend_look(seat)
        return participant_view(room.state, seat, self._clock())

    async def listen(self, token: Any) -> AsyncIterator[dict[str, Any] | None]:
        """The view now and whenever it changes; None is a heartbeat.

        In an exercise that is on, what follows the first view is news: see `news`.
        """
        room, seat = await self._seat(token)
        self._spend_look(seat)
        if len(room.listeners.get(seat, ())) >= MOST_STREAMS:
            raise Refused(429, "slow", "This seat is open too often. Close some pages.", 5)

        def look(known: dict[str, Any] | None) -> dict[str, Any] | None:
            now = self._clock()
            if known is not None and version(room.state, seat, now) == known["version"]:
                return None
            return participant_view(room.state, seat, now)

        def tell(known: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
            return news(known, shown, partial(since, room.state))

        desks = room.state.plan().tabletop is not None
        return self._told(room, seat, look, tell, DESK if desks else 0)

    # What the projector asks for

    async def projector(self, key: Any) -> dict[str, Any]:
        room = await self._room_by_projector(key)
        return projector_view(room.state, self._clock())

    async def listen_projector(self, key: Any) -> AsyncIterator[dict[str, Any] | None]:
        room = await self._room_by_projector(key)

        def look(known: dict[str, Any] | None) -> dict[str, Any] | None:
            shown = projector_view(room.state, self._clock())
            return None if known is not None and shown["version"] == known["version"] else shown

        return self._told(room, PROJECTOR, look, lambda _, shown: shown, SCREEN)

    async def _told(
        self,
        room: Room,
        name: str,
        look: Callable[[dict[str, Any] | None], dict[str, Any] | None],
        tell: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]],
        pace: float,
    ) -> AsyncIterator[dict[str, Any] | None]:
        """What `look` shows whenever it changes, with at least `pace` seconds between.

        `look` is given what was shown last, and returns None where that still holds; `tell` says
        what to send to who was shown that.
        """
        bell = asyncio.Event()
        room.listeners.setdefault(name, set()).add(bell)
        try:
            known: dict[str, Any] | None = None
            told = time.monotonic()
            while True:
                bell.clear()
                room.used = self._clock()
                shown = look(known)
                if shown is not None:
                    before, known = known, shown
                    yield shown if before is None else tell(before, shown)
                    told = time.monotonic()
                elif time.monotonic() - told >= HEARTBEAT:
                    yield None
                    told = time.monotonic()
                quiet = max(0.0, told + HEARTBEAT - time.monotonic())
                try:
                    # Not `wait_for`: on Python 3.11 that may swallow the end of a page that leaves.
                    async with asyncio.timeout(patience(room.state, self._clock(), quiet)):
                        await bell.wait()
                    await asyncio.sleep(max(0.0, told + pace - time.monotonic()))
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
            run, seat, proof = parts
            room = await self._room(run)
            if room.state.script is not None and hmac.compare_digest(
                proof.encode(), sign(room.state, seat).encode()
            ):
                if seat not in room.state.seats:
                    await self._catch_up(room)
                if seat in room.state.seats:
                    return room, seat
            if room.state.script is None:
                self._rooms.pop(run, None)
        raise Refused(401, "token", "This device has no seat in a drill. Join again with the code.")
