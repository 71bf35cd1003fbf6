"""What each page may know of an exercise: a role what is addressed to it, the projector what is
public. Nothing else leaves; the grade and reason of an action wait for the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from crossings.tabletop.model import CONTROL, EVERYBODY, Form, Tabletop, To
from crossings.tabletop.play import Play
from crossings.tabletop.world import Entry

Json = dict[str, Any]

CONTROL_NAME = "Exercise control"
"""What pages call the trainer."""
_SHOWN = ("inject", "message", "action", "form")
"""Milestones and ways are for the trainer: they would say what is right."""


def role_view(play: Play, roles: Collection[str]) -> Json:
    """What a team that plays `roles` sees now."""
    table = play.table
    own = [r for r in table.roles if r in roles]
    return clock(play) | {
        "roles": [{"id": r, **table.roles[r].model_dump(mode="json")} for r in own],
        "contacts": [*contacts(table), {"id": CONTROL, "name": CONTROL_NAME}],
        "inbox": list(inbox(play, own)),
        "actions": [
            {"role": r, "id": name, "text": table.actions[name].text}
            for r in own
            for name in play.open_actions[r]
        ],
        "forms": [_form(table, r, name) for r in own for name in play.open_forms[r]],
    }


def clock(play: Play) -> Json:
    """The time of the exercise, so that a page can let it run."""
    return {
        "ms": play.ms,
        "minute": play.minute,
        "time": play.table.story_time(play.ms),
        "starts_at": play.table.starts_at,
        "pace": play.table.pace,
        "running": play.status == "running",
        "turns": len(play.turns),
    }


def contacts(table: Tabletop) -> list[Json]:
    return [{"id": r, "name": role.name} for r, role in table.roles.items()]


def inbox(play: Play, roles: Collection[str]) -> Iterator[Json]:
    """What reached or left `roles`, in order."""
    for entry in play.entries:
        if entry.kind in _SHOWN and (entry.by in roles or set(entry.to) & set(roles)):
            yield told(play.table, entry, entry.by in roles)


def told(table: Tabletop, entry: Entry, own: bool = False) -> Json:
    """One entry in words. An action and what followed from it are told to who acted only."""
    line: Json = {
        "id": entry.id,
        "kind": entry.kind,
        "ms": entry.ms,
        "time": table.story_time(entry.ms),
        "from": named(table, entry.by) if entry.by else entry.data.get("sender", CONTROL_NAME),
        "to": "Everybody" if entry.public else ", ".join(named(table, r) for r in entry.to),
        "own": own,
        "title": entry.title,
        "text": entry.text,
    }
    if entry.kind == "form":
        line["fields"] = fields(table.forms[entry.what], entry.data["fields"])
    asks = [table.forms[f].title for f in entry.data.get("asks", ()) if f in table.forms]
    return line | ({"asks": asks} if asks else {})


def named(table: Tabletop, role: str) -> str:
    return table.roles[role].name if role in table.roles else CONTROL_NAME


def to_words(table: Tabletop, to: To) -> str:
    """Who reads a form."""
    return "Everybody" if to == EVERYBODY else ", ".join(named(table, r) for r in to)


def fields(form: Form, given: Json) -> list[list[str]]:
    """The filled fields of a form as label and value, both text."""
    found = []
    for field in form.fields:
        if field.id not in given:
            continue
        value, texts = given[field.id], {o.id: o.text for o in field.options}
        if field.kind == "choices":
            value = "; ".join(texts.get(v, v) for v in value)
        elif field.kind == "choice":
            value = texts.get(value, value)
        elif field.kind == "number":
            value = f"{value:g}"
        found.append([field.label, str(value)])
    return found


def _form(table: Tabletop, role: str, name: str) -> Json:
    form = table.forms[name]
    return {
        "role": role,
        "id": name,
        "title": form.title,
        "note": form.note,
        "to": to_words(table, form.to),
        "fields": [f.model_dump(mode="json", exclude_none=True) for f in form.fields],
    }


def public_view(play: Play) -> Json:
    """The projector: the clock, what is public, and numbers. No role is named that did not speak to
    everybody."""
    news = [told(play.table, e) for e in play.entries if e.public and e.kind in _SHOWN]
    counts = {
        kind: sum(e.kind == kind for e in play.entries) for kind in ("message", "action", "form")
    }
    return clock(play) | {"news": news, "counts": counts, "roles": len(play.table.roles)}
