"""A folded state as JSON, and back: what a snapshot holds.

It follows the types that the dataclasses of the fold declare, so a new field needs nothing here.
A play of a case is kept as its events and played again; the script is not kept, it is in the log.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from crossings.cases import start
from crossings.drills.casework import MODE, Playing
from crossings.drills.script import CasePart
from crossings.drills.state import DrillState

_ELSEWHERE = {"script", "memo", "going"}


def to_json(state: DrillState) -> dict[str, Any]:
    """Everything that events added up to, but the script."""
    return {
        name: _out(getattr(state, name)) for name in _fields(DrillState) if name not in _ELSEWHERE
    }


def from_json(data: Mapping[str, Any], begun: DrillState) -> DrillState:
    """The state that `to_json` was given; `begun` has folded the opening and the script.

    Raises:
        ValueError, TypeError, KeyError: where `data` is no state of such a drill.
    """
    fields = {n: t for n, t in _fields(DrillState).items() if n not in _ELSEWHERE}
    if set(data) != set(fields):
        raise ValueError("a snapshot has other fields than the fold")
    part = begun.case
    values = {name: _in(data[name], hint, part) for name, hint in fields.items()}
    return DrillState(**values, script=begun.script)


@cache
def _fields(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {f.name: hints[f.name] for f in dataclasses.fields(kind)}


def _kind(value: Any) -> Any:
    return type(value)


def _out(value: Any) -> Any:
    if isinstance(value, Playing):
        return {"seed": value.state.seed, "events": list(value.events)}
    if dataclasses.is_dataclass(value):
        return {name: _out(getattr(value, name)) for name in _fields(_kind(value))}
    if isinstance(value, Mapping):
        return {str(key): _out(inner) for key, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [_out(inner) for inner in value]
    return value


def _in(value: Any, hint: Any, part: CasePart | None) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _in(value, next(h for h in inner if h is not type(None)), part)
    if hint is Playing:
        return _played(value, part)
    if dataclasses.is_dataclass(hint):
        kind: Any = hint
        return kind(**{n: _in(value[n], t, part) for n, t in _fields(kind).items()})
    if origin in (dict, Mapping) or origin is typing.get_origin(Mapping[str, int]):
        key, kind = inner
        return {(int(k) if key is int else k): _in(v, kind, part) for k, v in value.items()}
    if origin in (set, frozenset):
        return origin(value)
    if origin is tuple:
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
        return tuple(_in(v, kind, part) for v, kind in zip(value, kinds, strict=True))
    if origin is list:
        return [_in(v, inner[0], part) for v in value]
    return float(value) if hint is float else value


def _played(kept: Mapping[str, Any], part: CasePart | None) -> Playing:
    """The play again, move by move."""
    if part is None:
        raise ValueError("a play without a case")
    play = Playing(part, start(part.doc, kept["seed"], MODE))
    for event in kept["events"]:
        action = {k: v for k, v in event.items() if k not in ("seq", "at")}
        play = play.moved(action, 0.0)
    return dataclasses.replace(play, events=tuple(kept["events"]))
