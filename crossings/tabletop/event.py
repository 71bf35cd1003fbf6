"""What the engine is told: the acts of roles and of the trainer, as the drill's log has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CLOCK = ("started", "paused", "resumed", "skipped", "rewound", "ended")
"""Kinds that move the clock; every other kind happens at a time of the exercise."""
ROLES = ("sent", "did", "filed")
"""Kinds that a role sends; the rest is the trainer's hand."""


@dataclass(frozen=True)
class Event:
    """One act. `at` is server time in seconds; `key` names it once and for all.

    Payloads: `skipped` and `rewound` {to: minute}; `sent` {role, to: […], text}; `did` {role,
    action}; `filed` {role, form, fields}; `injected` {inject} or {to, title, text}; `branched`
    {branch, way}; `switched` {milestone, on}; `scored` {role, criterion, level, note}.
    """

    at: float
    key: str
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
