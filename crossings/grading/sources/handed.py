"""One submission as it was found, before anybody knows whether it is any good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class SourceError(Exception):
    """The place cannot be read as a collection of submissions; the message says why."""


@dataclass(frozen=True)
class Handed:
    """`who` is what the place says about whose it is: an id (`is_id`), or a name.

    `refused` is the reason why its files were not taken; `received_at` is UTC, "" where the place
    does not say it.
    """

    label: str
    who: str
    is_id: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    refused: str = ""
    received_at: str = ""
    key: str = ""
    """The sender's number in the other system, where it has one."""
