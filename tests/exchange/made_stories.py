"""Cases of scenes, decisions, endings and variables, drawn by Hypothesis for round trips."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from crossings.cases.model import Case

Json = dict[str, Any]
NODES = ["gate", "7", "constructor", "a-b", "hall", "end", "lost"]
TAGS = ["debt", "a", "fear-of_him"]
VARIABLES: Json = {
    "trust": {"type": "integer", "label": "t", "start": 2, "min": -1, "max": 5},
    "alone": {"type": "boolean", "label": "a", "start": True},
    "told": {"type": "boolean", "label": "b"},
    "signs": {"type": "set", "label": "s", "start": ["a"], "tags": dict.fromkeys(TAGS, "x")},
}
PIECES = [
    "She waits.",
    "He asks: why?",
    "{boy}",
    "$trust",
    "<b>x</b>",
    "<<set $x to 1>>",
    "[[a->b]]",
    "->",
    "A | B",
    "''quoted''",
    "//twice//",
    "http://x.example",
    "&amp;",
    "& co",
    "__init__",
    "{braces}",
    "**bold**",
    "*soft*",
    "a_b _c",
    "“says”",
    '"no"',
    "it's",
    "<- back",
    "]]",
    "\\",
    "100%",
    "::x",
    "{{{code}}}",
    "/* c */",
    "--",
    "Élan ß 😀",
    "(set: $x to 1)",
    "! mark",
    "# no",
    "a // b",
    "@@",
]
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join)
paragraphs = st.lists(texts, min_size=1, max_size=2).map("\n\n".join)
_leaf = st.one_of(
    st.builds(
        "trust {} {}".format,
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.integers(-1, 5),
    ),
    st.builds("clock {} {}".format, st.sampled_from(["<", ">="]), st.integers(0, 90)),
    st.sampled_from(["alone", "told", "signs has debt", "signs has fear-of_him", "visited hall"]),
)
guards = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)
effects = st.lists(
    st.one_of(
        st.builds(lambda v: {"set": {"alone": v}}, st.booleans()),
        st.builds(lambda v: {"set": {"trust": v}}, st.integers(-1, 5)),
        st.builds(lambda v: {"add": {"trust": v}}, st.integers(-4, 4)),
        st.builds(lambda v: {"tag": {"signs": v}}, st.sampled_from(TAGS)),
        st.builds(lambda v: {"untag": {"signs": v}}, st.sampled_from(TAGS)),
        st.builds(lambda v: {"advance": v}, st.integers(0, 90)),
    ),
    max_size=3,
)


@st.composite
def _next(draw: st.DrawFn, names: list[str]) -> Any:
    target = st.sampled_from(names)
    count = draw(st.integers(0, 2))
    if not count:
        return draw(target)
    told = [{"when": draw(guards), "to": draw(target)} for _ in range(count)]
    return [*told, {"to": draw(target)}]


@st.composite
def _option(draw: st.DrawFn, name: str, names: list[str]) -> Json:
    option: Json = {
        "id": name,
        "text": draw(texts),
        "grade": draw(st.sampled_from(["good", "acceptable", "poor", "harmful"])),
        "consequence": draw(paragraphs),
        "reason": draw(texts),
        "cites": draw(st.lists(st.sampled_from(["TIP-3a", "REF-33"]), max_size=2, unique=True)),
        "sources": draw(st.lists(st.sampled_from(["IOM-297 para 21", "X_Y 3"]), max_size=1)),
        "effects": draw(effects),
        "to": draw(_next(names)),
    }
    if not option["cites"] and not option["sources"]:
        option["cites"] = ["TIP-6"]
    if draw(st.booleans()) and name != "x":
        option["when"] = draw(guards)
    return option


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case that is valid data; every variable is changed somewhere, so that Twine knows it."""
    names = [*NODES[: draw(st.integers(1, 5))], "end", "lost"]
    names = list(dict.fromkeys(["hall", *names]))
    nodes: Json = {}
    for name in names:
        node: Json = {"title": draw(texts), "text": draw(paragraphs), "effects": draw(effects)}
        if name in ("end", "lost"):
            node |= {"kind": "ending", "outcome": draw(st.sampled_from(["protected", "harmed"]))}
        elif draw(st.booleans()):
            node |= {"kind": "scene", "next": draw(_next(names))}
        else:
            ids = ["x", "constructor", "1"][: draw(st.integers(2, 3))]
            options = [draw(_option(i, names)) for i in ids]
            node |= {"kind": "decision", "question": draw(texts), "options": options}
        nodes[name] = node
    return Case.model_validate(
        {
            "id": "made",
            "title": "Made",
            "summary": "s",
            "minutes": 5,
            "objectives": ["TI-1"],
            "role": "r",
            "variants": {"boy": ["Nilo", 'T "am"', "Ari\\"]},
            "variables": VARIABLES,
            "start": names[0],
            "nodes": nodes,
            "debrief": {},
            "walkthroughs": {},
        }
    )
