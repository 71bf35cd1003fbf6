"""What the console shows, as safe markup: pure functions of the drill's state.

Every name, answer and text of the course is escaped here, once, where it becomes markup.
"""

from __future__ import annotations

from crossings.apps import case_stage, table_stage, team_stage
from crossings.apps.charts import Bar, bars
from crossings.apps.parts import esc, points, scrolled
from crossings.drills import casework, teamplay
from crossings.drills.address import join_address, projector_address, qr_svg
from crossings.drills.report import in_words
from crossings.drills.script import Script, Step
from crossings.drills.state import DrillState, Seat
from crossings.drills.tablework import play_at
from crossings.drills.views import counts, result
from crossings.items.model import PICKED

_STATUS = {"lobby": "Lobby is open", "running": "Running", "paused": "Paused", "ended": "Ended"}
_WORDS = {"good": "✓ right", "ok": "◆ acceptable", "poor": ""}
MOST_QUOTES = 60


def preview(plan: Script) -> str:
    """A drill before it is opened: what it is for and every step."""
    kind = "Triage: people to refer" if plan.kind == "triage" else "Quiz"
    note = f"<p class='cxa-note'>{esc(plan.content_note)}</p>" if plan.content_note else ""
    if plan.case is not None or plan.tabletop is not None:
        goals = "".join(f"<li>{esc(i)}: {esc(t)}</li>" for i, t in plan.objectives.items())
        body = case_stage.preview(plan) if plan.case else table_stage.preview(plan)
        return f"<h2>{esc(plan.title)}</h2>{body}{note}<h3>Objectives</h3><ul>{goals}</ul>"
    steps = "".join(
        f"<li><span class='n'>{n}</span><span>{esc(s.title)}<small>{_about(s)}</small></span></li>"
        for n, s in enumerate(plan.steps, 1)
    )
    goals = "".join(f"<li>{esc(i)}: {esc(t)}</li>" for i, t in plan.objectives.items())
    return (
        f"<h2>{esc(plan.title)}</h2><p class='quiet small'>{kind} · {len(plan.steps)} steps · "
        f"about {plan.minutes} minutes</p><p class='cxa-lines'>{esc(plan.intro)}</p>{note}"
        f"<h3>Steps</h3>{_drawn(plan)}<ol class='cxa-sheet'>{steps}</ol>"
        f"<h3>Objectives</h3><ul>{goals}</ul>"
    )


def _drawn(plan: Script) -> str:
    """Of people who are drawn at the opening, those of the preview are others."""
    if plan.drawn is None or plan.drawn.settings.seed is not None:
        return ""
    return "<p class='quiet small'>Drawn anew when you open the drill; these are an example.</p>"


def _about(step: Step) -> str:
    kinds = {
        "single": "one choice", "multiple": "several choices", "order": "put in order",
        "match": "match", "grid": "sort into columns", "hotspot": "places in a picture",
        "number": "a number", "short": "a few words", "text": "free text",
    }  # fmt: skip
    kind = kinds[step.item.kind] if step.item else "one person to refer"
    return f"{kind} · {step.seconds} s"


def head(state: DrillState, learner: str | None) -> str:
    many = len(state.present)
    who = "1 person" if many == 1 else f"{many} people"
    chip = f"<span class='cxa-chip {state.status}'>{_STATUS[state.status]}</span>"
    screen = ""
    if learner:
        address = esc(projector_address(learner, state.projector_key), quote=True)
        screen = (
            f" · <a href='{address}' target='_blank' rel='noopener' title='A page for the "
            "projector: no names on it'>Open the big screen</a>"
        )
    code = f"<span class='cxa-code' title='Join code'>{esc(state.code)}</span>"
    return (
        f"<h1>{esc(state.title)} {chip}</h1><div>Join code {code} · {who} in the room{screen}</div>"
    )


