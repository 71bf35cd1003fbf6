"""What each page may know of a drill. Nothing leaves the server that is not in one of these.

A participant gets the question without its key until the step is revealed, their own answer, and
nobody else's name or answer. The projector gets counts and no names. The console gets everything.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from crossings.drills import caseviews, roomend, tableviews, teamviews
from crossings.drills.script import Script
from crossings.drills.state import DrillState, Seat
from crossings.items.model import PICKED, Item
from crossings.items.score import Score
from crossings.items.views import public

_SHOWN = ("kind", "stem", "options", "targets", "unit", "points", "hint")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def participant_view(state: DrillState, seat_id: str, now: float) -> dict[str, Any]:
    """The page of one participant at server time `now`."""
    seat = state.seats[seat_id]
    view: dict[str, Any] = {
        "version": version(state, seat_id, now),
        "seq": state.seq,
        "now": now,
        "title": state.title,
        "kind": state.kind,
    }
    if seat.removed:
        return view | {"status": "removed", "blocked": seat.blocked}
    view |= {"status": state.status, "you": _you(state, seat)}
    script = state.plan()
    if state.status == "lobby":
        view |= {"intro": script.intro, "note": script.content_note, "minutes": script.minutes}
    elif state.status == "ended" and script.tabletop is not None:
        read = [r.title for rs in script.readings.values() for r in rs]
        view["final"] = {"table": tableviews.final(state, seat), "read": read}
    elif script.tabletop is not None:
        view["table"] = tableviews.participant(state, seat, now)
    elif state.status == "ended":
        case = state.case is not None
        view["final"] = caseviews.final(state, seat) if case else _final(state, seat)
        if not case and seat.team in state.teams:
            view["final"]["team"] = teamviews.standing(state, seat.team or "")
    elif state.case is not None:
        view["step"] = caseviews.participant_step(state, seat, now)
    else:
        view["step"] = _step(state, seat, now)
        if state.kind == "triage":
            # The rules of a triage drill are needed while it is played.
            view["step"]["rules"] = script.intro
    return view


def version(state: DrillState, seat_id: str, now: float) -> list[Any]:
    """Changes with whatever this page shows: of the room, of the seat, of its team, of its desk."""
    seat = state.seats[seat_id]
    team = state.teams.get(seat.team or "")
    found = [state.version, seat.version, *((team.id, team.version) if team else ())]
    if state.plan().tabletop is None or seat.removed or state.status in ("lobby", "ended"):
        return found
    return [*found, *tableviews.mark(state, team.roles if team else (), now)]


def _you(state: DrillState, seat: Seat) -> dict[str, Any]:
    points, most = state.score(seat.id)
    you = {"name": seat.name, "seat_code": seat.code, "points": points, "of": most}
    return you | ({"team": teamviews.own_team(state, seat)} if seat.team in state.teams else {})


def _step(state: DrillState, seat: Seat, now: float) -> dict[str, Any]:
    index, script = state.step, state.plan()
    phase = state.phase(index, now, seat.id)
    answer = state.answer(index, seat.id)
    shown = dict(_question_now(state, index))
    shown |= {
        "index": index,
        "total": len(script.steps),
        "phase": phase,
        "answer": {"response": dict(answer.response), "n": answer.n} if answer else None,
        "seconds": script.steps[index].seconds + seat.extra,
    } | clock(state, index, seat.id)
    if phase == "revealed":
        shown["result"] = result(script, index, answer.response if answer else None)
    return shown


def clock(state: DrillState, index: int, seat: str | None = None) -> dict[str, float | None]:
    """`deadline` in server time while time runs, `left` seconds while it stands still."""
    deadline = state.deadline(index, seat)
    if state.paused_at is not None:
        return {"deadline": None, "left": max(0.0, deadline - state.paused_at)}
    return {"deadline": deadline, "left": None}


def question(script: Script, index: int, seed: str) -> dict[str, Any]:
    """The question of a step without its key; options in the order that the whole room sees."""
    step = script.steps[index]
    if step.item is not None:
        shown = public(step.item, seed)
        item = {k: shown[k] for k in _SHOWN if k in shown}
        item["options"] = [
            {k: o[k] for k in ("id", "text", "region") if k in o} for o in item["options"]
        ]
        if step.item.picture is not None:
            # By its own address: a phone fetches it once, and not again with every change.
            item["picture"] = {"alt": step.item.picture.alt, "src": picture_address(step.item)}
        return {"item": item}
    assert step.person is not None
    person = step.person
    return {
        "person": {
            "name": person.name,
            "seen": person.seen,
            "says": person.says,
            "documents": person.documents,
        },
        "channels": [{"id": c.id, "text": c.text} for c in script.channels],
    }


def _question_now(state: DrillState, index: int) -> dict[str, Any]:
    """The question as everybody sees it: drawn once when a thousand pages ask at the same time."""
    if ("question", index) not in state.memo:
        state.memo["question", index] = question(state.plan(), index, state.run)
    found: dict[str, Any] = state.memo["question", index]
    return found


def picture_address(item: Item) -> str:
    """Where the learner site serves the picture of a question: nobody can guess it before."""
    assert item.picture is not None
    return f"/drill/picture/{_name_of(item.picture.data or '')}"


@cache
def _name_of(picture: str) -> str:
    """Worked out once for each picture: every change of a drill draws every participant's page."""
    return hashlib.sha256(picture.encode()).hexdigest()[:32]


