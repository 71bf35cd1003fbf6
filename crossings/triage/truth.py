"""What is right for a person: facts in, rules that fire, ground truth out. Nothing else is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crossings.triage.model import CHANNELS, RANKS, Channel, Fact, RuleOfTriage


class NoRuleError(ValueError):
    """No rule says what is right for these facts: the rules have a gap."""


@dataclass(frozen=True)
class Truth:
    """What is right and acceptable, and the rules that say so, in the order of the file."""

    right: tuple[Channel, ...]
    acceptable: tuple[Channel, ...]
    need: bool
    second_look: bool
    """Somebody has to talk with the person again before anything is decided."""
    rules: tuple[RuleOfTriage, ...]
    waiting: tuple[RuleOfTriage, ...] = ()
    """Rules of needs that fired below the rank that decides: the calls to make afterwards."""


def decide(
    facts: Iterable[Fact], rules: Iterable[RuleOfTriage], channels: Sequence[Channel] = CHANNELS
) -> Truth:
    """Ground truth for `facts`; its channels stand in the order of `channels`.

    The highest rank at which a rule fires decides. What any of its rules calls right is right; a
    channel is acceptable where every one of them has it as right or acceptable.

    Raises:
        NoRuleError: where no rule fires.
    """
    known = frozenset(facts)
    fired = [rule for rule in rules if rule.fires(known)]
    if not fired:
        raise NoRuleError(f"no rule says what is right for: {', '.join(sorted(known))}")
    rank = next(r for r in RANKS if any(rule.rank == r for rule in fired))
    deciding = tuple(rule for rule in fired if rule.rank == rank)
    right = {channel for rule in deciding for channel in rule.right}
    fair = set.intersection(*({*rule.right, *rule.acceptable} for rule in deciding)) - right
    return Truth(
        right=tuple(c for c in channels if c in right),
        acceptable=tuple(c for c in channels if c in fair),
        need=any(rule.need for rule in deciding),
        second_look="further-interview" in right,
        rules=deciding,
        waiting=tuple(r for r in fired if r.need and r.rank != rank),
    )
