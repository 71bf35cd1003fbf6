"""Trace files (`<case>.trace.json`): what a learner's page saves, and what comes back from outside.

A file from outside may be anything. It is read under a limit, must be JSON, and is believed only as
far as `crossings.cases.replay` can play it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crossings.cases.state import Document

MOST_BYTES = 2_000_000
"""A trace of the longest play with long notes is far below."""

MOST_PROGRESS = 8_000_000
"""The progress page's file holds many plays; its own limit is the same."""
PROGRESS = "crossings-progress"


class TraceError(ValueError):
    """A file that is no trace; the message says why, without its name."""


def parsed(raw: bytes) -> dict[str, Any]:
    """The trace in `raw` as plain data; whether it can be played is not asked.

    Raises:
        TraceError: where it is too large, not JSON in UTF-8, or not an object with a case.
    """
    data = _read(raw, MOST_BYTES)
    if not isinstance(data.get("case"), str):
        raise TraceError("it is not a trace of a case")
    return data


def _read(raw: bytes, most: int) -> dict[str, Any]:
    if len(raw) > most:
        raise TraceError(f"it is over {most // 1_000_000} MB, so it is no trace")
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise TraceError("it is not JSON in UTF-8") from None
    if not isinstance(data, dict):
        raise TraceError("it is not a trace of a case")
    return data


def traces_in(raw: bytes) -> list[dict[str, Any]]:
    """The traces in a file from a learner: one play, or the progress page's file with many.

    Raises:
        TraceError: where it is neither.
    """
    data = _read(raw, MOST_PROGRESS)
    entries = data.get("entries") if data.get("format") == PROGRESS else None
    if entries is None:
        return [parsed(raw)]
    if not isinstance(entries, dict):
        raise TraceError("its list of activities is damaged")
    plays = [value for key, value in entries.items() if key.startswith("case:")]
    return [play for play in plays if isinstance(play, dict) and "events" in play]


def read_trace(path: Path) -> dict[str, Any]:
    """The trace in a file; never more of the file is read than a trace can have.

    Raises:
        TraceError: where the file cannot be read or holds no trace.
    """
    try:
        with path.open("rb") as handle:
            return parsed(handle.read(MOST_BYTES + 1))
    except OSError as error:
        raise TraceError(f"it cannot be read: {error.strerror}") from None


def begun(doc: Document, seed: str, mode: str) -> dict[str, Any]:
    """A trace without events."""
    return {
        "case": doc["id"],
        "version": doc["version"],
        "seed": seed,
        "mode": mode,
        "events": [],
    }


def continued(trace: dict[str, Any], action: dict[str, Any]) -> dict[str, Any]:
    """`trace` with one more event, numbered and dated; the old one is left as it is."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    event = {"seq": len(trace["events"]) + 1, "at": at, **action}
    return trace | {"events": [*trace["events"], event]}
