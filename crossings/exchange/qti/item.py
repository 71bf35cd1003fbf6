"""One of our items as a QTI 3 assessment item, and what of it QTI cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crossings.exchange.qti import picture, scoring
from crossings.exchange.qti.scoring import identifier, number, partner, value, variable
from crossings.exchange.qti.tree import (
    QTI,
    QTI_XSD,
    XSI,
    Element,
    made,
    paragraphs,
    styled,
)
from crossings.exchange.report import Loss
from crossings.items.model import PICKED, Item, Option, Target

TOOL, TOOL_VERSION = "Crossings", "1"
PICTURES = "pictures"
"""The folder of the package that holds the pictures of hotspot items."""
Body = Callable[[Item, bool], list[Element]]


def assessment_item(item: Item, keyed: bool) -> Element | None:
    """The item; without its key (answers, scoring, feedback, rubric) unless `keyed`.

    None for a kind that has no interaction here yet: add it to `BODIES`, its declaration to
    `_response`, and its scoring to `crossings.exchange.qti.scoring`.
    """
    body = BODIES.get(item.kind)
    if body is None:
        return None
    # Without the key, the order of the file must not give it away (`order`, `match`).
    shown = item if keyed else _alphabetical(item)
    root = made(
        "qti-assessment-item",
        {
            "xmlns": QTI,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{QTI} {QTI_XSD}",
            "identifier": identifier(item.id),
            "title": item.id,
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": "en",
            "tool-name": TOOL,
            "tool-version": TOOL_VERSION,
        },
        _response(item, keyed),
        *_outcomes(item, keyed),
        made("qti-item-body", None, *paragraphs_but_last(shown), *body(shown, keyed)),
    )
    if keyed:
        rules = [*scoring.rules(item), *_shows(item)]
        root.append(made("qti-response-processing", None, *rules))
        root.extend(_modals(item))
    return root


def losses(item: Item, keyed: bool) -> list[Loss]:
    """What the QTI item does not hold."""
    found: list[str] = []
    if item.kind not in BODIES:
        found.append(f"kind `{item.kind}` is not exported yet: the item is left out")
    elif not keyed:
        found.append("reserved for a worksheet: written without its key (use --with-keys)")
    if not keyed or found:
        return [Loss(f"item `{item.id}`", 0, what) for what in found]
    if item.kind == "short":
        found.append("accents and outer punctuation count in QTI; here they do not")
    if item.kind == "number":
        found.append("whether `9,5` is read as 9.5 depends on the player")
    if item.hint:
        found.append("the hint is for tutors: QTI shows nothing on request")
    if item.kind not in ("single", "multiple") and any(o.feedback for o in item.options):
        found.append("feedback of all options is shown together after the answer")
    return [Loss(f"item `{item.id}`", 0, what) for what in found]


# Declarations


def _response(item: Item, keyed: bool) -> Element:
    cardinality, kind = {
        "single": ("single", "identifier"),
        "multiple": ("multiple", "identifier"),
        "hotspot": ("multiple", "identifier"),
        "order": ("ordered", "identifier"),
        "match": ("multiple", "directedPair"),
        "grid": ("multiple", "directedPair"),
        "number": ("single", "float"),
        "short": ("single", "string"),
        "text": ("single", "string"),
    }[item.kind]
    names = {"identifier": "RESPONSE", "cardinality": cardinality, "base-type": kind}
    root = made("qti-response-declaration", names)
    if not keyed:
        return root
    right = _correct(item)
    if right:
        values = (made("qti-value", None, text) for text in right)
        root.append(made("qti-correct-response", None, *values))
    mapping = scoring.mapping(item)
    if mapping is not None:
        root.append(mapping)
    return root


def _correct(item: Item) -> list[str]:
    if item.kind in PICKED:
        return [identifier(o.id) for o in item.options if o.correct]
    if item.kind == "order":
        return [identifier(o.id) for o in item.options]
    if item.kind in ("match", "grid"):
        return [f"{identifier(o.id)} {partner(o.target or '')}" for o in item.options]
    if item.kind == "number":
        return [number(item.answer or 0.0)]
    return [item.accept[0]] if item.accept else []


def _outcomes(item: Item, keyed: bool) -> list[Element]:
    score = {"identifier": "SCORE", "cardinality": "single", "base-type": "float"}
    score |= {"normal-maximum": number(item.points), "normal-minimum": "0.0"}
    if item.marked_by_person or not keyed:
        score["external-scored"] = "human"
    found = [
        made("qti-outcome-declaration", score, _default("0.0")),
        made(
            "qti-outcome-declaration",
            {"identifier": "MAXSCORE", "cardinality": "single", "base-type": "float"},
            _default(number(item.points)),
        ),
    ]
    if not keyed:
        return found
    shown = "single" if item.kind == "single" else "multiple"
    for name, cardinality in (("FEEDBACK", shown), ("EXPLANATION", "single")):
        names = {"identifier": name, "cardinality": cardinality, "base-type": "identifier"}
        found.append(made("qti-outcome-declaration", names))
    if item.kind == "order" and item.scoring != "all-or-nothing":
        for name in scoring.places(item):
            names = {"identifier": name, "cardinality": "single", "base-type": "integer"}
            found.append(made("qti-outcome-declaration", names, _default("0")))
    return found


def _default(text: str) -> Element:
    return made("qti-default-value", None, made("qti-value", None, text))


# The body


def paragraphs_but_last(item: Item) -> list[Element]:
    """The stem; for a text entry its last paragraph holds the field (`_entry`)."""
    told = paragraphs(item.stem)
    return told[:-1] if item.kind in ("number", "short") else told


def _choice(item: Item, keyed: bool) -> list[Element]:
    most = "1" if item.kind == "single" else "0"
    choices = [_simple(option, keyed) for option in item.options]
    names = {"response-identifier": "RESPONSE", "shuffle": _yes(item.shuffle), "max-choices": most}
    return [made("qti-choice-interaction", names, *choices), *_for_tutors(item, keyed)]


def _simple(option: Option, keyed: bool) -> Element:
    choice = made("qti-simple-choice", {"identifier": identifier(option.id)}, *styled(option.text))
    if keyed and option.feedback:
        names = {"outcome-identifier": "FEEDBACK", "identifier": identifier(option.id)}
        shown = made("qti-feedback-inline", {**names, "show-hide": "show"})
        for part in styled(" ".join(option.feedback.split("\n"))):
            _append(shown, part)
        choice.append(shown)
    return choice


def _append(element: Element, part: Element | str) -> None:
    if isinstance(part, str):
        if len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part
    else:
        element.append(part)


def _hotspot(item: Item, keyed: bool) -> list[Element]:
    """Rectangles in a picture of `WIDE` pixels; their words are labels for those who do not see."""
    if item.picture is None:
        return []
    height = picture.high(item.picture)
    image = made(
        "img",
        {
            "src": f"../{PICTURES}/{item.picture.file}",
            "alt": item.picture.alt,
            "width": str(picture.WIDE),
            "height": str(height),
        },
    )
    choices = [
        made(
            "qti-hotspot-choice",
            {
                "identifier": identifier(o.id),
                "shape": "rect",
                "coords": picture.coords(o.region, height),
                "hotspot-label": o.text,
            },
        )
        for o in item.options
        if o.region
    ]
    names = {"response-identifier": "RESPONSE", "max-choices": "0"}
    return [
        made("qti-hotspot-interaction", names, image, *choices),
        *_for_tutors(item, keyed),
    ]


def _order(item: Item, keyed: bool) -> list[Element]:
    """In alphabetical order, so that a player that does not shuffle shows no key."""
    options = sorted(item.options, key=lambda o: (o.text, o.id))
    choices = [
        made("qti-simple-choice", {"identifier": identifier(o.id)}, *styled(o.text))
        for o in options
    ]
    names = {"response-identifier": "RESPONSE", "shuffle": _yes(item.shuffle)}
    return [made("qti-order-interaction", names, *choices), *_for_tutors(item, keyed)]


def _match(item: Item, keyed: bool) -> list[Element]:
    names = {"response-identifier": "RESPONSE", "max-associations": str(len(item.options))}
    many = "1" if item.kind == "match" else "0"
    options = [_associable(o, identifier(o.id), "1", not item.shuffle) for o in item.options]
    targets = [_associable(t, partner(t.id), many, item.kind == "grid") for t in item.targets]
    sets = (made("qti-simple-match-set", None, *side) for side in (options, targets))
    return [
        made("qti-match-interaction", {**names, "shuffle": "true"}, *sets),
        *_for_tutors(item, keyed),
    ]


def _associable(side: Option | Target, name: str, most: str, fixed: bool) -> Element:
    names = {"identifier": name, "match-max": most}
    if fixed:
        names["fixed"] = "true"
    return made("qti-simple-associable-choice", names, *styled(side.text))


def _entry(item: Item, keyed: bool) -> list[Element]:
    """The field stands in its own paragraph under the stem; the unit follows it."""
    told = paragraphs(item.stem)[-1:]
    field = made("qti-text-entry-interaction", {"response-identifier": "RESPONSE"})
    unit = f" {item.unit}" if item.unit else ""
    return [*told, made("p", None, field, unit), *_for_tutors(item, keyed)]


def _extended(item: Item, keyed: bool) -> list[Element]:
    field = made("qti-extended-text-interaction", {"response-identifier": "RESPONSE"})
    return [field, *_rubric(item, keyed), *_for_tutors(item, keyed)]


def _rubric(item: Item, keyed: bool) -> list[Element]:
    """What a marker looks for. `strong` holds the points of a line; its id is the criterion's."""
    if not keyed:
        return []
    lines = [
        made("li", {"id": f"criterion-{c.id}"}, made("strong", None, f"{c.points:g}"), f" {c.text}")
        for c in item.rubric
    ]
    inside = [made("ul", None, *lines)]
    if item.model_answer:
        inside.append(made("div", {"id": "model-answer"}, *paragraphs(item.model_answer)))
    content = made("qti-content-body", None, *inside)
    return [made("qti-rubric-block", {"use": "scoring", "view": "scorer"}, content)]


