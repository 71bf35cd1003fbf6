"""Live drills: the log, the fold over it, what each page may see, and the learner site's API."""

from crossings.drills.log import Draft, DrillLog, DrillLogError, Event
from crossings.drills.script import Script, script
from crossings.drills.state import DrillState, fold
from crossings.drills.trainer import Trainer, open_drill, open_script, runs

__all__ = [
    "Draft",
    "DrillLog",
    "DrillLogError",
    "DrillState",
    "Event",
    "Script",
    "Trainer",
    "fold",
    "open_drill",
    "open_script",
    "runs",
    "script",
]
