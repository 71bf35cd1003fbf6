"""A small exercise, and events for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from crossings.tabletop import Event, Play, Tabletop, played

START = 1_000.0
TEXT = (Path(__file__).parent / "small.yml").read_text(encoding="utf-8")
TABLE = Tabletop.model_validate(yaml.safe_load(TEXT))


def event(minute: float, kind: str, key: str = "", **payload: Any) -> Event:
    """An act `minute` minutes after the start, by the server's clock."""
    name = key or f"{kind}/{minute}/{sorted(payload.items())}"
    return Event(START + minute * 60, name, kind, payload)


def at(minute: float, *events: Event, table: Tabletop = TABLE) -> Play:
    """The started exercise `minute` minutes after its start, by the server's clock."""
    return played(table, [event(0, "started"), *events], START + minute * 60)


def did(minute: float, role: str, action: str, key: str = "") -> Event:
    return event(minute, "did", key, role=role, action=action)


def sent(minute: float, role: str, *to: str, text: str = "Hello", key: str = "") -> Event:
    return event(minute, "sent", key, role=role, to=list(to), text=text)
