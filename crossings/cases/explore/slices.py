"""Which facts to follow: enough to answer, no more than needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from crossings.cases.explore.layout import (
    CLOCK,
    MINUTE,
    Fact,
    Guard,
    Json,
    Layout,
    Path,
    Tree,
    mask_of,
)
from crossings.cases.explore.parts import Event

Slice = frozenset[Fact]


def written(effects: Iterable[list[object]]) -> Iterator[Fact]:
    """The facts that effects change."""
    for word, *rest in effects:
        if word == "advance":
            yield CLOCK
        elif word in ("tag", "untag"):
            yield ("tag", str(rest[0]), str(rest[1]))
        else:
            yield ("var", str(rest[0]))


def for_ways(layout: Layout, nodes: Collection[str] | None = None) -> Slice:
    """The facts that decide where plays go from `nodes` (all nodes where it is None), and what the
    rules ask that change them."""
    guards = [
        guard
        for path, guard in layout.guards.items()
        if path[0] == "nodes"
        and (nodes is None or path[1] in nodes)
        and (path[-3] in ("next", "to") or path[2] == "options")
    ]
    return with_rules(layout, frozenset(fact for guard in guards for fact in guard.facts))


def for_traps(layout: Layout) -> Slice:
    """Enough to tell of each state exactly which ways plays can go from it: what decides the ways,
    and whatever decides what changes that."""
    found = for_ways(layout)
    while True:
        more = with_rules(layout, found | frozenset(_behind(layout, found)))
        if CLOCK in more:
            more |= {MINUTE}
        if more == found:
            return found
        found = more


def _behind(layout: Layout, facts: Slice) -> Iterator[Fact]:
    """What decides whether a question or find can be taken that changes one of `facts`."""
    for name, node in layout.doc["nodes"].items():
        for kind, word in (("questions", "asked"), ("finds", "seen")):
            for number, part in enumerate(node.get(kind, ())):
                own = (word, name, part["id"]) if word == "asked" else (word, part["evidence"])
                changed = {own, *written(part["effects"])}
                if part["minutes"]:
                    changed.add(CLOCK)
                if changed & facts:
                    guard = layout.guards.get(("nodes", name, kind, number, "when"))
                    yield from guard.facts if guard else ()
                    yield from of_pool(layout, name)


def with_rules(layout: Layout, facts: Slice) -> Slice:
    """`facts`, and what the rules ask that change them or jump: guesses about rules are dear, as
    any of them might fire at any moment."""
    return _with_rules(layout, facts, lambda guard: guard.facts)


def with_hints(layout: Layout, facts: Slice) -> Slice:
    """As `with_rules`, but of what each rule asks only the cheapest that must hold for it to fire:
    enough to know of most moments that it does not."""
    return _with_rules(layout, facts, lambda guard: _hint(layout, guard))


AT_ONCE = 2
"""How many facts are added before the next search."""
MANY = 12
"""Where so many are wanted at once, nothing less helps."""


def grown(layout: Layout, facts: Slice, more: Slice) -> Slice:
    """`facts` and the cheapest of `more`. A few at a time: each search narrows the next one."""
    if len(more - facts) > MANY:
        return with_rules(layout, facts | more)
    if any(fact[0] == "pool" for fact in more):
        return with_hints(layout, facts | more)

    def dear(fact: Fact) -> tuple[int, str]:
        brought = with_hints(layout, facts | {fact}) - facts
        return sum(price(layout, one) for one in brought), str(fact)

    return with_hints(layout, facts | set(sorted(more - facts, key=dear)[:AT_ONCE]))


def _with_rules(layout: Layout, facts: Slice, asked: Callable[[Guard], Slice]) -> Slice:
    found = set(facts)
    waiting = list(enumerate(layout.doc["rules"]))
    added = True
    while added:
        added = False
        for one in list(waiting):
            number, rule = one
            touches = any(fact in found for fact in written(rule["effects"]))
            if "goto" in rule or touches or ("fired", rule["id"]) in found:
                waiting.remove(one)
                found |= asked(layout.guards[("rules", number, "when")])
                found.add(("fired", rule["id"]))
                added = True
    return frozenset(found)


def _hint(layout: Layout, guard: Guard) -> Slice:
    parts = [frozenset(a.fact for a in layout.bits(mask_of(t))) for t in _conjuncts(guard.tree)]
    return min(parts, key=lambda facts: sum(price(layout, fact) for fact in facts))


def _conjuncts(tree: Tree) -> Iterator[Tree]:
    if tree[0] != "and":
        yield tree
        return
    for part in tree[1:]:
        yield from _conjuncts(part)


def price(layout: Layout, fact: Fact) -> int:
    """How many more states a fact is likely to bring."""
    declared = layout.doc["variables"].get(fact[1]) if fact[0] == "var" else None
    if declared and declared["type"] == "integer":
        return 5
    return _PRICE.get(fact[0], 2)


_PRICE = {"clock": 9, "chose": 3, "visited": 1, "fired": 1}


def for_event(layout: Layout, event: Event) -> Slice:
    """The facts that an event asks about at once."""
    guards = [g for g in layout.guards.values() if _about(layout, event, g)]
    return with_rules(layout, frozenset(f for g in guards for f in g.facts))


def _about(layout: Layout, event: Event, guard: Guard) -> bool:
    word, path = event[0], guard.path
    if word == "guard":
        return bool(path == event[1])
    if word == "fire":
        return path[0] == "rules" and layout.doc["rules"][path[1]]["id"] == event[1]
    if path[0] != "nodes":
        return False
    if word == "stuck":
        return path[1] == event[1] and path[2] == "options" and len(path) == 5
    if word == "see":
        return path[2] == "finds" and _part(layout, path)["evidence"] == event[1]
    return path[-3] in ("next", "to") and _leads(layout, path, event[1])


def _part(layout: Layout, path: Path) -> Json:
    node = layout.doc["nodes"][path[1]]
    part: Json = node[path[2]][path[3]]
    return part


def _leads(layout: Layout, path: Path, target: str) -> bool:
    """Whether the list of branches in which a guard stands can lead to `target`."""
    node = layout.doc["nodes"][path[1]]
    branches = node["next"] if path[2] == "next" else node["options"][path[3]]["to"]
    return any(branch["to"] == target for branch in branches)


def of_pool(layout: Layout, name: str) -> Slice:
    """What it takes to follow an interview or search question by question."""
    finds = layout.doc["nodes"][name].get("finds", ())
    return frozenset({("pool", name), *(("seen", f["evidence"]) for f in finds)})


def everything(layout: Layout) -> Slice:
    """All that guards ask, with pools and points."""
    asked = {fact for guard in layout.guards.values() for fact in guard.facts}
    nodes = layout.doc["nodes"]
    pools = {
        f for n in nodes for f in of_pool(layout, n) if "limit" in nodes[n] or "budget" in nodes[n]
    }
    fired = {("fired", rule["id"]) for rule in layout.doc["rules"]}
    purses = {("purse", name) for name in nodes if layout.again(name)}
    return frozenset({*asked, *pools, *fired, *purses, ("minute",)})
