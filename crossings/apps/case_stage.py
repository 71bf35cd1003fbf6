"""What the console shows of a case drill, as safe markup: pure functions of the drill's state.

No grade and no later stop is shown: many trainers show this screen to the room.
"""

from __future__ import annotations

from typing import Any

from crossings.apps import team_stage
from crossings.apps.charts import Bar, bars
from crossings.apps.parts import esc, scrolled
from crossings.cases.graph.words import KINDS
from crossings.drills import votes
from crossings.drills.caseviews import OUTCOMES, last, outcomes, places
from crossings.drills.casework import ROOM, Playing, playing, voices
from crossings.drills.script import Script
from crossings.drills.state import DrillState

DECIDES = {
    "room": "Case: the room decides together",
    "each": "Case: everybody decides for themselves",
    "team": "Case: each team decides together",
}
MOST_QUOTES = 60
MOST_BARS = 6
"""Of more options than these, those without a vote have no bar: numbers must stay readable."""
_TONES = {"protected": "good", "partly": "ok", "missed": "poor", "harmed": "harm", "none": "none"}


def preview(plan: Script) -> str:
    """What the trainer reads before the lobby opens."""
    assert plan.case is not None
    doc = plan.case.doc
    kinds = [node["kind"] for node in doc["nodes"].values()]
    counted = ", ".join(
        f"{kinds.count(k)} {word.lower()}{'s' if kinds.count(k) > 1 else ''}"
        for k, word in KINDS.items()
        if k in kinds
    )
    vote = f" · {plan.case.seconds} s for a vote" if plan.case.decide != "each" else ""
    return (
        f"<p class='quiet small'>{DECIDES[plan.case.decide]} · about {plan.minutes} minutes{vote}"
        f"</p><p class='cxa-lines'>{esc(plan.intro)}</p><h3>The case: {esc(doc['title'])}</h3>"
        f"<p>{esc(doc['summary'])}</p><p class='quiet small'>{counted}</p>"
    )


def run_sheet(state: DrillState) -> str:
    """The stops of the room so far; there is nothing to show of what may come."""
    if state.case is None or state.case.decide != "room":
        teams = state.case is not None and state.case.decide == "team"
        pace = "Each team plays at its own pace." if teams else "Everybody plays at their own pace."
        return f"<h2>Run sheet</h2><p class='quiet'>{pace}</p>"
    assert state.beginning is not None
    if state.status == "lobby":
        first = esc(state.beginning.shown["title"])
        return f"<h2>The way</h2><p class='quiet'>It begins with “{first}”.</p>"
    rows = []
    for number, (title, done) in enumerate(_stops(state), 1):
        small = f"<small>{esc(_short(done))}</small>" if done else ""
        rows.append(
            f"<li class='done'><span class='n'>{number}</span><span>{esc(title)}{small}</span></li>"
        )
    here = esc(playing(state, ROOM).shown["title"])
    # The newest stands first: a long way does not push it out of sight.
    rows.append(
        f"<li class='now' aria-current='step'><span class='n'>{len(rows) + 1}</span>"
        f"<span>{here}</span></li>"
    )
    way = scrolled("ol", "cxa-sheet", "The way", "".join(reversed(rows)))
    return f"<h2>The way, newest first</h2>{way}"


def _stops(state: DrillState) -> list[tuple[str, str]]:
    """Title and what was taken at each stop; the turns at one stop are one line."""
    stops: list[tuple[str, str, str]] = []
    for _, done in sorted(state.taken.items()):
        node, title = done.before.state.node, str(done.before.shown["title"])
        words = "; ".join(line["text"] for line in votes.told(done))
        if stops and stops[-1][0] == node:
            words = f"{stops.pop()[2]} · {words}"
        stops.append((node, title, words))
    return [(title, words) for _, title, words in stops]


def _short(words: str, most: int = 70) -> str:
    return words if len(words) <= most else words[: most - 2].rsplit(" ", 1)[0] + " …"


