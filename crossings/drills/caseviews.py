"""What pages may know of a case drill while it is played, and what they learn when it is over.

The engine's view of a play in mode `drill` holds no grade, reason or hidden variable until an
ending. A live drill is stricter: what others are still playing for, and the outcome, wait until
the trainer ends the drill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crossings.cases.variants import Teller
from crossings.drills import teamplay, teamviews, votes
from crossings.drills.casework import ROOM, Playing, playing, voice, voices
from crossings.drills.script import Reading
from crossings.drills.state import DrillState, Seat

Json = dict[str, Any]

_SCENE = ("node", "kind", "title", "text", "time", "people", "variables", "evidence", "question",
          "options", "person", "questions", "remaining", "finds", "arrivals", "channels",
          "prompt")  # fmt: skip
_NEWS = ("kind", "text", "answer", "consequence", "evidence", "name", "channel")
"""Of what followed: never the grade, the reason or the rules."""
_FINAL = ("title", "text", "outcome", "well", "went_wrong", "missed", "later", "caps", "people",
          "ask")  # fmt: skip
OUTCOMES = {"protected": "Protected", "partly": "Partly protected", "missed": "Missed",
            "harmed": "Harm was done"}  # fmt: skip


def scene(play: Playing) -> Json:
    """Where a play stands, as everybody who plays it may see it."""
    shown = play.shown
    found = {k: shown[k] for k in _SCENE if k in shown}
    known = {c["id"] for c in shown["evidence"]}
    # Asked or opened here a moment ago: the scene itself was read before.
    found["again"] = not play.state.log[-1]["entered"]
    found["dossier"] = [c for c in shown["dossier"] if c["id"] not in known]
    found["news"] = [{k: n[k] for k in _NEWS if k in n} for n in shown["announce"]]
    return found


def participant_step(state: DrillState, seat: Seat, now: float) -> Json:
    """The current turn for one seat."""
    part = state.case
    assert part is not None
    play = playing(state, voice(state, seat.id))
    step: Json = {"decide": part.decide, "votes": play.votes}
    if part.decide == "each":
        step["scene"] = scene(play)
        return step | {"index": play.state.seq, "phase": "open", "deadline": None, "left": None,
                       "answer": None, "seconds": 0}  # fmt: skip
    if part.decide == "team":
        step["scene"] = _once(state, f"scene/{seat.team}", lambda: scene(play))
        return step | teamviews.turn(state, seat, play, now)
    index = state.step
    step["scene"] = _once(state, "scene", lambda: scene(play))
    answer = state.answer(index, seat.id)
    return step | _turn(state, index, now, seat.id) | {
        "answer": {"response": dict(answer.response), "n": answer.n} if answer else None,
        "seconds": part.seconds + seat.extra,
    }  # fmt: skip


def _turn(state: DrillState, index: int, now: float, seat: str | None = None) -> Json:
    """A turn of the room: its phase, its time, its split once revealed, and the turn before."""
    play = playing(state, ROOM)
    phase = state.phase(index, now, seat) if play.votes else "open"
    found: Json = {"index": index, "phase": phase}
    found["last"] = _once(state, "last", lambda: last(state, index))
    found |= {"deadline": None, "left": None}
    if play.votes:
        # As `views.clock`: seconds stand still while the drill is paused.
        deadline = state.deadline(index, seat)
        paused = state.paused_at
        found["deadline" if paused is None else "left"] = (
            deadline if paused is None else max(0.0, deadline - paused)
        )
    if phase == "revealed":
        found["split"] = _once(state, "split", lambda: votes.split(state, index))
    return found


def _once(state: DrillState, name: str, made: Callable[[], Any]) -> Any:
    """What `made` gives, worked out once for everybody who asks at this moment of the drill."""
    if name not in state.memo:
        state.memo[name] = made()
    return state.memo[name]


def last(state: DrillState, index: int) -> Json | None:
    """What the room decided at the turn before, and how its votes were spread."""
    done = state.taken.get(index - 1)
    if done is None or done.before.kind in ("scene", "note"):
        return None
    return {
        "title": done.before.shown["title"],
        "taken": votes.told(done),
        "how": done.how,
        "split": votes.split(state, index - 1),
        "votes": len(votes.cast(state, index - 1)),
    }


def final(state: DrillState, seat: Seat) -> Json:
    """The end for one seat: the ending, the points, and the debrief of the play."""
    part = state.case
    assert part is not None
    play = playing(state, voice(state, seat.id))
    score, told = play.score, play.debrief
    found: Json = {k: told[k] for k in _FINAL}
    found["outcome"] = OUTCOMES.get(str(told["outcome"]), "Not finished")
    found["tone"] = told["outcome"] or "none"
    found |= {"percent": score["percent"], "points": score["points"], "of": score["max"]}
    cited = {i for group in ("well", "went_wrong", "people", "caps", "later")
             for one in told[group] for i in one.get("cites", ())}  # fmt: skip
    law = state.plan().law
    found["law"] = {i: f"{law[i].title} ({law[i].where})" for i in sorted(cited) if i in law}
    return found | {"decide": part.decide, "read": [r.title for r in to_read(state, [play])]}


def to_read(state: DrillState, plays: Iterable[Playing]) -> list[Reading]:
    """Chapters that teach what these plays lost points on, the weakest objective first."""
    got: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for play in plays:
        for objective, tally in play.score["objectives"].items():
            got[objective] += tally["points"]
            most[objective] += tally["max"]
    shares = {o: got[o] / most[o] for o in most if most[o]}
    weak = sorted((o for o in shares if shares[o] < 0.8), key=lambda o: shares[o])
    readings = state.plan().readings
    found = {r.where: r for o in weak for r in readings.get(o, ())}
    return list(found.values())[:3]


def projector_step(state: DrillState, now: float) -> Json:
    """The big screen: the room's scene, or how far everybody is. No names, no notes."""
    part = state.case
    assert part is not None
    if part.decide != "room":
        plays = [playing(state, who) for who in voices(state)]
        done = sum(p.over for p in plays)
        step: Json = {"decide": part.decide, "index": 0, "phase": "open", "deadline": None,
                      "left": None, "seconds": 0, "none": 0}  # fmt: skip
        step |= {"answered": done, "of": len(plays)}
        return step | ({"teams": teamviews.progress(state)} if teamplay.decides(state) else {})
    index, play = state.step, playing(state, ROOM)
    step = {"decide": "room", "votes": play.votes, "scene": scene(play)}
    step["ballot"] = [] if play.over else votes.ballot(play)
    step |= _turn(state, index, now) | {"seconds": part.seconds}
    answered = len(votes.cast(state, index))
    people = len(state.present)
    return step | {"answered": answered, "of": people, "none": people - answered}


