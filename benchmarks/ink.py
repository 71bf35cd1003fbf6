"""The same case as an ink story: one knot a node, with its texts, state, rules, points and ends.

The story does what the case's engine does to the state, so that its plays reach the same endings
at the same story time (`tests/benchmarks` and the benchmarks themselves check it). What ink has no
word for is left out: law cards, the debrief, the notebook, going back. Sorting people, one action
in a case, is one choice a person in the story; a note is a choice without text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crossings.cases.engine import apply, start
from crossings.cases.plays import moves
from crossings.cases.state import State

Json = Mapping[str, Any]


def story(doc: Json) -> str:
    """The ink source of a case's document."""
    return "\n".join(_Writer(doc).lines()) + "\n"


def choices(doc: Json, state: State) -> list[int]:
    """A play as the places of ink's choices, counted from 0."""
    from random import Random

    made: list[int] = []
    now = start(doc, state.seed, state.mode)
    for entry in state.log[1:]:
        node = doc["nodes"][now.node]
        if entry["action"] == "sort":
            channels = [channel["id"] for channel in node["channels"]]
            made += [channels.index(entry["pairs"][a["id"]]) for a in node["arrivals"]]
        else:
            legal = moves(doc, now, Random(0))
            made.append(next(n for n, move in enumerate(legal) if _same(move, entry)))
        now = apply(doc, now, dict(entry))
    return made


def _same(move: Json, entry: Json) -> bool:
    fields = ("action", "choice", "question", "evidence")
    return all(move.get(field) == entry.get(field) for field in fields)


def _name(prefix: str, *ids: str) -> str:
    return "_".join((prefix, *ids)).replace("-", "_").replace(".", "_")


_SPECIAL = frozenset("\\{}|#~[]<>/*+-=")


