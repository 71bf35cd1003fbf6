"""What the console shows of a tabletop drill, as safe markup: pure functions of the drill's state.

It shows what is to come and how good each step was: this screen is the trainer's own, the big
screen is for the room.
"""

from __future__ import annotations

from typing import Any

from crossings.apps.parts import esc, scrolled
from crossings.drills.script import Script
from crossings.drills.state import DrillState
from crossings.drills.tablework import final_play, play_at, table_of, unmanned
from crossings.tabletop import CONTROL, Play, Tabletop
from crossings.tabletop.clock import Turn
from crossings.tabletop.model import EVERYBODY, Inject, To
from crossings.tabletop.results import WORDS, Standing, points, reached
from crossings.tabletop.view import fields, named
from crossings.tabletop.wording import in_words
from crossings.tabletop.world import Entry

GRADES = {"good": "good", "acceptable": "ok", "poor": "poor", "harmful": "harm"}
MARKS: dict[Standing, str] = {
    "met": "✓", "late": "◆", "missed": "✗", "undone": "✗", "open": "○"
}  # fmt: skip
MOST = 80
"""Lines of the timeline that the console shows, the newest first."""


def preview(plan: Script) -> str:
    """What the trainer reads before the lobby opens."""
    table = plan.tabletop
    assert table is not None
    roles = "".join(f"<li>{esc(r.name)}</li>" for r in table.roles.values())
    hand = sum(i.hand for i in table.injects)
    counts = (
        f"{len(table.roles)} roles · {len(table.injects)} injects ({hand} by hand) · "
        f"{len(table.milestones)} milestones · {len(table.forms)} forms"
    )
    return (
        f"<p class='quiet small'>Tabletop: teams with roles · about {plan.minutes} minutes</p>"
        f"<p class='cxa-lines'>{esc(plan.intro)}</p><h3>Roles</h3><ul>{roles}</ul>"
        f"<p class='quiet small'>{counts}. One minute in class is {table.pace} in the story, which "
        f"begins at {esc(table.starts_at)}. A small class plays several roles in a team.</p>"
    )


def trigger(table: Tabletop, inject: Inject) -> str:
    """When an inject comes, in words."""
    if inject.hand:
        return "when you send it"
    if inject.silence is not None:
        who = named(table, inject.silence.told)
        return f"minute {inject.silence.by}, if nobody has told {who} anything"
    when = in_words(table, inject.when) if inject.when else ""
    if inject.at is not None:
        return f"minute {inject.at}" + (f", if {when}" if when else "")
    late = f", {inject.delay} min later" if inject.delay else ""
    early = f", from minute {inject.earliest}" if inject.earliest else ""
    return f"when {when}{late}{early}"


def run_sheet(state: DrillState, now: float) -> str:
    """The injects: those that have come with their time, the others with what they wait for."""
    table = table_of(state)
    play = play_at(state, now)
    rows = []
    for number, inject in enumerate(table.injects, 1):
        at = play.fired.get(inject.id)
        mark = "✓" if at is not None else str(number)
        when = trigger(table, inject) if at is None else f"came at minute {at // 60_000}"
        if at is None and _passed(play, inject):
            mark, when = "–", f"did not come: {when}"
        rows.append(
            f"<li class='{'done' if at is not None else ''}'><span class='n'>{mark}</span><span>"
            f"{esc(inject.title)}<small>{esc(when)}</small><small>{esc(_to(table, inject.to))}"
            "</small></span></li>"
        )
    return f"<h2>Injects</h2>{scrolled('ol', 'cxa-sheet', 'Injects', ''.join(rows))}"


def _passed(play: Play, inject: Inject) -> bool:
    """Whether the minute at which an inject is decided is over."""
    minute = inject.silence.by if inject.silence is not None else inject.at
    return minute is not None and play.status != "waiting" and play.minute >= minute


def _to(table: Tabletop, to: To) -> str:
    return "→ everybody" if to == EVERYBODY else "→ " + ", ".join(named(table, r) for r in to)


def time_left(state: DrillState, now: float) -> str:
    """The two clocks, and how many milestones are met."""
    if state.status in ("lobby", "ended"):
        return ""
    play, whole = play_at(state, now), state.plan().minutes
    over = " class='soon'" if play.minute >= whole else ""
    paused = "<span class='cxa-chip paused'>Paused</span>" if play.status == "paused" else ""
    return (
        f"<div class='cxa-time'><span><b>{play.table.story_time(play.ms)}</b> in the story</span>"
        f"<span><b{over}>{play.minute}</b> of {whole} min</span>"
        f"<span><b>{len(play.met)}</b> of {len(play.table.milestones)} milestones</span>{paused}"
        "</div>"
    )


