"""Analytics: how questions worked, what a group can do, who needs help now.

Pure: a `Cohort` in, plain results out. `gather` makes cohorts from what was handed in and marked.
All measures are of classical test theory, because it is what trainers can check by hand; each
docstring names its source.
"""

from crossings.grading.analysis.gain import Gain, gain
from crossings.grading.analysis.help import Need, needs
from crossings.grading.analysis.mastery import Reached, objectives, provisions
from crossings.grading.analysis.model import Answer, Choice, Cohort, Question
from crossings.grading.analysis.questions import Working, workings
from crossings.grading.analysis.reliability import Reliability, reliability

__all__ = [
    "Answer",
    "Choice",
    "Cohort",
    "Gain",
    "Need",
    "Question",
    "Reached",
    "Reliability",
    "Working",
    "gain",
    "needs",
    "objectives",
    "provisions",
    "reliability",
    "workings",
]