def _for_tutors(item: Item, keyed: bool) -> list[Element]:
    if not item.hint:
        return []
    content = made("qti-content-body", None, made("div", {"id": "hint"}, *paragraphs(item.hint)))
    return [made("qti-rubric-block", {"use": "instructions", "view": "tutor"}, content)]


BODIES: Mapping[str, Body] = {
    "single": _choice,
    "multiple": _choice,
    "order": _order,
    "match": _match,
    "grid": _match,
    "number": _entry,
    "short": _entry,
    "text": _extended,
    "hotspot": _hotspot,
}
"""The interaction of each kind."""


# What is shown afterwards


def _shows(item: Item) -> list[Element]:
    explained = scoring.outcome("EXPLANATION", value("identifier", "rationale"))
    if item.kind in ("single", "multiple"):
        return [scoring.outcome("FEEDBACK", variable("RESPONSE")), explained]
    return [explained]


def _modals(item: Item) -> list[Element]:
    inside: list[Element] = [made("div", {"id": "rationale"}, *paragraphs(item.rationale))]
    told = [o for o in item.options if o.feedback]
    if told and item.kind not in ("single", "multiple"):
        lines = (
            made("li", {"id": f"feedback-{o.id}"}, made("strong", None, o.text), f" {o.feedback}")
            for o in told
        )
        inside.append(made("ul", None, *lines))
    if item.model_answer and item.kind != "text":
        inside.append(made("div", {"id": "model-answer"}, *paragraphs(item.model_answer)))
    names = {"outcome-identifier": "EXPLANATION", "identifier": "rationale", "show-hide": "show"}
    return [made("qti-modal-feedback", names, made("qti-content-body", None, *inside))]


def _alphabetical(item: Item) -> Item:
    options: Sequence[Option] = item.options
    if item.kind != "hotspot":  # its places keep the order in which one reads the picture
        options = sorted(options, key=lambda o: (o.text, o.id))
    targets: Sequence[Target] = item.targets
    if item.kind == "match":
        targets = sorted(targets, key=lambda t: (t.text, t.id))
    return item.model_copy(update={"options": tuple(options), "targets": tuple(targets)})


def _yes(flag: bool) -> str:
    return "true" if flag else "false"