def run_sheet(state: DrillState, now: float) -> str:
    if state.plan().tabletop is not None:
        return table_stage.run_sheet(state, now)
    if state.case is not None:
        return case_stage.run_sheet(state)
    rows = []
    for index, step in enumerate(state.plan().steps):
        run = state.steps.get(index)
        now = index == state.step and state.status != "ended"
        done = run is not None and run.revealed_at is not None
        kind = "now" if now else "done" if done else ""
        mark = "✓" if done else str(index + 1)
        current = " aria-current='step'" if now else ""
        rows.append(
            f"<li class='{kind}{' done' if now and done else ''}'{current}><span class='n'>{mark}"
            f"</span><span>{esc(_short(step.title))}<small>{step.seconds} s</small></span></li>"
        )
    return f"<h2>Run sheet</h2>{scrolled('ol', 'cxa-sheet', 'Run sheet', ''.join(rows))}"


def _short(title: str, most: int = 56) -> str:
    return title if len(title) <= most else title[: most - 2].rsplit(" ", 1)[0] + "\u00a0…"


def time_left(state: DrillState, now: float) -> str:
    """Time and number of answers; changes every second while a step is open."""
    if state.plan().tabletop is not None:
        return table_stage.time_left(state, now)
    if state.case is not None:
        return case_stage.time_left(state, now)
    if state.current is None or state.status == "ended":
        return ""
    counted = counts(state, state.step)
    answers = f"<span><b>{counted['answered']}</b> of {counted['of']} answered</span>"
    phase = state.phase(state.step, now)
    if state.status == "paused":
        return f"<div class='cxa-time'><span><b>Paused</b></span>{answers}</div>"
    if phase != "open":
        word = "Revealed" if phase == "revealed" else "Closed"
        return f"<div class='cxa-time'><span><b>{word}</b></span>{answers}</div>"
    left = max(0, round(state.deadline(state.step) - now))
    clock = f"{left // 60}:{left % 60:02d}"
    soon = " class='soon'" if left <= 10 else ""
    done = counted["of"] and counted["answered"] == counted["of"]
    everyone = "<span class='cxa-chip'>Everybody has answered</span>" if done else ""
    return f"<div class='cxa-time'><span><b{soon}>{clock}</b> left</span>{answers}{everyone}</div>"


def stage(state: DrillState, now: float, learner: str | None, debrief: str | None = None) -> str:
    """The middle of the console: lobby, question with bars, or the end.

    `learner` and `debrief` are the addresses of the learner site and of this drill's debrief, where
    there are such pages.
    """
    if state.status == "lobby":
        return _lobby(state, learner)
    if state.status == "ended":
        return _ended(state, debrief)
    if state.plan().tabletop is not None:
        return table_stage.stage(state, now)
    return case_stage.stage(state, now) if state.case is not None else _step(state, now)


def _lobby(state: DrillState, learner: str | None) -> str:
    if learner is None:
        return (
            f"<h2>Join code</h2><p class='cxa-code'>{esc(state.code)}</p>"
            "<p class='cxa-note'>The learner site is not running, so nobody can join. Start the "
            "course with <code>./course serve</code>.</p>"
        )
    address = join_address(learner, state.code)
    qr = qr_svg(address, f"QR code of {address}")
    return (
        f"<div class='cxa-lobby'><div>{qr}</div><div><p>Scan the code, or open</p>"
        f"<p class='cxa-address'>{esc(learner.removeprefix('http://'))}/drill/</p>"
        "<p>and type the join code</p>"
        f"<div class='cxa-code'>{esc(state.code)}</div>"
        "<p class='quiet'>Start when everybody is in. Who comes later can still join.</p>"
        "</div></div>"
    )


def by_itself(state: DrillState, now: float) -> int:
    """Changes when time alone brings something new into the middle of the console."""
    if state.plan().tabletop is None or state.status not in ("running", "paused"):
        return 0
    return len(play_at(state, now).entries)


def _ended(state: DrillState, debrief: str | None) -> str:
    return (
        f"<h2>The drill is over</h2>{_result(state)}"
        f"<p>{_debrief(debrief)} to talk about it with the class.</p>{_questions(state)}"
    )


