"""The participants' books against the log: what was promised must be there, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.drills.crowd import Participant
from crossings.drills import DrillLog, fold


@dataclass(frozen=True)
class Audit:
    """How books and log differ; all are 0 where every promise was kept."""

    acknowledged: int
    lost: int
    """Acknowledged answers that are not in the log."""
    doubled: int
    """Answers that are in the log more than once."""
    outdone: int
    """Steps at which something older counts than the participant's last acknowledged answer."""
    seats: int
    """Participants without their seat, or seats without a participant."""
    scores: int
    """Participants whose page shows another score than their answers in the log add up to."""

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.outdone or self.seats or self.scores)


def audit(log: DrillLog, run: str, people: Sequence[Participant]) -> Audit:
    events = log.since(run)
    state = fold(events)
    counted = Counter(e.key for e in events if e.kind == "answered")
    lost = doubled = outdone = acknowledged = scores = 0
    for person in people:
        seat, newest = person.seat["seat"], dict[int, int]()
        for key, (step, n, _) in person.book.answers.items():
            acknowledged += 1
            found = counted[f"answer:{seat}:{key}"]
            lost += found == 0
            doubled += found > 1
            newest[step] = max(newest.get(step, 0), n)
        for step, n in newest.items():
            stands = state.answer(step, seat)
            outdone += stands is None or stands.n < n
        you = person.view.get("you")
        if you is not None and seat in state.seats:
            scores += [you["points"], you["of"]] != list(state.score(seat))
    promised = {p.seat["seat"] for p in people}
    seats = len(promised ^ {s.id for s in state.present}) + len(people) - len(promised)
    return Audit(acknowledged, lost, doubled, outdone, seats, scores)