def stage(state: DrillState, now: float) -> str:
    """The middle of the console: milestones, then who did what when, the newest first."""
    play = play_at(state, now)
    alone = ", ".join(named(play.table, r) for r in unmanned(state))
    note = f"<p class='cxa-note'>Nobody plays: {esc(alone)}.</p>" if alone else ""
    return f"{note}{_milestones(play)}<h3>What happened, newest first</h3>{timeline(play)}"


def _milestones(play: Play) -> str:
    rows = []
    for one in reached(play):
        by = "" if one.milestone.by is None else f"by minute {one.milestone.by}"
        when = by if one.ms is None else f"minute {one.ms // 60_000}"
        rows.append(
            f"<li class='s-{one.standing}'><b>{MARKS[one.standing]}</b> "
            f"<span>{esc(one.milestone.text)}<small>{esc(WORDS[one.standing])}"
            f"{', ' if when else ''}{when}</small></span></li>"
        )
    return (
        f"<details class='cxa-stones'><summary>Milestones: {len(play.met)} met"
        f"</summary><ul>{''.join(rows)}</ul></details>"
    )


def timeline(play: Play, most: int = MOST) -> str:
    """Entries and turns of the clock, with what a rewind took back."""
    lines = [(e.ms, n, _entry(play, e)) for n, e in enumerate(play.entries)]
    lines.reverse()
    rows = "".join(line for _, _, line in lines[:most])
    jumps = "".join(_turn(t) for t in play.turns if t.kind in ("skipped", "rewound"))
    taken = f"<ul class='cxa-turns'>{jumps}</ul>" if jumps else ""
    more = f"<p class='quiet small'>and {len(lines) - most} before</p>" if len(lines) > most else ""
    nothing = "" if rows else "<p class='quiet'>Nothing yet.</p>"
    shown = scrolled("ol", "cxa-line", "Timeline", rows) if rows else nothing
    return f"{shown}{more}{taken}"


def _turn(turn: Turn) -> str:
    word = "Forward" if turn.kind == "skipped" else "Back"
    back = f"; {turn.undone} acts taken back" if turn.kind == "rewound" else ""
    return f"<li>{word} from minute {turn.ms // 60_000} to {turn.to // 60_000}{back}</li>"


def _entry(play: Play, entry: Entry) -> str:
    head, body, kind = told(play, entry)
    when = f"<time>{entry.ms // 60_000}′ · {play.table.story_time(entry.ms)}</time>"
    return (
        f"<li class='e-{kind}'>{when}<div><b>{esc(head)}</b>"
        f"<p class='cxa-lines' dir='auto'>{esc(body)}</p></div></li>"
    )


def told(play: Play, entry: Entry) -> tuple[str, str, str]:
    """One entry as head, text and kind; nothing is escaped yet."""
    table = play.table
    who = named(table, entry.by) if entry.by else ""
    to = "everybody" if entry.public else ", ".join(named(table, r) for r in entry.to)
    if entry.kind == "inject":
        return f"{entry.title or 'From you'} → {to}", entry.text, "inject"
    if entry.kind == "message":
        asks = CONTROL in entry.to
        head = f"{who} asks you" if asks else f"{who} → {to}"
        return head, entry.text, "asks" if asks else "message"
    if entry.kind == "action":
        grade = table.actions[entry.what].grade
        return f"{who} ({grade})", entry.title, f"action g-{GRADES[grade]}"
    if entry.kind == "form":
        filled = fields(table.forms[entry.what], entry.data["fields"])
        return f"{who}: {entry.title} → {to}", "; ".join(f"{a}: {b}" for a, b in filled), "form"
    if entry.kind == "milestone":
        word = "Milestone met" if entry.data["on"] else "Milestone undone"
        return word, table.milestones[entry.what].text, "stone"
    branch, _, way = entry.what.partition(".")
    return "The story goes on", table.branches[branch].ways[way].text, "way"


def ended(state: DrillState) -> str:
    """When the drill is over."""
    play = final_play(state)
    met, of = points(play)
    return f"<p><b>{met} of {of} milestones were met in time.</b></p>{_milestones(play)}"


def scores(play: Play) -> str:
    """What the trainer has given so far, role by role."""
    scales: dict[str, Any] = {s.id: s for s in play.table.rubric}
    rows = "".join(
        f"<li>{esc(named(play.table, s.role))} · {esc(scales[s.criterion].text)}: "
        f"<b>{scales[s.criterion].levels[s.level].points:g} of {scales[s.criterion].points:g}</b>"
        f"{': ' + esc(s.note) if s.note else ''}</li>"
        for s in play.scores.values()
    )
    return f"<ul class='cxa-who'>{rows}</ul>" if rows else "<p class='quiet small'>None yet.</p>"