class _Writer:
    """Writes the story of one document."""

    def __init__(self, doc: Json) -> None:
        self.doc = doc
        self.jumps = [rule["goto"] for rule in doc["rules"] if "goto" in rule]

    def lines(self) -> Iterator[str]:
        yield from self._variables()
        yield f"-> {_name('n', self.doc['start'])}"
        yield from self._rules()
        for name, node in self.doc["nodes"].items():
            yield from self._node(name, node)

    # state

    def _variables(self) -> Iterator[str]:
        doc = self.doc
        yield from ("VAR clock = 0", 'VAR ending = ""', "VAR jump = 0")
        for name, values in doc["variants"].items():
            yield f'VAR {_name("variant", name)} = "{values[0]}"'
        for name, variable in doc["variables"].items():
            yield from self._variable(name, variable)
        yield from (f"VAR {_name('seen', e)} = false" for e in doc["evidence"])
        yield from (f"VAR {_name('fired', r['id'])} = false" for r in doc["rules"])
        yield from (f"VAR {_name('cap', c)} = false" for c in doc["caps"])
        for name, node in doc["nodes"].items():
            if node["kind"] in ("decision", "interview", "search", "triage"):
                yield f"VAR {_name('points', name)} = 0"
            if node["kind"] == "decision":
                yield f'VAR {_name("chose", name)} = ""'
            if node["kind"] == "search":
                yield f"VAR {_name('spent', name)} = 0"
            if node["kind"] == "interview":
                yield f"VAR {_name('count', name)} = 0"
                yield f"VAR {_name('sum', name)} = 0"
                for question in node["questions"]:
                    yield f"VAR {_name('asked', name, question['id'])} = false"

    def _variable(self, name: str, variable: Json) -> Iterator[str]:
        if variable["type"] == "set":
            tags = [f"({t})" if t in variable["start"] else t for t in variable["tags"]]
            yield f"LIST {_name('v', name)} = {', '.join(tags).replace('-', '_')}"
        else:
            yield f"VAR {_name('v', name)} = {str(variable['start']).lower()}"

    def _effects(self, effects: Iterable[Sequence[Any]]) -> Iterator[str]:
        for op, first, *rest in effects:
            if op == "advance":
                yield f"~ clock = clock + {first}"
                continue
            (value,) = rest
            yield f"~ {self._change(op, first, value)}"

    def _change(self, op: str, name: str, value: Any) -> str:
        declared, variable = self.doc["variables"][name], _name("v", name)
        if op in ("tag", "untag"):
            sign = "+" if op == "tag" else "-"
            return f"{variable} {sign}= {variable}.{str(value).replace('-', '_')}"
        if declared["type"] == "boolean":
            return f"{variable} = {str(value).lower()}"
        wanted = value if op == "set" else f"{variable} + {value}"
        return f"{variable} = MIN({declared['max']}, MAX({declared['min']}, {wanted}))"

    def _happens(self, judged: Json) -> Iterator[str]:
        if "cap" in judged:
            yield f"~ {_name('cap', judged['cap'])} = true"
        yield from self._effects(judged["effects"])

    def _guard(self, tree: Any) -> str:
        word, *rest = tree
        if word in ("or", "and"):
            return f"({self._guard(rest[0])} {word} {self._guard(rest[1])})"
        if word == "not":
            return f"(not {self._guard(rest[0])})"
        if word == "cmp":
            op, name, value = rest
            return f"({'clock' if name == 'clock' else _name('v', name)} {op} {value})"
        if word == "is":
            return _name("v", rest[0])
        if word == "has":
            variable = _name("v", rest[0])
            return f"({variable} ? {variable}.{str(rest[1]).replace('-', '_')})"
        if word == "chose":
            return f'({_name("chose", rest[0])} == "{rest[1]}")'
        if word == "asked":
            return _name("asked", *rest)
        if word == "visited":
            return f"({_name('n', rest[0])} > 0)"
        return _name(word, rest[0])  # seen, fired

    # what follows

    def _rules(self) -> Iterator[str]:
        """A function that fires rules until all is still, and a knot that goes where one leads."""
        yield "=== function rules()"
        yield "~ temp again = false"
        for rule in self.doc["rules"]:
            fired = _name("fired", rule["id"])
            yield f"{{ not {fired} and {self._guard(rule['when'])}:"
            yield f"~ {fired} = true"
            yield "~ again = true"
            yield from self._happens(rule)
            if "goto" in rule:
                yield "{ jump == 0:"
                yield f"~ jump = {self.jumps.index(rule['goto']) + 1}"
                yield "}"
            yield self._text(rule["text"])
            yield "}"
        yield "{ again:"
        yield "~ rules()"
        yield "}"
        yield "=== leap"
        yield "~ temp where = jump"
        yield "~ jump = 0"
        for number, goto in enumerate(self.jumps, 1):
            yield f"{{ where == {number}: -> {_name('n', goto)} }}"
        yield "-> END"

    def _settled(self) -> Iterator[str]:
        yield "~ rules()"
        if self.jumps:
            yield "{ jump > 0: -> leap }"

    def _led(self, branches: Sequence[Json]) -> Iterator[str]:
        yield from self._settled()
        for branch in branches[:-1]:
            yield f"{{ {self._guard(branch['when'])}: -> {_name('n', branch['to'])} }}"
        yield f"-> {_name('n', branches[-1]['to'])}"

    # texts

    def _text(self, text: str) -> str:
        """Ink's text: its own signs escaped, and `{variant}` as a variable that is printed."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return "\n".join(self._line(line) for line in lines)

    def _line(self, line: str) -> str:
        for name in self.doc["variants"]:
            line = line.replace(f"{{{name}}}", f"\0{name}\1")
        safe = "".join("\\" + c if c in _SPECIAL else c for c in line)
        if safe[0] not in "\\\0":
            safe = "\\" + safe  # so that no first word is taken for one of ink's
        for name in self.doc["variants"]:
            safe = safe.replace(f"\0{name}\1", f"{{{_name('variant', name)}}}")
        return safe

    def _offer(self, text: str, *guards: str) -> str:
        """A choice that stays; its words are not repeated when it is taken."""
        when = "".join(f" {{ {guard} }}" for guard in guards)
        return f"+{when} [{self._text(text).replace(chr(10), ' ')}]"

    def _told(self, judged: Json) -> Iterator[str]:
        yield self._text(judged["consequence"])
        yield self._text(judged["reason"])

    def _card(self, name: str) -> Iterator[str]:
        card = self.doc["evidence"][name]
        yield self._text(card["title"])
        for pair in (*card.get("fields", ()), *card.get("messages", ())):
            yield self._text(": ".join(part for part in pair if part) or "-")
        if "body" in card:
            yield self._text(card["body"])

    # nodes

    def _node(self, name: str, node: Json) -> Iterator[str]:
        yield f"=== {_name('n', name)}"
        yield from self._effects(node["effects"])
        yield from (f"~ {_name('seen', e)} = true" for e in node["evidence"])
        if node["kind"] == "ending":
            yield f'~ ending = "{name}"'
            yield "~ rules()"
        else:
            yield from self._settled()
        yield self._text(node["title"])
        yield self._text(node["text"])
        for evidence in node["evidence"]:
            yield from self._card(evidence)
        yield from getattr(self, f"_{node['kind']}")(name, node)

    def _ending(self, name: str, node: Json) -> Iterator[str]:
        yield "-> END"

    def _scene(self, name: str, node: Json) -> Iterator[str]:
        yield self._offer("Continue")
        yield from self._led(node["next"])

    def _note(self, name: str, node: Json) -> Iterator[str]:
        yield self._text(node["prompt"])
        yield self._offer("Continue")
        yield from self._led(node["next"])

    def _decision(self, name: str, node: Json) -> Iterator[str]:
        yield self._text(node["question"])
        for option in node["options"]:
            guards = [self._guard(option["when"])] if option.get("when") else []
            yield self._offer(option["text"], *guards)
            yield f'~ {_name("chose", name)} = "{option["id"]}"'
            yield f"~ {_name('points', name)} = {option['points']}"
            yield from self._happens(option)
            yield from self._told(option)
            yield from self._led(option["to"])

    def _again(self, name: str) -> Iterator[str]:
        """After a question or a find the play stays where it is, unless a rule leads away."""
        yield from self._settled()
        yield f"-> {_name('n', name)}.pool"

    def _interview(self, name: str, node: Json) -> Iterator[str]:
        count, total = _name("count", name), _name("sum", name)
        yield "-> pool"
        yield "= pool"
        yield self._offer("Leave")
        yield from self._led(node["next"])
        for question in node["questions"]:
            asked = _name("asked", name, question["id"])
            guards = [f"not {asked} and {count} < {node['limit']}"]
            if question.get("when"):
                guards.append(self._guard(question["when"]))
            yield self._offer(question["text"], *guards)
            yield f"~ {asked} = true"
            yield f"~ {count} = {count} + 1"
            yield f"~ {total} = {total} + {question['points']}"
            yield f"~ {_name('points', name)} = MIN({node['points']}, MAX(0, {total}))"
            yield from self._happens(question)
            yield f"~ clock = clock + {question['minutes']}"
            yield self._text(question["answer"])
            yield self._text(question["consequence"])
            yield from self._again(name)

    def _search(self, name: str, node: Json) -> Iterator[str]:
        spent = _name("spent", name)
        yield "-> pool"
        yield "= pool"
        yield self._offer("Leave")
        yield from self._led(node["next"])
        for find in node["finds"]:
            seen, minutes = _name("seen", find["evidence"]), find["minutes"]
            guards = [f"not {seen} and {spent} + {minutes} <= {node['budget']}"]
            if find.get("when"):
                guards.append(self._guard(find["when"]))
            yield self._offer(find["label"], *guards)
            yield f"~ {spent} = {spent} + {minutes}"
            yield f"~ {seen} = true"
            yield f"~ {_name('points', name)} = {_name('points', name)} + {find['points']}"
            yield from self._happens(find)
            yield f"~ clock = clock + {minutes}"
            yield from self._card(find["evidence"])
            yield from self._again(name)

    def _triage(self, name: str, node: Json) -> Iterator[str]:
        points = _name("points", name)
        yield f"~ {points} = 0"
        yield f"-> {_name('sort', node['arrivals'][0]['id'])}"
        after = [*(_name("sort", a["id"]) for a in node["arrivals"][1:]), "sorted"]
        for arrival, following in zip(node["arrivals"], after, strict=True):
            yield f"= {_name('sort', arrival['id'])}"
            yield self._text(arrival["text"])
            for channel in node["channels"]:
                verdict = arrival["verdicts"].get(channel["id"], arrival["otherwise"])
                yield self._offer(channel["text"])
                yield f"~ {points} = {points} + {verdict['points']}"
                yield from self._happens(verdict)
                yield from self._told(verdict)
                yield f"-> {following}"
        yield "= sorted"
        yield from self._led(node["next"])
