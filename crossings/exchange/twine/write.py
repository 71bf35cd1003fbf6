"""A case as a Twine story in SugarCube's format (docs/decisions/0022 says why SugarCube).

Every node is a passage with the node's id as its name; what follows an option is a passage
`node.option`. Scenes, decisions, endings, variables, guards and effects come back as they were when
`crossings.exchange.twine.read` reads the story. The rest is mapped as far as Twine can hold it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from crossings.cases import document
from crossings.cases.guard import names
from crossings.cases.model import Case
from crossings.exchange.report import ExchangeError, Loss
from crossings.exchange.twine import passages as parts
from crossings.exchange.twine.conditions import sugarcube
from crossings.exchange.twine.escape import hidden, link, literal, marked
from crossings.exchange.twine.passages import Json, effects, judged, offered, ways
from crossings.exchange.twine.twee import Passage, Story

FORMAT, FORMAT_VERSION = "SugarCube", "2.36.1"
_SPACE = uuid.UUID("5f0d8f0e-4a5e-5d0c-9a50-5a1f0c6b7e21")
"""Namespace of story ids: the same case always has the same IFID."""


def story(case: Case) -> tuple[Story, list[Loss]]:
    """The story, and what of the case it does not hold.

    Raises:
        ExchangeError: when a variable of the case has a name that the story needs for itself.
    """
    taken = [name for name in (*case.variables, *case.variants) if name.startswith("cx_")]
    if taken:
        raise ExchangeError(f"rename `{taken[0]}`: names with `cx_` are the export's own")
    writer = _Writer(case)
    data = {
        "ifid": str(uuid.uuid5(_SPACE, case.id)).upper(),
        "format": FORMAT,
        "format-version": FORMAT_VERSION,
        "start": case.start,
        "tag-colors": {"decision": "blue", "ending": "green", "consequence": "yellow"},
    }
    return Story(case.title, data, tuple(writer.passages())), list(_losses(case, writer.doc))


class _Writer:
    def __init__(self, case: Case) -> None:
        self.case, self.doc = case, hidden(document(case), case.variants)
        self.rows: dict[int, int] = {}
        self.depths = _depths(self.doc)

    def passages(self) -> Iterator[Passage]:
        yield Passage("StoryInit", self._initial())
        visible = [n for n, v in self.doc["variables"].items() if v["visible"]]
        if visible:
            lines = (f"{literal(self.doc['variables'][n]['label'])}: <<= ${n}>>" for n in visible)
            yield Passage("StoryCaption", "\n".join(lines), ("cx",))
        if self.doc["rules"]:
            yield Passage(parts.RULES, parts.rules(self.doc), ("cx",))
        for name, node in self.doc["nodes"].items():
            kind = node["kind"]
            makers = {"decision": self._decision, "interview": self._interview,
                      "search": self._search, "triage": self._triage}  # fmt: skip
            yield from makers.get(kind, self._plain)(name, node)
        if self.doc["debrief"]["people"]:
            yield Passage("CrossingsFates", self._fates(), ("cx",))

    # The parts that all passages share

    def _passage(
        self, name: str, tags: tuple[str, ...], blocks: list[str], entered: list[str]
    ) -> Passage:
        """Blocks with an empty line between them, below what happens on entering."""
        text = "".join(f"{line}\n" for line in entered) + "\n\n".join(b for b in blocks if b)
        depth = self.depths.get(name.split(".")[0], 0) * 2 + ("." in name)
        row = self.rows[depth] = self.rows.get(depth, -1) + 1
        return Passage(name, text, tags, {"position": f"{100 + 150 * depth},{100 + 125 * row}"})

    def _head(self, node: Json) -> list[str]:
        open_there = [parts.evidence(self.doc, e) for e in node["evidence"]]
        return [f"! {marked(' '.join(node['title'].split()))}", marked(node["text"]), *open_there]

    def _entered(self, node: Json, again: str = "") -> list[str]:
        """What entering does; `again` holds when the learner only comes back to the node."""
        lines = list(effects(self.doc, node["effects"]))
        lines += [f"<<run $cx_seen.pushUnique({json.dumps(e)})>>\\" for e in node["evidence"]]
        return [f"<<if not ({again})>>\\", *lines, "<</if>>\\"] if again and lines else lines

    def _then(self, links: str) -> list[str]:
        """The links; with delayed rules, what these do comes before, and may lead elsewhere."""
        if not self.doc["rules"]:
            return [links]
        jump = f'<<if _cx_goto>><<link "{parts.ON}" _cx_goto>><</link>><<else>>'
        return [f'<<include "{parts.RULES}">>', f"{jump}{links}<</if>>"]

    def _after(
        self, name: str, choice: Json, shown: str, links: str, more: tuple[str, ...] = ()
    ) -> Passage:
        """What followed a choice."""
        done = [*effects(self.doc, choice["effects"]), *more]
        blocks = [*judged(choice, shown), *self._then(links)]
        return self._passage(name, parts.consequence_tags(choice), blocks, done)

    # One kind of node each

    def _plain(self, name: str, node: Json) -> Iterator[Passage]:
        """Scenes, notes and endings."""
        blocks = self._head(node)
        tags: tuple[str, ...] = (node["kind"],)
        if node["kind"] == "ending":
            tags = ("ending", f"outcome-{node['outcome']}")
            blocks += [f'<<include "{parts.RULES}">>'] if self.doc["rules"] else []
            blocks += ['<<include "CrossingsFates">>'] if self.doc["debrief"]["people"] else []
        else:
            if node["kind"] == "note":
                blocks += [marked(node["prompt"]), f'<<textarea "$cx_note_{_safe(name)}" "">>']
            blocks += self._then(ways(node["next"]))
        yield self._passage(name, tags, blocks, self._entered(node))

    def _decision(self, name: str, node: Json) -> Iterator[Passage]:
        links = "\n".join(offered(o, f"{name}.{o['id']}") for o in node["options"])
        blocks = [*self._head(node), marked(" ".join(node["question"].split()))]
        yield self._passage(name, ("decision",), [*blocks, *self._then(links)], self._entered(node))
        for option in node["options"]:
            there = f"{name}.{option['id']}"
            yield self._after(there, option, option["consequence"], ways(option["to"]))

    def _interview(self, name: str, node: Json) -> Iterator[Passage]:
        asked = {q["id"]: f'hasVisited("{name}.{q["id"]}")' for q in node["questions"]}
        left = f"[{', '.join(asked.values())}].count(true) lt {node['limit']}"
        links = [
            offered(q, f"{name}.{q['id']}", f"not {asked[q['id']]} and {left}")
            for q in node["questions"]
        ]
        back = _back(name)
        blocks = [*self._head(node), *self._then("\n".join([*links, ways(node["next"], "Leave")]))]
        yield self._passage(name, ("interview",), blocks, self._entered(node, back))
        for q in node["questions"]:
            clock = f"<<set $cx_clock to $cx_clock + {q['minutes']}>>\\"
            shown = f"{q['answer']}\n\n{q['consequence']}"
            yield self._after(f"{name}.{q['id']}", q, shown, link(parts.ON, name), (clock,))

    def _search(self, name: str, node: Json) -> Iterator[Passage]:
        spent = f"$cx_spent[{json.dumps(name)}]"
        links = []
        for find in node["finds"]:
            fits = f"{spent} + {find['minutes']} lte {node['budget']}"
            fresh = f"not $cx_seen.includes({json.dumps(find['evidence'])})"
            links.append(offered(find, f"{name}.{find['evidence']}", f"{fresh} and {fits}"))
        blocks = [
            *self._head(node), *self._then("\n".join([*links, ways(node["next"], "Move on")])),
        ]  # fmt: skip
        yield self._passage(name, ("search",), blocks, self._entered(node, _back(name)))
        for find in node["finds"]:
            done = [
                *effects(self.doc, find["effects"]),
                f"<<set {spent} to {spent} + {find['minutes']}>>\\",
                f"<<set $cx_clock to $cx_clock + {find['minutes']}>>\\",
                f"<<run $cx_seen.pushUnique({json.dumps(find['evidence'])})>>\\",
            ]
            told = [parts.evidence(self.doc, find["evidence"]), *self._then(link(parts.ON, name))]
            yield self._passage(f"{name}.{find['evidence']}", ("evidence",), told, done)

    def _triage(self, name: str, node: Json) -> Iterator[Passage]:
        """One person after the other; each referral is told at once."""
        rounds = node["arrivals"]
        first = link(parts.ON, f"{name}.{rounds[0]['id']}")
        yield self._passage(
            name, ("triage",), [*self._head(node), *self._then(first)], self._entered(node)
        )
        for n, arrival in enumerate(rounds):
            here = f"{name}.{arrival['id']}"
            last = n == len(rounds) - 1
            on = ways(node["next"]) if last else link(parts.ON, f"{name}.{rounds[n + 1]['id']}")
            links = "\n".join(link(c["text"], f"{here}.{c['id']}") for c in node["channels"])
            who = f"**{self.doc['people'][arrival['person']]['name']}**"
            yield self._passage(
                here, ("triage",), [marked(who), marked(arrival["text"]), links], []
            )
            for channel in node["channels"]:
                verdict = arrival["verdicts"].get(channel["id"], arrival["otherwise"])
                told = verdict["consequence"]
                yield self._after(f"{here}.{channel['id']}", verdict, told, on)

    # What is there from the start, and what is told at the end

    def _initial(self) -> str:
        lines = [f"<<set ${n} to {_start(v)}>>" for n, v in self.doc["variables"].items()]
        lines += ["<<set $cx_clock to 0>>", "<<set $cx_seen to []>>", "<<set $cx_fired to []>>"]
        searches = [n for n, node in self.doc["nodes"].items() if node["kind"] == "search"]
        if searches:
            lines.append(f"<<set $cx_spent to {json.dumps(dict.fromkeys(searches, 0))}>>")
        for name, values in self.doc["variants"].items():
            if values:
                drawn = ", ".join(json.dumps(v, ensure_ascii=False) for v in values)
                lines.append(f"<<set $cx_{name} to either({drawn})>>")
        return "\n".join(lines)

    def _fates(self) -> str:
        told = []
        for person in self.doc["debrief"]["people"]:
            who = f"''{marked(self.doc['people'][person['person']]['name'])}''"
            arms = [
                (f"<<elseif {sugarcube(f['when'])}>>" if n else f"<<if {sugarcube(f['when'])}>>")
                if "when" in f else "<<else>>"
                for n, f in enumerate(person["fates"])
            ]  # fmt: skip
            texts = [marked(f["text"]) for f in person["fates"]]
            plain = len(arms) == 1
            chosen = texts[0] if plain else "".join(
                a + t for a, t in zip(arms, texts, strict=True)) + "<</if>>"  # fmt: skip
            told.append(f"{who}: {chosen}")
        return "\n\n".join(told)


def _back(name: str) -> str:
    """Holds when the learner comes back from something that belongs to the node."""
    return f"previous().startsWith({json.dumps(name + '.')})"


def _safe(name: str) -> str:
    return name.replace("-", "_")


def _start(variable: Json) -> str:
    """Where a variable starts; numbers say their bounds, so that they are known on the way back."""
    if variable["type"] == "integer":
        return f"Math.clamp({variable['start']}, {variable['min']}, {variable['max']})"
    if variable["type"] == "boolean":
        return str(variable["start"]).lower()
    return json.dumps(variable["start"])


def _depths(doc: Json) -> dict[str, int]:
    """How many steps each node is from the start: where it stands on Twine's map."""
    depths, edge = {doc["start"]: 0}, [doc["start"]]
    while edge:
        after = []
        for name in edge:
            for target in _leads(doc["nodes"][name]):
                if target not in depths and target in doc["nodes"]:
                    depths[target] = depths[name] + 1
                    after.append(target)
        edge = after
    return depths


