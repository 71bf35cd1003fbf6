"""The figures as tables."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.drills.measured import JOINING, QUESTIONS, THINKING, Measured
from benchmarks.drills.otree import PACKAGE, OtreeRoom
from benchmarks.drills.peers import PUBLISHED, VoilaRoom
from benchmarks.figures import Sheet

AIMS = {"joined": 30.0, "answered": 10.0, "ack95": 0.25, "screen95": 1.0, "console95": 1.0}


def missed(found: Measured) -> list[str]:
    """The promises that a room without faults did not keep."""
    aims = [f"{name} {getattr(found, name):.2f} s" for name, most in AIMS.items()
            if getattr(found, name) > most]  # fmt: skip
    counts = {"lost": found.lost, "doubled": found.doubled, "wrong": found.wrong}
    return aims + [f"{name} {n}" for name, n in counts.items() if n]


def sheets(
    rooms: Sequence[Measured], harmed: Sequence[Measured], voila: Sequence[VoilaRoom],
    otree: Sequence[OtreeRoom], remarks: Sequence[str],
) -> list[Sheet]:  # fmt: skip
    made = [_rooms(rooms, remarks)] if rooms else []
    made += [_harmed(harmed)] if harmed else []
    return [*made, _peers(rooms, voila, otree)]


def _rooms(found: Sequence[Measured], remarks: Sequence[str]) -> Sheet:
    columns = ["participants", "all joined, s", "all answered, s", "ack median, ms", "ack p95, ms",
               "ack longest, ms", "projector p95, ms", "console p95, ms", "memory each, KiB",
               "processor a question, s", "acknowledged", "lost", "counted twice"]  # fmt: skip
    rows = [
        [
            f"{m.people:,}",
            f"{m.joined:.1f}",
            f"{m.answered:.1f}",
            *(f"{1000 * t:,.0f}" for t in (m.ack50, m.ack95, m.ack_most, m.screen95, m.console95)),
            f"{m.memory / 1024:.0f}",
            f"{m.server_cpu:.1f}",
            f"{m.acknowledged:,}",
            str(m.lost),
            str(m.doubled),
        ]
        for m in found
    ]
    return Sheet(
        "A room of participants, all on one machine",
        columns,
        rows,
        [
            f"People come over {JOINING:.0f} s and answer within {THINKING:.0f} s of seeing each "
            f"of {QUESTIONS} questions. Aims: joined 30 s, answered 10 s, acknowledged p95 250 ms, "
            "charts p95 1,000 ms, nothing lost or counted twice.",
            "The server is `./course serve` with both sites; the participants (HTTP and "
            "EventSource, one process) and the trainer's real console (another) share its cores.",
            "Chart: from a participant's acknowledgement until projector or console shows as many "
            "answers. The console looks every 0.5 s; what Voila adds to draw it is not in it.",
            *remarks,
        ],
    )


def _harmed(found: Sequence[Measured]) -> Sheet:
    columns = [
        "participants", "packets lost", "dropped and back", "site killed", "acknowledged", "lost",
        "counted twice", "seats, scores, newest answers wrong", "all answered, s",
        "ack median, ms", "ack p95, ms",
    ]  # fmt: skip
    rows = [
        [
            f"{m.people:,}",
            f"{m.late:,} of {m.pieces:,}",
            str(m.drops),
            str(m.kills),
            f"{m.acknowledged:,}",
            str(m.lost),
            str(m.doubled),
            str(m.wrong),
            f"{m.answered:.1f}",
            *(f"{1000 * t:,.0f}" for t in (m.ack50, m.ack95)),
        ]
        for m in found
    ]
    return Sheet(
        "The same when everything goes wrong",
        columns,
        rows,
        [
            f"200 ms of latency and 5 % loss ({_line(found)}), 5 % a minute drop out and come "
            "back, half of them on a second device; clocks wrong by up to ten minutes; SIGKILL to "
            "the learner site in each question; three in ten change their answer. Counted from "
            "the participants' own books.",
        ],
    )


def _line(found: Sequence[Measured]) -> str:
    if all(m.line == "packets" for m in found):
        return "a network device drops packets each way; both ends are the kernel's own TCP"
    return "a relay: a lost piece comes a retransmission later"


def _peers(
    rooms: Sequence[Measured], voila: Sequence[VoilaRoom], otree: Sequence[OtreeRoom]
) -> Sheet:
    rows = [
        [
            "Voila, a page each",
            str(v.people),
            f"{v.joined:.1f} (all)",
            "",
            f"{v.memory / 1024:,.0f}",
        ]
        for v in voila
    ]
    rows += [
        _room(who, m) for who, found in (("oTree", otree), ("Crossings", rooms)) for m in found
    ]
    return Sheet(
        "Beside others",
        ["", "participants", "to be in, p95, s", "ack p95, ms", "memory each, KiB"],
        rows,
        [
            "Voila: all open the page at the same time, a kernel for each; without its browser "
            "part. It shares no state between participants, so it could not count their answers.",
            f"{PACKAGE}: people come, think and answer at the same pace as in our rooms; an answer "
            "is acknowledged by the redirect that follows its form. It shows nobody anything live.",
            *PUBLISHED,
        ],
    )


def _room(who: str, m: Measured | OtreeRoom) -> list[str]:
    memory = f"{m.memory / 1024:,.0f}"
    return [who, f"{m.people:,}", f"{m.join95:.2f}", f"{1000 * m.ack95:,.0f}", memory]
