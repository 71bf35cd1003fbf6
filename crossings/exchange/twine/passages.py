"""Nodes of a case as SugarCube passages: effects, text, what rules do, and the ways on.

The order inside a passage is the engine's (`docs/formats/case-trace.md`): entering's effects, then
the delayed rules, then the links, whose conditions see what both did.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from crossings.exchange.twine.conditions import sugarcube
from crossings.exchange.twine.escape import link, marked

Json = dict[str, Any]
ON = "Go on"
RULES = "CrossingsRules"


def effects(doc: Json, listed: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Macros that do what effects do, one a line. What does not fit its variable does nothing."""
    for op, *rest in listed:
        if op == "advance":
            yield f"<<set $cx_clock to $cx_clock + {rest[0]}>>\\"
            continue
        macro = _change(doc["variables"].get(rest[0]), op, rest[0], rest[1])
        if macro:
            yield f"<<{macro}>>\\"


def _change(variable: Json | None, op: str, name: str, value: Any) -> str | None:
    kind = variable["type"] if variable else None
    if variable is None or (kind == "set") != (op in ("tag", "untag")):
        return None
    if kind == "set":
        call = "pushUnique" if op == "tag" else "delete"
        return f"run ${name}.{call}({json.dumps(value)})"
    if kind == "boolean":
        fits = op == "set" and isinstance(value, bool)
        return f"set ${name} to {str(value).lower()}" if fits else None
    if isinstance(value, bool):
        return None
    low, high = variable["min"], variable["max"]
    if op == "set":
        return f"set ${name} to {min(high, max(low, value))}"
    sign = "-" if value < 0 else "+"
    return f"set ${name} to Math.clamp(${name} {sign} {abs(value)}, {low}, {high})"


def ways(branches: Sequence[Json], words: str = ON) -> str:
    """Branches as one link at a time: the first that holds."""
    if len(branches) == 1 or "when" not in branches[0]:
        return link(words, branches[0]["to"])
    told = []
    for n, branch in enumerate(branches):
        last = n == len(branches) - 1 or "when" not in branch
        if last:
            told.append(f"<<else>>{link(words, branch['to'])}")
            break
        word = "elseif" if n else "if"
        told.append(f"<<{word} {sugarcube(branch['when'])}>>{link(words, branch['to'])}")
    return "".join(told) + "<</if>>"


def guarded(when: Any, inner: str) -> str:
    return f"<<if {when if isinstance(when, str) else sugarcube(when)}>>{inner}<</if>>"


def offered(choice: Json, target: str, extra: str = "") -> str:
    """The link to a choice, under its guard and `extra`, a condition in SugarCube's words."""
    said = sugarcube(choice["when"]) if "when" in choice else ""
    both = f"({said}) and {extra}" if said and extra else said or extra
    shown = link(choice["text"] if "text" in choice else choice["label"], target)
    return guarded(both, shown) if both else shown


def evidence(doc: Json, name: str) -> str:
    """A piece of evidence as text."""
    thing = doc["evidence"][name]
    rows = [f"{label}: {text}" for label, text in (*thing["fields"], *thing["messages"])]
    told = [f"**{thing['title']}**", *rows, thing.get("body", ""), thing.get("alt", "")]
    return marked("\n".join(line for line in told if line))


def judged(choice: Json, shown: str) -> list[str]:
    """What followed and why, as paragraphs."""
    reason = " ".join(choice["reason"].split())
    return [marked(shown), f"Why: {marked(reason)}"]


def consequence_tags(choice: Json) -> tuple[str, ...]:
    """Grade, laws and sources as tags; sources are percent-encoded, for tags have no spaces."""
    cites = (f"cites-{law}" for law in choice["cites"])
    sources = (f"source-{quote(source, safe='')}" for source in choice["sources"])
    return ("consequence", f"grade-{choice['grade']}", *cites, *sources)


def rules(doc: Json) -> str:
    """All delayed rules, tried until none fires; the first jump is kept in `_cx_goto`."""
    lines = ['<<set _cx_goto to "">>\\', "<<set _cx_again to true>>\\", "<<for _cx_again>>\\"]
    lines.append("<<set _cx_again to false>>\\")
    for rule in doc["rules"]:
        fresh = f"not $cx_fired.includes({json.dumps(rule['id'])})"
        lines.append(f"<<if {fresh} and ({sugarcube(rule['when'])})>>\\")
        lines.append(f"<<set _cx_again to true>><<run $cx_fired.push({json.dumps(rule['id'])})>>\\")
        lines.extend(effects(doc, rule["effects"]))
        if "goto" in rule:
            jump = json.dumps(rule["goto"])
            lines.append(f"<<if not _cx_goto>><<set _cx_goto to {jump}>><</if>>\\")
        lines += [f"''{marked(rule['text'])}''" + "\n<</if>>\\"]
    return "\n".join([*lines, "<</for>>"])
