"""The trainer's desk as a process of its own, as it is behind Voila: the real console, looked at.

python -m benchmarks.drills.desk PLACE. Reads one act a line (`start`, `forward`, `reveal`, `end`),
writes a line of JSON after each look at the log: when, which step, how many answers it shows.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue

from crossings.apps.console import EVERY, Console
from crossings.curriculum import current
from crossings.drills import DrillLog, open_drill
from crossings.workspace import Workspace

DRILL = "trafficking-identification/signs-and-myths"


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def _read(acts: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        acts.put(line.strip())


def main() -> None:
    place = sys.argv[1]
    log = DrillLog(place)
    run = open_drill(log, current(), DRILL)
    console = Console(log, current, Workspace(Path(place).parent.parent))
    console.lead(run)
    assert console.room is not None
    trainer, acts = console.room.trainer, SimpleQueue[str]()
    threading.Thread(target=_read, args=(acts,), daemon=True).start()
    state = trainer.state
    say(run=run, code=state.code, projector=state.projector_key, steps=len(state.plan().steps))
    while True:
        begun = time.monotonic()
        try:
            act = acts.get(timeout=EVERY)
            getattr(trainer, act)()
            console.tick()
            if act == "end":
                return
        except Empty:
            console.tick()
        state = trainer.state
        took = time.monotonic() - begun
        say(
            at=time.monotonic(),
            step=state.step,
            answered=len(state.answered(state.step)),
            took=took,
        )


if __name__ == "__main__":
    main()
