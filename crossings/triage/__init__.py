"""People who arrive, drawn from a seed, with a ground truth that follows from published rules.

    from crossings.triage import Generate, generate

    for drawn in generate(course.arrivals, Generate(people=16, difficulty="hard"), "spring-1"):
        print(drawn.person.name, drawn.person.right)

`model` is what authors write, `plan` draws what a person is in, `truth` applies the rules, `who`
draws an identity that no rule reads, and `words` puts it into sentences. `officers` and `cues`
measure it. What it is good for, and what not: docs/decisions.
"""

from crossings.triage.generate import Drawn, generate
from crossings.triage.model import Arrivals, Generate
from crossings.triage.people import TriageChannel, TriagePerson
from crossings.triage.truth import Truth, decide

__all__ = [
    "Arrivals", "Drawn", "Generate", "TriageChannel", "TriagePerson", "Truth", "decide", "generate",
]  # fmt: skip