def picture_of(script: Script, address: str) -> str | None:
    """The picture at `address` as a `data:` address, where this script has it."""
    shown = (s.item for s in script.steps if s.item is not None and s.item.picture is not None)
    found = next((i for i in shown if picture_address(i) == address), None)
    return found.picture.data if found is not None and found.picture is not None else None


def result(script: Script, index: int, response: Any) -> dict[str, Any]:
    """What a participant learns when the step is revealed."""
    step, score = script.steps[index], script.score(index, response)
    found: dict[str, Any] = {
        "points": score.points,
        "of": score.max_points,
        "law": script.rules(step.cites),
        "sources": [script.sources[s] for s in step.sources if s in script.sources],
    }
    if step.person is not None:
        person = step.person
        choice = (response or {}).get("choice")
        return found | {
            "word": _referral_word(score),
            "grade": _grade(score),
            "right": list(person.right),
            "acceptable": list(person.acceptable),
            "missed": person.need and choice not in (*person.right, *person.acceptable),
            "reason": person.why,
            "signs": list(person.indicators),
        }
    assert step.item is not None
    return found | {
        "word": _answer_word(score),
        "grade": _grade(score),
        "key": _key(step.item),
        "marks": score.per_option,
        "feedback": _feedback(step.item, response),
        "reason": step.item.rationale,
    }


def _grade(score: Score) -> str:
    if score.status in ("empty", "malformed"):
        return "none"
    if score.status == "manual":
        return "open"
    if score.full:
        return "good"
    return "ok" if score.points > 0 else "poor"


def _answer_word(score: Score) -> str:
    words = {"none": "No answer", "open": "For discussion", "good": "Right", "ok": "Partly right"}
    return words.get(_grade(score), "Not right")


def _referral_word(score: Score) -> str:
    words = {"none": "No referral", "good": "Right referral", "ok": "Acceptable referral"}
    return words.get(_grade(score), "Wrong referral")


def _key(item: Item) -> dict[str, Any]:
    if item.kind in PICKED:
        return {"choices": [o.id for o in item.options if o.correct]}
    if item.kind == "order":
        return {"order": [o.id for o in item.options]}
    if item.kind in ("match", "grid"):
        return {"pairs": {o.id: o.target for o in item.options}}
    if item.kind == "number":
        return {"number": item.answer, "unit": item.unit}
    if item.kind == "short":
        return {"text": item.accept[0]}
    return {"text": item.model_answer or ""}


def _feedback(item: Item, response: Any) -> list[str]:
    response = response or {}
    chosen = response.get("choices") or [response.get("choice")]
    return [o.feedback for o in item.options if o.id in chosen and o.feedback]


def _final(state: DrillState, seat: Seat) -> dict[str, Any]:
    script = state.plan()
    rows, missed, needs = [], 0, 0
    for index in sorted(state.steps):
        answer = state.answer(index, seat.id)
        outcome = result(script, index, answer.response if answer else None)
        person = script.steps[index].person
        if person is not None and person.need:
            needs += 1
            missed += bool(outcome["missed"])
        rows.append(
            {"title": script.steps[index].title, "word": outcome["word"]}
            | {k: outcome[k] for k in ("grade", "points", "of")}
        )
    points, most = state.score(seat.id)
    found = {"rows": rows, "points": points, "of": most, "read": _to_read(state, seat)}
    return found | ({"needs": needs, "missed": missed} if state.kind == "triage" else {})


def _to_read(state: DrillState, seat: Seat) -> list[str]:
    """Chapters that teach what this person did not get fully right, the weakest first."""
    script, lost = state.plan(), dict[str, float]()
    for index in state.steps:
        answer = state.answer(index, seat.id)
        score = script.score(index, answer.response if answer else None)
        for objective in script.steps[index].objectives:
            share = 1 - score.points / score.max_points
            lost[objective] = lost.get(objective, 0.0) + share
    weakest = sorted((o for o in lost if lost[o] > 0), key=lambda o: -lost[o])
    titles = [r.title for o in weakest for r in script.readings.get(o, ())]
    return list(dict.fromkeys(titles))[:3]