def time_left(state: DrillState, now: float) -> str:
    """Time and number of votes, or how many have come to an end."""
    if state.case is None or state.status in ("lobby", "ended"):
        return ""
    paused = "<span><b>Paused</b></span>" if state.status == "paused" else ""
    if state.case.decide != "room":
        plays = [playing(state, who) for who in voices(state)]
        done = sum(p.over for p in plays)
        all_done = bool(plays) and done == len(plays)
        chip = "<span class='cxa-chip'>Everybody is through</span>" if all_done else ""
        who = " teams" if state.case.decide == "team" else ""
        count = f"<span><b>{done}</b> of {len(plays)}{who} have come to an end</span>"
        return f"<div class='cxa-time'>{paused}{count}{chip}</div>"
    if not playing(state, ROOM).votes:
        return f"<div class='cxa-time'>{paused}</div>" if paused else ""
    return f"<div class='cxa-time'>{paused or _clock(state, now)}{_count(state)}</div>"


def _clock(state: DrillState, now: float) -> str:
    phase = state.phase(state.step, now)
    if phase != "open":
        return f"<span><b>{'Vote shown' if phase == 'revealed' else 'Vote closed'}</b></span>"
    left = max(0, round(state.deadline(state.step) - now))
    soon = " class='soon'" if left <= 10 else ""
    return f"<span><b{soon}>{left // 60}:{left % 60:02d}</b> left</span>"


def _count(state: DrillState) -> str:
    cast, of = len(votes.cast(state, state.step)), len(state.present)
    chip = "<span class='cxa-chip'>Everybody has voted</span>" if of and cast == of else ""
    return f"<span><b>{cast}</b> of {of} voted</span>{chip}"


def stage(state: DrillState, now: float) -> str:
    """The middle of the console while a case is played."""
    if state.case is not None and state.case.decide == "team":
        return team_stage.ways(state, now)
    if state.case is not None and state.case.decide == "each":
        return _everybody(state)
    play = playing(state, ROOM)
    parts = [_decided(state), _news(play), _scene(play)]
    if play.votes:
        parts.append(_votes(state, play))
    if play.over:
        parts.append(
            "<p class='cxa-note'>The room has come to an end of the case. Press <b>End</b>: "
            "everybody then sees what counted, and why.</p>"
        )
    return "".join(parts)


def _decided(state: DrillState) -> str:
    done = last(state, state.step)
    if done is None:
        return ""
    who = "You decided" if done["how"] == "trainer" else "The room decided"
    # What was decided for each arriving person stands below, with what followed.
    words = esc(done["taken"][0]["text"] if len(done["taken"]) == 1 else done["title"])
    return f"<div class='cxa-talk'><span class='quiet small'>{who}</span><br><b>{words}</b></div>"


def _news(play: Playing) -> str:
    """What followed from the last move; for a thing that was opened, its name."""
    rows = []
    for news in play.shown["announce"]:
        if news["kind"] == "evidence":
            rows.append(f"Opened: <b>{esc(news['evidence']['title'])}</b>")
            continue
        head = f"{news['name']}: {news['channel']}. " if news["kind"] == "verdict" else ""
        told = news["text"] if news["kind"] == "rule" else news.get("answer", "")
        words = " ".join(filter(None, (told, news.get("consequence"))))
        if words:
            rows.append(f"<b>{esc(head)}</b>{esc(words)}")
    return "".join(f"<p>{row}</p>" for row in rows)


def _scene(play: Playing) -> str:
    shown = play.shown
    who = ", ".join(f"{p['name']} ({p['role']})" for p in shown["people"])
    papers = "; ".join(c["title"] for c in shown["evidence"])
    lines = [f"<p class='cxa-lines'>{esc(shown['text'])}</p>"]
    if who:
        lines.append(f"<p class='quiet small'>Here: {esc(who)}</p>")
    if papers:
        lines.append(f"<p class='quiet small'>On the phones: {esc(papers)}</p>")
    title = f"{shown['time']} · {shown['title']}"
    return f"<p class='cxa-question'>{esc(title)}</p>{''.join(lines)}"


