"""A plan and an identity become a person in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crossings.triage.chance import Chance
from crossings.triage.model import RuleOfTriage, Telling
from crossings.triage.people import TriagePerson
from crossings.triage.plan import Piece, Plan
from crossings.triage.who import KIN, Register, Who, pronouns

MOST_CITES = 5
NO_WORDS = "(Says nothing yet.)"
_PAPERS = {
    True: "Valid papers do not change this.",
    False: "Papers that are missing or wrong do not change this.",
}


class Slots:
    """What stands for the slots of a telling. Each relative of a person is another one."""

    def __init__(self, plan: Plan, who: Who, register: Register, chance: Chance) -> None:
        self._kin = list(KIN)
        self._chance = chance
        carer_she, other_she = chance.happens(0.5), chance.happens(0.5)
        others = [n for n in register.world.names.family if n != who.family]
        carer = f"{'Mrs' if carer_she else 'Mr'} {chance.pick(others)}"
        other, child_she = "woman" if other_she else "man", chance.happens(0.5)
        world = register.world
        self._fixed = {
            "first": who.first, "First": who.first, "age": str(plan.years), "home": who.home,
            "country": world.countries[who.country].name, "place": chance.pick(world.places),
            "vehicle": world.ways[who.way].vehicle, "carer": carer, "Carer": carer,
            "aunt": "aunt" if carer_she else "uncle", "other": other, "Other": other.capitalize(),
            "child": "daughter" if child_she else "son",
        }  # fmt: skip
        for name, she in (
            ("", who.she), ("carer", carer_she), ("other", other_she), ("child", child_she),
        ):  # fmt: skip
            self._fixed |= pronouns(name, she)
        self._of: dict[int, dict[str, str]] = {}

    def fill(self, piece: Telling, text: str) -> str:
        """`text` of a telling with its slots filled; a relative stays the same within it."""
        if "in_" not in text and "{kin" not in text:
            return text.format_map(self._fixed)
        mine = self._of.setdefault(id(piece), self._relative())
        return text.format_map(self._fixed | mine)

    def _relative(self) -> dict[str, str]:
        name = self._kin.pop(self._chance.below(len(self._kin))) if self._kin else "cousin"
        she = KIN[name]
        return {"kin": name} | pronouns("kin", self._chance.happens(0.5) if she is None else she)


def person(plan: Plan, who: Who, number: int, register: Register) -> TriagePerson:
    """The person as the class meets them, with what is right and why."""
    slots = Slots(plan, who, register, Chance(f"{plan.chance.seed}/{who.first}"))
    order = [plan.pieces[n] for n in _mixed(len(plan.pieces), plan.chance.of("order"))]
    truth = plan.truth
    deciding = [*truth.rules, *truth.waiting]
    return TriagePerson(
        id=f"p{number:02d}-{who.first}-{who.family}".lower(),
        name=_name(plan, who, slots),
        seen=" ".join([who.arrived, *_parts(order, slots, "seen")]),
        says=_said(plan, order, who, slots),
        documents=" ".join([_filled(plan.papers, slots), *_parts(order, slots, "documents")]),
        right=truth.right,
        acceptable=truth.acceptable,
        need=truth.need,
        why=_why(plan, slots),
        cites=tuple(dict.fromkeys(c for r in deciding for c in r.cites))[:MOST_CITES],
        sources=tuple(dict.fromkeys(s for r in truth.rules for s in r.sources)),
        indicators=tuple(dict.fromkeys(r.sign for r in deciding if r.rank != "ordinary")),
        rules=tuple(dict.fromkeys(f"Rule {r.number}: {r.sign}" for r in deciding)),
        objectives=tuple(dict.fromkeys(o for r in truth.rules for o in r.objectives)),
        seconds=_seconds(plan),
    )


def _mixed(count: int, chance: Chance) -> list[int]:
    left, found = list(range(count)), []
    while left:
        found.append(left.pop(chance.below(len(left))))
    return found


def _name(plan: Plan, who: Who, slots: Slots) -> str:
    if plan.age == "adult":
        return f"{who.first} {who.family}, {plan.years}"
    if plan.age == "young":
        return f"{who.first} {who.family}, says {plan.years}"
    carer = any("unclear-adult" in p.facts for p in plan.pieces)
    return f"{who.first}, {plan.years}" + (_filled(", with {carer}", slots) if carer else "")


def _filled(text: str, slots: Slots) -> str:
    return slots.fill(_NO_TELLING, text)


_NO_TELLING = Telling(seen="-")


def _parts(pieces: Iterable[Piece], slots: Slots, part: str) -> Iterator[str]:
    for piece in pieces:
        text = getattr(piece.telling, part)
        if text:
            yield slots.fill(piece.telling, text)


def _said(plan: Plan, order: list[Piece], who: Who, slots: Slots) -> str:
    told = order if plan.silent else [plan.journey, *order]
    words = list(_parts(told, slots, "says"))
    if not words or words[0].startswith("("):
        return words[0] if words else NO_WORDS
    # Each answer has marks of its own: a reader sees where another subject begins.
    said = " ".join(f'"{text}"' for text in words)
    speaker = next((p for p in order if p.telling.other), None)
    if speaker is None:
        return said
    assert speaker.telling.other is not None
    other = slots.fill(speaker.telling, speaker.telling.other)
    label = "{carer}" if "unclear-adult" in speaker.facts else "The {other}"
    return f'{_filled(label, slots)}: "{other}" {who.first}: {said}'


def _why(plan: Plan, slots: Slots) -> str:
    lines: list[str] = []
    chance = plan.chance.of("why")
    told: set[int] = set()
    for rule in plan.truth.rules:
        lines += [*_notes(plan, rule, slots, told), _filled(chance.pick(rule.why), slots)]
    if plan.truth.need and plan.truth.rules[0].rank != "first" and chance.happens(0.6):
        lines.append(_PAPERS[plan.fit])
    for rule in plan.truth.waiting:
        notes = " ".join(_notes(plan, rule, slots, told))
        lines.append(f"{notes} This is the call to make after it (drill rule {rule.number}).")
    nothing = [slots.fill(p.telling, p.telling.why) for p in plan.pieces if p.telling.why]
    if nothing:
        lines.append(f"Not a sign here: {'; '.join(nothing)}.")
    return " ".join(line for line in lines if line)


def _notes(plan: Plan, rule: RuleOfTriage, slots: Slots, told: set[int]) -> Iterator[str]:
    """What of the person the rule speaks about, each once."""
    read = {*rule.all, *rule.any}
    for piece in plan.signs:
        if piece.telling.note and read.intersection(piece.facts) and id(piece) not in told:
            told.add(id(piece))
            yield slots.fill(piece.telling, piece.telling.note)


def _seconds(plan: Plan) -> int:
    """Time to read and to choose: 120 words a minute, and 20 seconds."""
    pieces = (plan.journey, *plan.pieces)
    parts = (
        t
        for p in pieces
        for t in (p.telling.seen, p.telling.says, p.telling.other, p.telling.documents)
        if t
    )
    words = sum(len(t.split()) for t in parts) + len(plan.papers.split()) + 8
    return min(max(5 * round((20 + words * 0.5) / 5), 40), 90)