def counts(state: DrillState, index: int) -> dict[str, Any]:
    """How the room answered a step: bars in the room's order, and who is missing in number.

    Questions without choices have three bars: right, partly right, not right.
    """
    script, step = state.plan(), state.plan().steps[index]
    seats = {s.id for s in state.present}
    run = state.steps.get(index)
    given = [a.response for s, a in (run.answers if run else {}).items() if s in seats]
    if step.person is not None or (step.item and step.item.kind in PICKED):
        bars = _choice_bars(script, index, state.run, given)
    else:
        bars = _outcome_bars(script, index, given)
    return {"bars": bars, "answered": len(given), "of": len(seats), "none": len(seats) - len(given)}


def _choice_bars(script: Script, index: int, seed: str, given: list[Any]) -> list[dict[str, Any]]:
    step = script.steps[index]
    bars = []
    for place, (choice, text) in enumerate(script.choices(index, seed)):
        count = sum(choice == g.get("choice") or choice in g.get("choices", ()) for g in given)
        bars.append(
            {"id": choice, "letter": LETTERS[place % 26], "text": text, "count": count}
            | {"grade": _choice_grade(step.item, step.person, choice)}
        )
    return bars


def _choice_grade(item: Item | None, person: Any, choice: str) -> str:
    if person is not None:
        if choice in person.right:
            return "good"
        return "ok" if choice in person.acceptable else "poor"
    assert item is not None
    return "good" if any(o.id == choice and o.correct for o in item.options) else "poor"


def _outcome_bars(script: Script, index: int, given: list[Any]) -> list[dict[str, Any]]:
    grades = [_grade(script.score(index, g)) for g in given]
    item = script.steps[index].item
    if item is not None and item.marked_by_person:
        return [{"id": "open", "letter": "", "text": "Answers", "count": len(given), "grade": ""}]
    words = (("good", "Right"), ("ok", "Partly right"), ("poor", "Not right"))
    return [
        {"id": g, "letter": "", "text": w, "count": grades.count(g), "grade": g} for g, w in words
    ]


def projector_view(state: DrillState, now: float) -> dict[str, Any]:
    """The big screen: no names. Bars only when the step is closed, their grades when revealed."""
    view: dict[str, Any] = {
        "version": state.seq,
        "now": now,
        "title": state.title,
        "kind": state.kind,
        "status": state.status,
        "code": state.code,
        "seats": len(state.present),
        "locked": state.locked,
    }
    if state.status == "ended" and state.plan().tabletop is not None:
        return view | {"room": tableviews.room_end(state)}
    if state.status == "ended":
        case = state.case is not None
        room = caseviews.room_end(state) if case else roomend.room_end(state)
        return view | {"room": room} | teamviews.standings(state)
    if state.status == "lobby":
        lobby = {"intro": state.plan().intro, "note": state.plan().content_note}
        return view | lobby | {"teams": len(state.teams)}
    if state.curtain:
        return view | {"curtain": True}
    if state.plan().tabletop is not None:
        table = tableviews.projector(state, now)
        # What comes by itself is new without an event.
        return view | {"table": table, "version": [state.seq, len(table["news"])]}
    if state.case is not None:
        step = caseviews.projector_step(state, now)
        return view | {"step": step | _held_up(state, step["phase"])}
    index, script = state.step, state.plan()
    phase = state.phase(index, now)
    counted = counts(state, index)
    step = question(script, index, state.run) | clock(state, index)
    step |= {"index": index, "total": len(script.steps), "phase": phase}
    step |= {"seconds": script.steps[index].seconds}
    step |= {k: counted[k] for k in ("answered", "of", "none")} | _held_up(state, phase)
    if phase != "open":
        step["bars"] = _bars_for(phase, script, index, counted["bars"])
    if phase == "revealed":
        shown = result(script, index, None)
        step |= {"reason": shown["reason"], "law": shown["law"], "key": shown.get("key")}
        view |= teamviews.standings(state)
    return view | {"step": step}


def _held_up(state: DrillState, phase: str) -> dict[str, Any]:
    """The answer that the trainer holds up, without a name; nothing while others still answer."""
    held = state.highlight
    if phase == "open" or held.get("step") != state.step:
        return {}
    if "option" in held:
        return {"highlight": {"option": str(held["option"])}}
    seat = state.seats.get(str(held.get("seat")))
    given = state.answer(state.step, seat.id) if seat is not None and not seat.removed else None
    words = given.response.get("text", given.response.get("number")) if given else None
    return {"highlight": {"text": str(words)}} if words is not None else {}


def _bars_for(
    phase: str, script: Script, index: int, bars: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    if phase == "revealed":
        return bars
    item = script.steps[index].item
    if item is not None and item.kind not in PICKED:
        return []
    return [{k: v for k, v in bar.items() if k != "grade"} for bar in bars]