def _result(state: DrillState) -> str:
    if state.plan().tabletop is not None:
        return table_stage.ended(state)
    if state.case is not None:
        return case_stage.ended(state)
    answers = sum(len(run.answers) for run in state.steps.values())
    return (
        f"<p>Everybody sees their own results now. {answers} answers are in the log.</p>"
        f"{team_stage.table(state)}"
    )


def _debrief(address: str | None) -> str:
    """A link that leaves the console where it is; where nothing serves the page, its name."""
    if address is None:
        return "Open <b>drills/debrief.ipynb</b>"
    return (
        f"<a href='{esc(address, quote=True)}' target='_blank' rel='noopener'>Open the debrief</a>"
    )


def _questions(state: DrillState) -> str:
    asked = "".join(f"<li>{esc(q)}</li>" for q in state.plan().debrief)
    return f"<h3>Questions for the room</h3><ul>{asked}</ul>" if asked else ""


def _step(state: DrillState, now: float) -> str:
    index, plan = state.step, state.plan()
    step, phase = plan.steps[index], state.phase(index, now)
    parts = [f"<p class='cxa-question'>{esc(step.title)}</p>", _person(step), _picture(step)]
    parts.append(_chart(state, index))
    parts.append(_written(state, index))
    if phase == "revealed":
        parts.append(_right(state, index))
        reason = result(plan, index, None)["reason"]
        parts.append(f"<div class='cxa-talk'><b>Why</b><br>{esc(reason)}</div>")
        laws = "; ".join(f"{r['title']} ({r['where']})" for r in plan.rules(step.cites))
        parts.append(f"<p class='quiet small'>{esc(laws)}</p>{team_stage.table(state)}")
    if step.talk:
        parts.append(f"<div class='cxa-talk'><b>Ask the room</b><br>{esc(step.talk)}</div>")
    return "".join(parts)


def _person(step: Step) -> str:
    if step.person is None:
        return ""
    p = step.person
    return (
        f"<p><span class='quiet'>Seen:</span> {esc(p.seen)}<br><span class='quiet'>Says:</span> "
        f"{esc(p.says)}<br><span class='quiet'>Documents:</span> {esc(p.documents)}</p>"
    )


def _picture(step: Step) -> str:
    picture = step.item.picture if step.item is not None else None
    if picture is None:
        return ""
    return f"<p><img src='{esc(picture.data or '')}' alt='{esc(picture.alt)}' width='360'></p>"


def _chart(state: DrillState, index: int) -> str:
    item = state.plan().steps[index].item
    if item is not None and item.kind not in PICKED and _hidden(state, index):
        return "<p class='quiet'>The bars come with the reveal.</p>"
    counted = counts(state, index)
    revealed = not _hidden(state, index)
    rows = []
    for bar in counted["bars"]:
        label = f"{bar['letter']}  {bar['text']}" if bar["letter"] else bar["text"]
        word = _WORDS.get(bar["grade"], "") if bar["letter"] else ""
        # Many trainers show this screen to the room: the grades wait for the reveal.
        shown = (bar["grade"], word) if revealed else ("", "")
        rows.append(Bar(label, bar["count"], *shown))
    rows.append(Bar("No answer", counted["none"], "none"))
    alt = "Answers: " + "; ".join(f"{r.label}, {r.count}{' ' + r.word}" for r in rows)
    return bars(rows, alt, counted["of"])


def _right(state: DrillState, index: int) -> str:
    """What was right, where no bar says it: an order, pairs, a number, some words."""
    item = state.plan().steps[index].item
    if item is None or item.kind in PICKED:
        return ""
    said = in_words(state, index, result(state.plan(), index, None)["key"])
    word = "A good answer" if item.marked_by_person else "Right"
    return f"<p class='cxa-right'><b>{word}:</b> {esc(said)}</p>" if said else ""


def _hidden(state: DrillState, index: int) -> bool:
    return state.steps[index].revealed_at is None


