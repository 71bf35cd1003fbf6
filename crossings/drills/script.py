"""What a drill plays: everything of the course that one run needs, as one value.

It is written into the log when the drill is opened. So a run never changes when the course is
edited, and can be shown again a year later from the log alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from crossings.cases.document import BEST
from crossings.curriculum.cases import find_case
from crossings.curriculum.model import Course, Decide, Drill, Role, Teams
from crossings.curriculum.references import found_in, split
from crossings.items.model import Frozen, Item
from crossings.items.score import Score, score
from crossings.items.shuffle import shuffled
from crossings.tabletop import Tabletop
from crossings.triage import Generate, TriageChannel, TriagePerson, generate


class Step(Frozen):
    """One question or one arriving person; exactly one of `item` and `person` is given."""

    seconds: int
    talk: str = ""
    item: Item | None = None
    person: TriagePerson | None = None

    @property
    def title(self) -> str:
        """A line that names the step."""
        if self.person is not None:
            return self.person.name
        assert self.item is not None
        return self.item.stem

    @property
    def points(self) -> float:
        return self.item.points if self.item is not None else 1.0

    @property
    def cites(self) -> tuple[str, ...]:
        source = self.item or self.person
        return source.cites if source else ()

    @property
    def sources(self) -> tuple[str, ...]:
        source = self.item or self.person
        return source.sources if source else ()

    @property
    def objectives(self) -> tuple[str, ...]:
        source = self.item or self.person
        return tuple(source.objectives) if source else ()


class Rule(Frozen):
    """A provision as a learner reads it."""

    title: str
    where: str
    paraphrase: str


class Belief(Frozen):
    belief: str
    correction: str


class Reading(Frozen):
    """A chapter that teaches an objective."""

    title: str
    where: str


class CasePart(Frozen):
    """The case of a case drill, compiled, and who decides in it.

    Everything that is played is played by somebody in one voice: the room's, a team's, or a seat's
    own (`casework.voice`).
    """

    decide: Decide
    seconds: int
    """Time for a vote."""
    doc: dict[str, Any]
    best: tuple[dict[str, Any], ...] = ()
    """The moves of the best play; empty in old logs. Nobody sees it before the debrief."""

    @property
    def objectives(self) -> tuple[str, ...]:
        return tuple(self.doc["objectives"])


class Drawn(Frozen):
    """From what the people of a generated drill were drawn: with it they can be drawn again, as
    long as the model of arrivals has this version."""

    seed: str
    settings: Generate
    model: str
    version: int


class Script(Frozen):
    ref: str
    kind: Literal["quiz", "triage", "case", "tabletop"]
    title: str
    intro: str
    minutes: int
    content_note: str | None = None
    steps: tuple[Step, ...] = ()
    case: CasePart | None = None
    tabletop: Tabletop | None = None
    teams: Teams | None = None
    roles: tuple[Role, ...] = ()
    channels: tuple[TriageChannel, ...] = ()
    drawn: Drawn | None = None
    """Of a triage drill whose people were drawn; they themselves are its `steps`."""
    debrief: tuple[str, ...] = ()
    law: dict[str, Rule] = Field(default_factory=dict)
    sources: dict[str, str] = Field(default_factory=dict)
    beliefs: dict[str, Belief] = Field(default_factory=dict)
    objectives: dict[str, str] = Field(default_factory=dict)
    readings: dict[str, tuple[Reading, ...]] = Field(default_factory=dict)

    def seconds(self, index: int) -> int:
        """Time for step `index`; in a case drill, for a vote."""
        return self.case.seconds if self.case is not None else self.steps[index].seconds

    def choices(self, index: int, seed: str) -> list[tuple[str, str]]:
        """Ids and texts to choose from in step `index`, in the order that the whole room sees."""
        step = self.steps[index]
        if step.person is not None:
            return [(c.id, c.text) for c in self.channels]
        assert step.item is not None
        pairs = [(o.id, o.text) for o in step.item.options]
        if step.item.mixes:
            return shuffled(pairs, f"{seed}/{step.item.id}/options")
        return pairs

    def score(self, index: int, response: object) -> Score:
        """Points of `response` to step `index`."""
        step = self.steps[index]
        if step.item is not None:
            return score(step.item, response)
        assert step.person is not None
        return _referral(step.person, {c.id for c in self.channels}, response)

    def rules(self, ids: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"id": i, **self.law[i].model_dump()} for i in ids if i in self.law]


def _referral(person: TriagePerson, channels: set[str], response: object) -> Score:
    if response is None or response == {}:
        return Score(points=0, max_points=1, status="empty", reason="no answer")
    choice = response.get("choice") if isinstance(response, dict) else None
    if not isinstance(choice, str) or choice not in channels:
        return Score(points=0, max_points=1, status="malformed", reason="no such channel")
    if choice in person.right:
        return Score(points=1, max_points=1)
    return Score(points=0.5 if choice in person.acceptable else 0, max_points=1)


def script(course: Course, ref: str, seed: str | None = None) -> Script:
    """The script of drill `ref` (`module/id`).

    People who are drawn are drawn from `seed`; without one from the drill's own, and where it has
    none, from one that is new with every call.

    Raises:
        CourseError: where the case of a case drill cannot be played, with file and line.
    """
    drill = course.drill(ref)
    module = ref.partition("/")[0]
    drawn = _drawn(course, drill, seed)
    steps = _steps(course, drill, module, drawn)
    case = _case(course, drill, module)
    cites, sources = _references(steps, case, drill.tabletop)
    return Script(
        ref=ref,
        kind=drill.kind,
        title=drill.title,
        intro=_intro(course, drill),
        minutes=drill.minutes,
        content_note=drill.content_note,
        steps=steps,
        case=case,
        tabletop=drill.tabletop,
        teams=_teams(drill),
        roles=_roles(drill),
        channels=drill.channels,
        drawn=drawn,
        debrief=drill.debrief,
        law={i: _rule(course, i) for i in cites if i in course.law},
        sources=_sources(course, sources),
        beliefs=_beliefs(course, steps),
        objectives=_objectives(course, drill, steps, case),
        readings=_readings(course, drill, steps, case),
    )


def _case(course: Course, drill: Drill, module: str) -> CasePart | None:
    if drill.case is None or drill.decide is None:
        return None
    owner, name = split(course, course.modules[module], drill.case)
    # Read alone, so that what cannot be played is said with its line, before a class is in.
    found = find_case(f"{owner.id}/{name}", course.root)
    best = found.case.walkthroughs.get(BEST)
    moves = tuple(a.model_dump(exclude_none=True) for a in best.actions) if best else ()
    return CasePart(decide=drill.decide, seconds=drill.seconds, doc=dict(found.doc), best=moves)


def _teams(drill: Drill) -> Teams | None:
    """A tabletop drill sits in teams: one for each role, unless the file says otherwise."""
    if drill.tabletop is None or drill.teams is not None:
        return drill.teams
    return Teams(roles=tuple(drill.tabletop.roles))


def _roles(drill: Drill) -> tuple[Role, ...]:
    if drill.tabletop is None:
        return drill.roles
    offices = drill.tabletop.roles.items()
    return tuple(Role(id=name, title=office.name, brief=office.brief) for name, office in offices)


def _references(
    steps: tuple[Step, ...], case: CasePart | None, table: Tabletop | None
) -> tuple[list[str], list[str]]:
    """The ids of provisions and the sources that the drill may show."""
    cites = [i for s in steps for i in s.cites]
    sources = [r for s in steps for r in s.sources]
    if case is not None:
        cites += [i for _, i in found_in(case.doc, "cites")]
        sources += [r for _, r in found_in(case.doc, "sources")]
    if table is not None:
        data = table.model_dump(mode="json")
        cites += [i for _, i in found_in(data, "cites")]
        sources += [r for _, r in found_in(data, "sources")]
    return list(dict.fromkeys(cites)), list(dict.fromkeys(sources))


def _drawn(course: Course, drill: Drill, seed: str | None) -> Drawn | None:
    if drill.generate is None or course.arrivals is None:
        return None
    world = course.arrivals.world
    return Drawn(
        seed=seed or drill.generate.seed or secrets.token_hex(4),
        settings=drill.generate,
        model=world.id,
        version=world.version,
    )


def _intro(course: Course, drill: Drill) -> str:
    """Of people who are drawn the class reads the rules that decide, and that nobody is real."""
    if drill.generate is None or course.arrivals is None:
        return drill.intro
    model = course.arrivals
    rules = f"Rules for this drill:\n{model.published()}"
    return f"{drill.intro.strip()}\n\n{rules}\n\n{model.world.label.strip()}"


def _arriving(course: Course, drill: Drill, drawn: Drawn | None) -> tuple[TriagePerson, ...]:
    if drawn is None or course.arrivals is None:
        return drill.arrivals
    people = (d.person for d in generate(course.arrivals, drawn.settings, drawn.seed))
    # Rules name objectives of several modules; a drill counts its own.
    return tuple(
        p.model_copy(update={"objectives": tuple(o for o in p.objectives if o in drill.objectives)})
        for p in people
    )


def _steps(course: Course, drill: Drill, module: str, drawn: Drawn | None) -> tuple[Step, ...]:
    if drill.kind == "triage":
        people = _arriving(course, drill, drawn)
        return tuple(Step(seconds=p.seconds or drill.seconds, person=p) for p in people)
    steps = []
    for entry in drill.steps:
        item = course.item(entry.item if "/" in entry.item else f"{module}/{entry.item}")
        seconds = entry.seconds or drill.seconds
        steps.append(Step(seconds=seconds, talk=entry.talk, item=item))
    return tuple(steps)


def _rule(course: Course, law_id: str) -> Rule:
    provision = course.law[law_id]
    instrument = course.instruments.get(provision.instrument)
    name = instrument.short if instrument else provision.instrument
    return Rule(
        title=provision.title,
        where=f"{name}, {provision.article}" if provision.article else name,
        paraphrase=provision.paraphrase,
    )


def _sources(course: Course, references: Iterable[str]) -> dict[str, str]:
    found = {}
    for reference in references:
        key, _, pinpoint = reference.partition(" ")
        source = course.sources.get(key)
        if source is not None:
            line = f"{source.author}: {source.title} ({source.year})"
            found[reference] = f"{line}, {pinpoint}" if pinpoint else line
    return found


def _beliefs(course: Course, steps: tuple[Step, ...]) -> dict[str, Belief]:
    ids = {o.misconception for s in steps if s.item for o in s.item.options if o.misconception}
    known = (course.misconceptions[i] for i in sorted(ids) if i in course.misconceptions)
    return {m.id: Belief(belief=m.belief, correction=m.correction) for m in known}


def _wanted(drill: Drill, steps: tuple[Step, ...], case: CasePart | None) -> list[str]:
    played = [*(o for s in steps for o in s.objectives), *(case.objectives if case else ())]
    return list(dict.fromkeys([*drill.objectives, *played]))


def _objectives(
    course: Course, drill: Drill, steps: tuple[Step, ...], case: CasePart | None
) -> dict[str, str]:
    all_objectives = course.objectives
    wanted = _wanted(drill, steps, case)
    return {i: all_objectives[i].text for i in wanted if i in all_objectives}


def _readings(
    course: Course, drill: Drill, steps: tuple[Step, ...], case: CasePart | None
) -> dict[str, tuple[Reading, ...]]:
    found = {}
    for objective in _wanted(drill, steps, case):
        uses = course.objective_uses.get(objective, ())
        taught = [u for u in uses if u.how == "taught" and u.kind == "chapter"]
        if taught:
            found[objective] = tuple(Reading(title=u.title, where=u.where) for u in taught)
    return found
