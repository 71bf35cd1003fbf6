"""Seeded defects: functions that put one mistake each into the data of a case.

Each names the code of the problem that must be found, and the place. Places are keys joined by dots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    name: str
    code: str
    place: str
    change: Callable[[Json], Any]


def node(data: Json, name: str) -> Json:
    found: Json = data["nodes"][name]
    return found


def option(data: Json, name: str, number: int) -> Json:
    found: Json = data["nodes"][name]["options"][number]
    return found


def loop(data: Json, name: str, other: str) -> None:
    """A circle of two scenes with a way out that is shut."""
    scene = {"kind": "scene", "title": "Again", "text": "You wait."}
    data["nodes"][name] = scene | {"next": other}
    data["nodes"][other] = scene | {"next": [{"to": "middle", "when": "trust > 4"}, {"to": name}]}


def boxed(data: Json) -> None:
    """A decision, off the promised way, whose options are all shut."""
    shut = [o | {"when": "trust > 4"} for o in node(data, "first")["options"]]
    data["nodes"]["box"] = node(data, "first") | {"options": shut}
    option(data, "first", 2).update(to="box")


def into_loop(data: Json) -> None:
    loop(data, "wait", "wait-more")
    option(data, "first", 2).update(to="wait")


def hidden_node(data: Json) -> None:
    data["nodes"]["attic"] = {"kind": "scene", "title": "T", "text": "Dust.", "next": "memo"}
    node(data, "memo")["next"].insert(0, {"to": "attic", "when": "trust > 3 and fired silence"})


def hidden_evidence(data: Json) -> None:
    data["evidence"]["key-ring"] = data["evidence"]["log"] | {"title": "Keys"}
    find = {"evidence": "key-ring", "label": "Keys", "minutes": 1, "when": "chose first.both"}
    node(data, "look")["finds"].append(find)


def longest(data: Json) -> None:
    for n in range(9):
        to = f"d{n + 1}" if n < 8 else "first"
        texts = ("The good one, which is longer", "Short") if n % 2 else ("Short", "x" * 30)
        good, poor, _ = (dict(o) for o in node(data, "first")["options"])
        pair = [good | {"text": "A longer text of the good option", "to": to}]
        pair.insert(n % 2, poor | {"text": texts[0][:5], "to": to})
        data["nodes"][f"d{n}"] = node(data, "first") | {"options": pair}
    node(data, "gate")["next"] = "d0"


def one_place(data: Json) -> None:
    for n in range(9):
        to = f"d{n + 1}" if n < 8 else "first"
        good, poor, _ = (dict(o) for o in node(data, "first")["options"])
        pair = [good | {"text": "Good", "to": to}, poor | {"text": "A wrong one", "to": to}]
        data["nodes"][f"d{n}"] = node(data, "first") | {"options": pair}
    node(data, "gate")["next"] = "d0"


SMALL = [
    # The graph
    Mutant("start", "unknown-name", "start", lambda d: d.update(start="gat")),
    Mutant("to", "unknown-name", "nodes.first.options.0.to",
           lambda d: option(d, "first", 0).update(to="tlk")),
    Mutant("next", "unknown-name", "nodes.talk.next", lambda d: node(d, "talk").update(next="lok")),
    Mutant("goto", "unknown-name", "rules.1.goto", lambda d: d["rules"][1].update(goto="mmo")),
    Mutant("island", "unreachable-node", "nodes.island",
           lambda d: d["nodes"].update(island=node(d, "gate") | {"next": "first"})),
    Mutant("node behind a shut guard", "unreachable-node", "nodes.attic", hidden_node),
    Mutant("ending behind a shut guard", "unreachable-node", "nodes.middle",
           lambda d: node(d, "memo")["next"].__setitem__(1, {"to": "bad-end", "when": "trust <= 4"})
           or node(d, "memo")["next"].__setitem__(2, {"to": "bad-end"})
           or node(d, "memo")["next"].insert(0, {"to": "middle", "when": "signs has papers"})),
    Mutant("dead end", "dead-end", "nodes.memo", lambda d: node(d, "memo").update(next="memo")),
    Mutant("no ending", "no-ending", "nodes",
           lambda d: [d["nodes"].update({n: node(d, "gate") | {"next": "gate"}})
                      for n in ("good-end", "middle", "bad-end")]),
    Mutant("circle", "trap", "nodes.wait", into_loop),
    Mutant("stuck", "stuck", "nodes.box", boxed),
    Mutant("default branch", "branch-default", "nodes.look.next.0.when",
           lambda d: node(d, "look")["next"].pop()),
    Mutant("branch order", "branch-order", "nodes.memo.next.0",
           lambda d: node(d, "memo")["next"][0].pop("when")),
    # Guards
    Mutant("guard syntax", "guard-syntax", "rules.0.when",
           lambda d: d["rules"][0].update(when="clock >")),
    Mutant("guard variable", "unknown-name", "rules.1.when",
           lambda d: d["rules"][1].update(when="trst == 0")),
    Mutant("guard type", "guard-type", "rules.1.when",
           lambda d: d["rules"][1].update(when="alone == 0")),
    Mutant("guard tag", "unknown-name", "rules.1.when",
           lambda d: d["rules"][1].update(when="signs has dept")),
    Mutant("guard bounds", "guard-bounds", "rules.1.when",
           lambda d: d["rules"][1].update(when="trust > 5")),
    Mutant("guard never true", "guard-never-true", "nodes.talk.questions.2.when",
           lambda d: node(d, "talk")["questions"][2].update(when="chose first.later")),
    Mutant("guard always true", "guard-always-true", "nodes.look.finds.2.when",
           lambda d: node(d, "look")["finds"][2].update(when="trust >= 1")),
    Mutant("branch never taken", "guard-never-true", "nodes.look.next.0.when",
           lambda d: node(d, "look")["next"][0].update(when="fired silence")),
    Mutant("branch always taken", "guard-always-true", "nodes.look.next.0.when",
           lambda d: node(d, "look")["next"][0].update(when="clock < 60")),
    Mutant("fate never told", "guard-never-true", "debrief.people.0.fates.0.when",
           lambda d: d["debrief"]["people"][0]["fates"][0].update(when="chose first.later and asked talk.safe")),
    Mutant("fate always told", "guard-always-true", "debrief.people.0.fates.0.when",
           lambda d: d["debrief"]["people"][0]["fates"][0].update(when="visited memo")),
    Mutant("fate for nobody", "fate-default", "debrief.people.0.fates.0.when",
           lambda d: d["debrief"]["people"][0]["fates"].pop()),
    # Rules
    Mutant("rule too late", "rule-never-fires", "rules.0.when",
           lambda d: d["rules"][0].update(when="clock >= 90")),
    Mutant("rule against itself", "rule-never-fires", "rules.2.when",
           lambda d: d["rules"][2].update(when="fired silence and visited good-end")),
    Mutant("rule after the end", "rule-never-fires", "rules.3.when",
           lambda d: d["rules"][3].update(when="visited good-end and visited middle")),
    # Variables
    Mutant("never read", "variable-unread", "variables.alone",
           lambda d: node(d, "memo")["next"][0].update(when="visited refer and clock < 60")),
    Mutant("never written", "variable-unwritten", "variables.calm",
           lambda d: d["variables"].update(calm={"type": "boolean", "label": "C", "visible": True})),
    Mutant("start out of bounds", "variable-declaration", "variables.trust.start",
           lambda d: d["variables"]["trust"].update(start=9)),
    Mutant("effect type", "effect-type", "nodes.first.options.0.effects.0.set",
           lambda d: option(d, "first", 0).update(effects=[{"set": {"alone": 1}}])),
    Mutant("effect bounds", "effect-bounds", "nodes.first.options.0.effects.0.set",
           lambda d: option(d, "first", 0).update(effects=[{"set": {"trust": 9}}])),
    Mutant("effect variable", "unknown-name", "nodes.first.options.0.effects.0.set",
           lambda d: option(d, "first", 0).update(effects=[{"set": {"alon": True}}])),
    Mutant("unused variant", "variant-unused", "variants.idle",
           lambda d: d["variants"].update(idle=["x"])),
    Mutant("unknown variant", "unknown-name", "nodes.first.text",
           lambda d: node(d, "first").update(text="Hello {amena}")),
    # Evidence
    Mutant("over the budget", "evidence-closed", "evidence.contract",
           lambda d: node(d, "look")["finds"][1].update(minutes=9)),
    Mutant("behind a guard", "evidence-closed", "evidence.key-ring", hidden_evidence),
    Mutant("in no node", "evidence-closed", "evidence.ticket",
           lambda d: (node(d, "gate").update(evidence=[]), node(d, "look")["finds"].pop())),
    Mutant("no alt", "no-alt", "evidence.phone", lambda d: d["evidence"]["phone"].pop("alt")),
    Mutant("key without why", "no-feedback", "evidence.phone",
           lambda d: d["evidence"]["phone"].pop("why")),
    # Scores and caps
    Mutant("range too high", "score-range", "nodes.middle.score",
           lambda d: node(d, "middle").update(score=[99, 100])),
    Mutant("range too low", "score-range", "nodes.good-end.score",
           lambda d: node(d, "good-end").update(score=[0, 70])),
    Mutant("range too wide", "score-wide", "nodes.bad-end.score",
           lambda d: node(d, "bad-end").update(score=[0, 90])),
    Mutant("better than best", "best-beaten", "walkthroughs.best",
           lambda d: option(d, "first", 2).update(points=30)),
    Mutant("no protected ending", "no-best-ending", "nodes",
           lambda d: node(d, "good-end").update(outcome="partly")),
    Mutant("best is capped", "no-best-ending", "walkthroughs.best.ending",
           lambda d: (option(d, "first", 0).update(cap="late"),
                      d["walkthroughs"]["best"].update(percent=[0, 100]))),
    Mutant("harm without cap", "harm-uncapped", "nodes.first.options.1",
           lambda d: option(d, "first", 1).pop("cap")),
    Mutant("unused cap", "cap-unused", "caps.idle",
           lambda d: d["caps"].update(idle={"percent": 1, "reason": "r"})),
    # Walkthroughs
    Mutant("no best", "no-best-walkthrough", "walkthroughs", lambda d: d["walkthroughs"].pop("best")),
    Mutant("illegal step", "walkthrough", "walkthroughs.best.actions.0",
           lambda d: d["walkthroughs"]["best"]["actions"].pop(0)),
    Mutant("misspelt option of a walkthrough", "unknown-name", "walkthroughs.best.actions.1.choice",
           lambda d: d["walkthroughs"]["best"]["actions"][1].update(choice="aprat")),
    Mutant("best leaves signs", "best-misses", "walkthroughs.best", lambda d: None),
    Mutant("other ending", "walkthrough", "walkthroughs.best.ending",
           lambda d: d["walkthroughs"]["best"].update(ending="middle")),
    Mutant("other percent", "walkthrough", "walkthroughs.harm.percent",
           lambda d: d["walkthroughs"]["harm"].update(percent=[30, 40])),
    # Writing
    Mutant("no citation", "no-citation", "nodes.first.options.0",
           lambda d: option(d, "first", 0).pop("cites")),
    Mutant("empty consequence", "no-feedback", "nodes.first.options.0.consequence",
           lambda d: option(d, "first", 0).update(consequence="...")),
    Mutant("empty reason", "no-feedback", "nodes.first.options.0.reason",
           lambda d: option(d, "first", 0).update(reason="TODO")),
    Mutant("long node", "long-node", "nodes.first.text",
           lambda d: node(d, "first").update(text="word. " * 181)),
    Mutant("long sentence", "reading-level", "nodes.first.text",
           lambda d: node(d, "first").update(text="and so it goes " * 9)),
    Mutant("always longest", "good-is-longest", "nodes", longest),
    Mutant("always first", "good-in-one-place", "nodes", one_place),
    Mutant("option of one word", "option-length", "nodes.first.options.1.text",
           lambda d: option(d, "first", 1).update(text="Wait.")),
    Mutant("option of a whole page", "option-length", "nodes.first.options.1.text",
           lambda d: option(d, "first", 1).update(text="Ask both " * 13)),
    Mutant("cue word", "giveaway", "nodes.first.options.1.text",
           lambda d: option(d, "first", 1).update(text="Always ask both at once")),
    Mutant("stands out", "giveaway", "nodes.first.options.0.text",
           lambda d: option(d, "first", 0).update(text="Lead her to a room of her own " * 4)),
    Mutant("same text", "giveaway", "nodes.first.options.1.text",
           lambda d: option(d, "first", 1).update(text=option(d, "first", 0)["text"])),
    Mutant("hurtful word", "hurtful-word", "nodes.first.text",
           lambda d: node(d, "first").update(text="She looks like a victim.")),
    Mutant("nationality", "hurtful-word", "nodes.first.options.0.reason",
           lambda d: option(d, "first", 0).update(reason="Sorvane men do that.")),
    Mutant("repeated id", "repeated-id", "nodes.first.options",
           lambda d: option(d, "first", 0).update(id="both")),
    Mutant("person", "unknown-name", "nodes.first.people",
           lambda d: node(d, "first").update(people=["gest"])),
]  # fmt: skip


def find(data: Json, name: str) -> Json:
    finds: list[Json] = node(data, "search")["finds"]
    return next(one for one in finds if one["evidence"] == name)


def choice(data: Json, name: str, chosen: str) -> Json:
    options: list[Json] = node(data, name)["options"]
    return next(one for one in options if one["id"] == chosen)


def rule(data: Json, name: str) -> Json:
    rules: list[Json] = data["rules"]
    return next(one for one in rules if one["id"] == name)


REAL = [
    Mutant("rule needs what it forbids", "rule-never-fires", "rules.0.when",
           lambda d: rule(d, "collapse").update(when="clock >= 45 and visited ship-sails and visited safe-harbour")),
    Mutant("rule after every play is over", "rule-never-fires", "rules.3.when",
           lambda d: rule(d, "guardian-late").update(when="chose the-boy.passport-age and clock >= 2000")),
    Mutant("rule of two ways", "rule-never-fires", "rules.1.when",
           lambda d: rule(d, "phones-silent").update(when="chose the-boy.child-now and chose the-boy.age-test")),
    Mutant("ending behind a shut guard", "unreachable-node", "nodes.safe-harbour",
           lambda d: node(d, "handover")["next"][3].update(when="visited handover")),
    Mutant("branch never taken", "guard-never-true", "nodes.child-check.next.0.when",
           lambda d: node(d, "child-check")["next"][0].update(when="returned and child_recognised")),
    Mutant("branch always taken", "guard-always-true", "nodes.child-check.next.0.when",
           lambda d: node(d, "child-check")["next"][0].update(when="visited the-boy")),
    Mutant("option never open", "guard-never-true", "nodes.share.options.2.when",
           lambda d: choice(d, "share", "need-to-know").update(when="trust_fisher >= 2 and returned")),
    Mutant("option always open", "guard-always-true", "nodes.share.options.3.when",
           lambda d: choice(d, "share", "wait-for-him").update(when="not returned")),
    Mutant("question never open", "guard-never-true", "nodes.talk-fisher.questions.5.when",
           lambda d: node(d, "talk-fisher")["questions"][5].update(when="phones_safe")),
    Mutant("find over the budget", "evidence-closed", "evidence.ledger",
           lambda d: find(d, "ledger").update(minutes=19)),
    Mutant("find behind a guard", "evidence-closed", "evidence.ledger",
           lambda d: find(d, "ledger").update(when="chose search-basis.skipper-brings")),
    Mutant("all options shut", "stuck", "nodes.gate",
           lambda d: (node(d, "gate").pop("timeout", None), node(d, "gate").pop("seconds", None),
                      [o.update(when="safety >= 5 and not boss_alerted and promised") for o in node(d, "gate")["options"]])),
    Mutant("a circle", "trap", "nodes.child-check",
           lambda d: node(d, "runa-asks")["options"].__setitem__(0, choice(d, "runa-asks", "adult-on-paper") | {"to": "child-check"})
           or [choice(d, "runa-asks", o).update(effects=[], to="child-check") for o in ("after-list", "come-now")]),
    Mutant("upper bound", "score-range", "nodes.one-forgotten.score",
           lambda d: node(d, "one-forgotten").update(score=[0, 60])),
    Mutant("lower bound", "score-range", "nodes.one-forgotten.score",
           lambda d: node(d, "one-forgotten").update(score=[50, 70])),
    Mutant("bound without plays", "score-wide", "nodes.flown-home.score",
           lambda d: node(d, "flown-home").update(score=[0, 60])),
    Mutant("harm without cap", "harm-uncapped", "nodes.gate.options.0",
           lambda d: choice(d, "gate", "let-go").pop("cap")),
    Mutant("better than best", "best-beaten", "walkthroughs.best",
           lambda d: choice(d, "first-move", "wheelhouse-papers").update(points=9)),
    Mutant("walkthrough broken", "unknown-name", "walkthroughs.bus-gone.actions.35.choice",
           lambda d: choice(d, "flight", "all-but-two").update(id="all-but-three")),
    Mutant("never read", "variable-unread", "variables.cook_claim",
           lambda d: d["debrief"]["people"].pop(5)),
    Mutant("fate never told", "guard-never-true", "debrief.people.1.fates.0.when",
           lambda d: d["debrief"]["people"][1]["fates"][0].update(when="returned and chose flight.nobody-today")),
    Mutant("no alt", "no-alt", "evidence.school-card", lambda d: d["evidence"]["school-card"].pop("alt")),
    Mutant("sentence", "reading-level", "nodes.dawn.text",
           lambda d: node(d, "dawn").update(text="The responsible authorities subsequently implemented comprehensive "
                                            "administrative measures regarding documentation procedures. " * 4)),
    Mutant("word", "hurtful-word", "nodes.dawn.text",
           lambda d: node(d, "dawn").update(text=node(d, "dawn")["text"] + " Illegals, he says.")),
]  # fmt: skip