def room_end(state: DrillState) -> Json:
    """How it ended, for the big screen."""
    part = state.case
    assert part is not None
    found: Json = {"people": len(state.present), "decide": part.decide}
    if part.decide == "room":
        play = playing(state, ROOM)
        ending = play.shown if play.over else {"title": "Not finished", "text": ""}
        return found | {
            "title": ending["title"],
            "text": ending["text"],
            "outcome": OUTCOMES.get(str(play.debrief["outcome"]), ""),
            "tone": play.debrief["outcome"] or "none",
            "percent": play.score["percent"],
        }
    return found | {"outcomes": outcomes([playing(state, who) for who in voices(state)])}


def outcomes(plays: Iterable[Playing]) -> list[Json]:
    """How many plays came to which outcome, the best first; unfinished ones last."""
    counted = Counter(str(p.score["outcome"]) for p in plays)
    rows = [{"tone": o, "text": w, "count": counted[o]} for o, w in OUTCOMES.items()]
    rows.append({"tone": "none", "text": "Not finished", "count": counted["None"]})
    return [row for row in rows if row["count"]]


@dataclass(frozen=True)
class Place:
    """A stop of the case and how many are there now: for the trainer, in `each`."""

    title: str
    here: int


def places(state: DrillState) -> list[Place]:
    """Where everybody, or every team, is: in the order of the case's file."""
    part = state.case
    assert part is not None
    here = Counter(playing(state, who).state.node for who in voices(state))
    names: Mapping[str, Any] = part.doc["nodes"]
    teller = Teller(part.doc, state.run)
    return [Place(teller.text(names[n]["title"]), here[n]) for n in names if here[n]]