def _votes(state: DrillState, play: Playing) -> str:
    if play.kind == "note":
        return _notes(state, state.step, str(play.shown["prompt"]))
    groups = votes.split(state, state.step)
    return "".join(chart(group, len(state.present), len(groups) > 1) for group in groups)


def chart(group: dict[str, Any], people: int, named: bool, taken: str | None = None) -> str:
    """The bars of one group of a split, with every number in the text alternative."""
    best = votes.leading(group)
    rows = []
    for option in group["options"]:
        if (named or len(group["options"]) > MOST_BARS) and not option["count"]:
            continue  # of many questions or channels only those that somebody wants
        word = "tie" if len(best) > 1 and option["id"] in best else ""
        if taken is not None:
            word = "taken" if option["id"] == taken else ""
        rows.append(Bar(f"{option['letter']}  {option['text']}", option["count"], "", word))
    cast = sum(o["count"] for o in group["options"])
    rows.append(Bar("No vote", max(0, people - cast), "none"))
    told = "; ".join(f"{r.label}, {r.count}{' ' + r.word if r.word else ''}" for r in rows)
    head = f"<h3>{esc(group['text'])}</h3>" if named or taken is None else ""
    return head + bars(rows, f"Votes: {told}", people)


def _notes(state: DrillState, index: int, prompt: str) -> str:
    """What people wrote, without names, so that it can be read out."""
    written = votes.notes(state, index)[-MOST_QUOTES:]
    shown = "".join(f"<li>{esc(text)}</li>" for text in written)
    quotes = scrolled("ul", "cxa-quotes", "Notes", shown) if shown else ""
    return f"<h3>{esc(prompt)}</h3>{quotes or '<p class=quiet>No note yet.</p>'}"


def _everybody(state: DrillState) -> str:
    found = places(state)
    rows = [Bar(place.title, place.here) for place in found]
    told = "; ".join(f"{r.label}, {r.count}" for r in rows)
    if not rows:
        return "<p class='quiet'>Nobody is in the room yet.</p>"
    drawn = bars(rows, f"Where everybody is: {told}", len(state.present))
    return f"<h3>Where everybody is</h3>{drawn}"


def ended(state: DrillState) -> str:
    """How the plays ended, when the drill is over."""
    assert state.case is not None
    if state.case.decide == "room":
        play = playing(state, ROOM)
        outcome = OUTCOMES.get(str(play.score["outcome"]), "Not played to its end")
        title = play.shown["title"] if play.over else ""
        line = ": ".join(filter(None, (title, outcome)))
        return f"<p><b>{esc(line)}</b>. {play.score['percent']} % of the points.</p>"
    table = team_stage.table(state) if state.case.decide == "team" else ""
    return ends_chart(state) + table


def ends_chart(state: DrillState) -> str:
    """How many came to which outcome."""
    who = voices(state)
    found = outcomes([playing(state, one) for one in who])
    rows = [Bar(o["text"], o["count"], _TONES[o["tone"]]) for o in found]
    told = "; ".join(f"{r.label}, {r.count}" for r in rows)
    return bars(rows, f"Outcomes: {told}", len(who)) if rows else ""


def standing(state: DrillState, seat: str) -> str:
    """How far somebody is, or whether they have voted."""
    assert state.case is not None
    if state.case.decide == "team":
        return team_stage.standing(state, seat)
    if state.case.decide == "each":
        play = playing(state, seat)
        if state.status == "ended":
            return f"<span class='is'>{play.score['percent']} %</span>"
        if play.over:
            return "<span class='is yes'>✓ through</span>"
        return f"<span class='is'>stop {len(play.state.visited)}</span>"
    if state.status == "ended" or not playing(state, ROOM).votes:
        return ""
    if state.answer(state.step, seat) is not None:
        return "<span class='is yes'>✓ voted</span>"
    return "<span class='is'>no vote yet</span>"