def _written(state: DrillState, index: int) -> str:
    """What people wrote, without names, so that it can be read out."""
    item = state.plan().steps[index].item
    if item is None or item.kind not in ("short", "text", "number"):
        return ""
    key = "number" if item.kind == "number" else "text"
    given = [a.response[key] for s in state.present if (a := state.answer(index, s.id))]
    shown = "".join(f"<li>{esc(str(g))}</li>" for g in given[-MOST_QUOTES:])
    return scrolled("ul", "cxa-quotes", "Written answers", shown) if shown else ""


def done(state: DrillState) -> set[str]:
    """Seats with nothing to do at the moment: answered, voted, or at an end."""
    if state.status not in ("running", "paused"):
        return set()
    if state.case is None or state.case.decide == "room":
        return set(state.answered(state.step))
    if state.case.decide == "each":
        return {s.id for s in state.present if casework.playing(state, s.id).over}
    over = {t for t in state.teams if casework.playing(state, t).over}
    voted = {seat for team in state.turns for seat in teamplay.cast(state, team)}
    return voted | {s.id for s in state.present if s.team in over}


def waiting(state: DrillState, now: float) -> bool:
    """Whether answers or votes of the room are still coming."""
    if state.current is None or state.status == "ended":
        return False
    if state.case is not None and not casework.playing(state, casework.ROOM).votes:
        return False
    return state.phase(state.step, now) == "open"


def people_head(state: DrillState, now: float, stuck: dict[str, str]) -> str:
    """How many are in the room, still think, and may be stuck."""
    seats = state.present
    if not seats:
        return "<h2>The room</h2><p class='quiet'>Nobody has joined yet.</p>"
    count = str(len(seats))
    if waiting(state, now):
        left = len(seats) - len(done(state) & {s.id for s in seats})
        count = f"{left} still thinking" if left else "All done"
    chip = f" <span class='cxa-chip paused'>{len(stuck)} may be stuck</span>" if stuck else ""
    locked = " <span class='cxa-chip lobby'>Locked</span>" if state.locked else ""
    return f"<h2>The room <span class='quiet'>· {count}</span>{chip}{locked}</h2>"


def people(
    state: DrillState,
    now: float,
    rows: list[tuple[str, Seat]],
    stuck: dict[str, str],
    start: int,
    of: int,
) -> str:
    """A page of people by the names of this screen; `start` and `of` say which part it is."""
    if not of:
        return "<p class='quiet small'>Nobody here.</p>" if state.seats else ""
    playing, answered = state.current is not None and state.status != "ended", done(state)
    if state.case is not None and playing:
        playing = casework.playing(state, casework.ROOM).votes
    shown = []
    for name, seat in rows:
        extra = f" <small class='quiet'>+{seat.extra:g} s</small>" if seat.extra else ""
        hidden = " <small class='quiet'>(hidden)</small>" if seat.masked else ""
        seen = stuck.get(seat.id)
        mark = f" <small class='cxa-look'>⚠ {esc(seen)}</small>" if seen else ""
        team = state.teams.get(seat.team or "")
        where = f" <small class='quiet'><bdi>{esc(team.name)}</bdi></small>" if team else ""
        word = "blocked" if seat.blocked else "taken out"
        standing = _standing(state, seat.id, playing, seat.id in answered)
        if seat.removed:
            standing = f"<span class='is'>{word}</span>"
        shown.append(
            f"<li><span class='who'><bdi>{esc(name)}</bdi>{extra}{hidden}{where}{mark}</span>"
            f"{standing}</li>"
        )
    part = f"<p class='quiet small'>{start + 1} to {start + len(rows)} of {of}</p>"
    some = part if len(rows) < of else ""
    return f"<ul class='cxa-people'>{''.join(shown)}</ul>{some}"


def _standing(state: DrillState, seat: str, playing: bool, done: bool) -> str:
    if state.case is not None and state.status != "lobby":
        return case_stage.standing(state, seat)
    if not playing:
        earned, most = state.score(seat)
        return f"<span class='is'>{points(earned, most)}</span>" if most else ""
    if done:
        return "<span class='is yes'>✓ answered</span>"
    return "<span class='is'>no answer yet</span>"
