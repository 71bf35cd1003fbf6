"""A triage drill on paper: what the class gets, and the same with answers for the trainer."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator

from crossings.drills.script import Script, Step

_WIDTH = 88
_STYLE = """
body { font: 11pt/1.45 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem;
  color: #14212b; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.1rem; margin: 0 0 .3rem } 
.lines { white-space: pre-line }
article { border: 1px solid #6b7a86; border-radius: 6px; padding: .7rem 1rem; margin: 0 0 1rem;
  break-inside: avoid }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .15rem .8rem; margin: 0 }
dt { color: #44535f } dd { margin: 0 } .choices { margin: .6rem 0 0; padding: 0; columns: 2 }
.choices li { list-style: none; break-inside: avoid } 
.answer { margin-top: .6rem; border-top: 1px solid #6b7a86; padding-top: .5rem }
.small { color: #44535f; font-size: .9rem }
@media print { body { margin: 0; max-width: none } }
"""


def sheet(plan: Script, answers: bool) -> str:
    """Plain text for a terminal or a simple printer."""
    lines = [plan.title, "=" * len(plan.title), ""]
    for paragraph in plan.intro.strip().split("\n"):
        lines += textwrap.wrap(paragraph, _WIDTH) or [""]
    for number, step in enumerate(plan.steps, 1):
        lines += ["", *_told(plan, number, step), *(_answer(plan, step) if answers else ())]
    return "\n".join([*lines, "", _drawn(plan), ""])


def _told(plan: Script, number: int, step: Step) -> Iterator[str]:
    assert step.person is not None
    person = step.person
    yield f"{number}. {person.name}"
    for label, text in (("Seen", person.seen), ("Says", person.says), ("Papers", person.documents)):
        yield from _wrapped(label, text)


def _answer(plan: Script, step: Step) -> Iterator[str]:
    person = step.person
    assert person is not None
    yield from _wrapped("Right", _channels(plan, person.right))
    if person.acceptable:
        yield from _wrapped("Fair", _channels(plan, person.acceptable))
    yield from _wrapped("Need", "yes" if person.need else "no")
    yield from _wrapped("Why", person.why)
    yield from _wrapped("Rules", "; ".join(_rules(plan, step)))


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"   {label:<8}", subsequent_indent=" " * 11)


def _channels(plan: Script, ids: tuple[str, ...]) -> str:
    names = {c.id: c.text for c in plan.channels}
    return "; ".join(names.get(i, i) for i in ids)


def _rules(plan: Script, step: Step) -> list[str]:
    """The provisions that a person's reason leans on, in the words of a reader."""
    return [f"{rule['where']} ({rule['id']})" for rule in plan.rules(step.cites)]


def _drawn(plan: Script) -> str:
    if plan.drawn is None:
        return f"{len(plan.steps)} people, written by the authors of the course."
    drawn = plan.drawn
    return (
        f"{len(plan.steps)} invented people, drawn with seed {drawn.seed} "
        f"({drawn.settings.difficulty}, {drawn.model} version {drawn.version})."
    )


def page(plan: Script, answers: bool) -> str:
    """One HTML file without anything from elsewhere, made to be printed."""
    people = "".join(_article(plan, n, s, answers) for n, s in enumerate(plan.steps, 1))
    kind = "For the trainer: with answers" if answers else "For the class"
    note = f"<p>{_e(plan.content_note)}</p>" if plan.content_note else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{_e(plan.title)}'
        f'</title><meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{_e(plan.title)}</h1><p class='small'>{kind}. {_e(_drawn(plan))}</p>{note}"
        f"<div class='lines'>{_e(plan.intro.strip())}</div><hr>{people}</body></html>\n"
    )


def _article(plan: Script, number: int, step: Step, answers: bool) -> str:
    assert step.person is not None
    person = step.person
    told = _list([("Seen", person.seen), ("Says", person.says), ("Papers", person.documents)])
    if answers:
        below = f"<div class='answer'>{_list(_solved(plan, step))}</div>"
    else:
        boxes = "".join(f"<li>☐ {_e(c.text)}</li>" for c in plan.channels)
        below = f"<ul class='choices'>{boxes}</ul>"
    return f"<article><h2>{number}. {_e(person.name)}</h2>{told}{below}</article>"


def _solved(plan: Script, step: Step) -> list[tuple[str, str]]:
    person = step.person
    assert person is not None
    rows = [("Right", _channels(plan, person.right))]
    rows += [("Acceptable", _channels(plan, person.acceptable))] if person.acceptable else []
    rows += [("Need", "yes" if person.need else "no"), ("Why", person.why)]
    return [*rows, ("Law", "; ".join(_rules(plan, step)))]


def _list(rows: list[tuple[str, str]]) -> str:
    inner = "".join(f"<dt>{_e(label)}</dt><dd>{_e(text)}</dd>" for label, text in rows)
    return f"<dl>{inner}</dl>"


def _e(text: str) -> str:
    return html.escape(text, quote=True)
