"""Simulated learners play a case thousands of times; the report shows where it is weak.

    from crossings.cases.simulate import findings, simulate

    report = simulate(doc, plays=1000, seed="a")
    for finding in findings(doc, report):
        ...

The learners are caricatures with a rule each (`LEARNERS`), not people: they show what a case
rewards, not what trainees will do.
"""

from crossings.cases.simulate.findings import findings
from crossings.cases.simulate.learners import LEARNERS, Learner, play
from crossings.cases.simulate.report import Report, simulate

__all__ = ["LEARNERS", "Learner", "Report", "findings", "play", "simulate"]