def _leads(node: Json) -> Iterator[str]:
    for branch in node.get("next", ()):
        yield branch["to"]
    for option in node.get("options", ()):
        yield from (branch["to"] for branch in option["to"])


def _losses(case: Case, doc: Json) -> Iterator[Loss]:
    """What the story does not hold, in the words of the format's page."""
    yield Loss("case", 0, "points, percent and the law cards stay here: Twine keeps no score")
    if doc["caps"]:
        yield Loss("case", 0, f"caps ({', '.join(doc['caps'])}) have no effect in Twine")
    if doc["rules"]:
        yield Loss("case", 0, "what a rule caps is lost; its text, effects and jump are kept")
    for name, node in doc["nodes"].items():
        place = f"node `{name}`"
        if node["kind"] == "triage":
            yield Loss(place, 0, "people are referred one after the other, not all at once")
        if node["kind"] == "interview":
            yield Loss(place, 0, "questions and their limit are kept; points are not")
        if node["kind"] == "note":
            yield Loss(place, 0, "what is written stays in the browser, without a debrief")
    if any(node.get("shuffle") for node in doc["nodes"].values()):
        yield Loss("case", 0, "options are not shuffled: they stand in the order of the file")
    if doc["evidence"]:
        yield Loss("case", 0, "evidence is told as text, without its drawings")
    if any(_repeatable(doc, leaf[1]) for leaf in _leaves(doc) if leaf[0] == "chose"):
        what = "a decision that is met again: Twine remembers every option that was ever chosen"
        yield Loss("case", 0, what)


def _leaves(doc: Any) -> Iterator[list[Any]]:
    if isinstance(doc, dict):
        for key, value in doc.items():
            yield from names(value) if key == "when" and isinstance(value, list) else _leaves(value)
    elif isinstance(doc, list):
        for value in doc:
            yield from _leaves(value)


def _repeatable(doc: Json, name: str) -> bool:
    """Whether a way leads from a node back to it."""
    waiting, reached = [name], set()
    while waiting:
        for target in _leads(doc["nodes"].get(waiting.pop(), {})):
            if target == name:
                return True
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return False
