"""A QTI 3 assessment item as the data of one of ours, and what of it has no place here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from crossings.exchange.qti import metadata, picture, rules
from crossings.exchange.qti.content import words
from crossings.exchange.qti.opened import Found
from crossings.exchange.qti.rules import Key
from crossings.exchange.qti.tree import Element, find, first, local, text_of
from crossings.exchange.report import Loss
from crossings.exchange.twine.names import slug

Json = dict[str, Any]
TODO = "TODO"
_CLOSE = 1e-6


class NoPlaceError(ValueError):
    """An item that has no place here at all; the message says why."""


@dataclass
class _Reading:
    """One item while it is read. `ids` are our ids of its choices by theirs."""

    root: Element
    interaction: Element
    place: str
    losses: list[Loss] = field(default_factory=list)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    """Pictures that our item shows, by the name of the file that it asks for."""
    ids: dict[str, str] = field(default_factory=dict)

    def lost(self, what: str) -> None:
        loss = Loss(self.place, 0, what)
        if loss not in self.losses:
            self.losses.append(loss)

    def id(self, theirs: str, taken: Iterable[str] = ()) -> str:
        """Our id for one of their identifiers."""
        if theirs not in self.ids:
            wish = slug(theirs.removeprefix("_"), 50)
            used, name, n = set(taken), wish, 2
            while name in used:
                name, n = f"{wish}-{n}", n + 1
            self.ids[theirs] = name
        return self.ids[theirs]


def read(found: Found) -> tuple[Json, list[Loss], dict[str, bytes]]:
    """The data of an item (`crossings.items.model.Item`, TODO where nothing is known), losses, and
    the files of its pictures.

    Raises:
        NoPlaceError: when the item has no interaction of ours, several, or no key.
    """
    root, place = found.root, f"item `{found.root.get('identifier') or found.name}`"
    interactions = [e for e in root.iter() if local(e).endswith("-interaction")]
    if len(interactions) != 1:
        what = "no interaction" if not interactions else f"{len(interactions)} interactions in one"
        raise NoPlaceError(f"{what}: an item of ours has one question")
    name = local(interactions[0])
    kind = _KINDS.get(name)
    if kind is None:
        raise NoPlaceError(f"`{name}` has no kind here")
    reading = _Reading(root, interactions[0], place, pictures=found.pictures)
    known = metadata.read(found.resource) if found.resource is not None else {}
    response = interactions[0].get("response-identifier", "RESPONSE")
    key = rules.key(root, response, reading.lost)
    answered = kind(reading, key)
    made: Json = {
        "id": slug((root.get("identifier") or found.name).removeprefix("_")),
        "kind": answered.pop("kind"),
        "stem": _stem(reading),
        **answered,
    }
    _explained(reading, made)
    for misconception in known.pop("misconceptions", ()):
        _misconception(made, misconception)
    known.pop("kind", None)
    made |= {
        "objectives": [TODO],
        "cites": [] if known.get("sources") else [TODO],
        **known,
    }
    if key.points != 1:
        made["points"] = _short(key.points)
    _unread(reading)
    return made, reading.losses, reading.kept


def _short(value: float) -> float:
    return round(value, 9)


# The stem


def _stem(reading: _Reading) -> str:
    body = first(reading.root, "qti-item-body")
    skip = {
        local(reading.interaction),
        "qti-rubric-block",
        "qti-feedback-block",
        "qti-feedback-inline",
    }
    told = words(body, reading.lost, skip) if body is not None else ""
    prompt = first(reading.interaction, "qti-prompt")
    asked = words(prompt, reading.lost) if prompt is not None else ""
    stem = "\n".join(t for t in (told, asked) if t)
    return stem or f"{TODO}: the question"


# The kinds


def _choice(reading: _Reading, key: Key) -> Json:
    choices = list(find(reading.interaction, "qti-simple-choice"))
    most = reading.interaction.get("max-choices", "1")
    declared = next(
        (e.get("cardinality") for e in find(reading.root, "qti-response-declaration")), "single"
    )
    single = most == "1" and declared != "multiple"
    right = set(key.correct) or {k for k, v in (key.mapping or {}).items() if v > 0}
    if not right:
        raise NoPlaceError("it has no key: no correct response and no mapping")
    options = [_option(reading, c, correct=c.get("identifier", "") in right) for c in choices]
    made: Json = {"kind": "single" if single else "multiple", "options": options}
    if most not in ("0", "1") and int(most) < len(choices):
        reading.lost(f"not carried over: at most {most} choices")
    made |= _shuffle(reading, choices)
    return made | _choice_scoring(key, [c.get("identifier", "") for c in choices], right, made)


def _option(reading: _Reading, choice: Element, **more: Any) -> Json:
    name = reading.id(choice.get("identifier", ""), reading.ids.values())
    text = words(choice, reading.lost, {"qti-feedback-inline"}).replace("\n", " ")
    option: Json = {"id": name, "text": text or f"{TODO}: the text of the option"}
    option |= {k: v for k, v in more.items() if v}
    feedback = first(choice, "qti-feedback-inline")
    if feedback is not None:
        option["feedback"] = words(feedback, reading.lost)
    return option


def _choice_scoring(key: Key, names: list[str], right: set[str], made: Json) -> Json:
    if key.mapping is None:
        return {}
    shares = [key.mapping.get(n, key.default) / key.points for n in names]
    ticks = [n in right for n in names]
    if made["kind"] == "single":
        plain = all(_near(s, float(t)) for s, t in zip(shares, ticks, strict=True))
        if plain and len(key.mapping) < len(names):
            return {}
    else:
        count, wrong = sum(ticks), len(ticks) - sum(ticks)
        signs = [1 if t else -1 for t in ticks]
        if all(_near(s * count, g) for s, g in zip(shares, signs, strict=True)):
            return {"scoring": "per-option-penalty"}
        constant = key.constant / key.points
        parts = all(_near(s * len(names), g) for s, g in zip(shares, signs, strict=True))
        if parts and _near(constant * len(names), wrong):
            return {"scoring": "per-option"}
    for option, share in zip(made["options"], shares, strict=True):
        option["weight"] = _short(min(1.0, max(-1.0, share)))
    return {"scoring": "weights"}


def _near(one: float, other: float) -> bool:
    return abs(one - other) < _CLOSE


def _order(reading: _Reading, key: Key) -> Json:
    choices = {c.get("identifier", ""): c for c in find(reading.interaction, "qti-simple-choice")}
    if set(key.correct) != set(choices) or len(key.correct) != len(choices):
        raise NoPlaceError("its key does not put every option in order")
    options = [_option(reading, choices[name]) for name in key.correct]
    made: Json = {"kind": "order", "options": options, **_shuffle(reading, list(choices.values()))}
    return made | ({"scoring": "per-option"} if key.placed else {})


def _match(reading: _Reading, key: Key) -> Json:
    sets = list(find(reading.interaction, "qti-simple-match-set"))
    if len(sets) != 2:
        raise NoPlaceError("a match interaction without its two sets")
    sides = [list(find(side, "qti-simple-associable-choice")) for side in sets]
    pairs = [pair.split() for pair in (key.correct or key.mapping or ())]
    wanted = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    if len(wanted) < len(pairs):
        raise NoPlaceError("an option with more than one partner")
    # The ids of targets are a world of their own: a target may share one with an option.
    ids = _Reading(reading.root, reading.interaction, reading.place, reading.losses)
    if all(c.get("identifier", "").startswith("to-") for c in sides[1]):  # as our own export does
        for choice in sides[1]:
            theirs = choice.get("identifier", "")
            ids.ids[theirs] = slug(theirs.removeprefix("to-"))
    targets = [_option(ids, choice) for choice in sides[1]]
    options = []
    for choice in sides[0]:
        target = wanted.get(choice.get("identifier", ""))
        if target not in ids.ids:
            raise NoPlaceError("an option without a partner in its key")
        options.append(_option(reading, choice, target=ids.ids[target]))
    once = all(c.get("match-max", "1") == "1" for c in sides[1])
    twice = len(set(wanted.values())) < len(wanted)
    made: Json = {"kind": "match" if once and not twice else "grid", "options": options}
    made |= {"targets": targets, **_shuffle(reading, sides[0])}
    return made | _match_scoring(reading, key)


def _match_scoring(reading: _Reading, key: Key) -> Json:
    if key.mapping is None:
        return {}
    values = set(key.mapping.values())
    if len(values) > 1 and max(values) - min(values) > _CLOSE:
        reading.lost("pairs have different points: here each counts the same")
    return {"scoring": "per-option-penalty" if key.default < 0 else "per-option"}


def _shuffle(reading: _Reading, choices: list[Element]) -> Json:
    fixed = bool(choices) and all(c.get("fixed") == "true" for c in choices)
    mixed = reading.interaction.get("shuffle", "false") == "true" and not fixed
    return {} if mixed else {"shuffle": False}


def _entry(reading: _Reading, key: Key) -> Json:
    declared = first(reading.root, "qti-response-declaration")
    kind = declared.get("base-type", "string") if declared is not None else "string"
    if kind in ("float", "integer"):
        answer = rules.number(key.correct[0]) if key.correct else None
        if answer is None:
            raise NoPlaceError("it has no key: no correct response")
        made: Json = {"kind": "number", "answer": answer}
        made |= {"tolerance": key.tolerance} if key.tolerance else {}
        unit = " ".join((reading.interaction.tail or "").split())
        if unit and _alone(reading):
            made["unit"] = unit
            reading.interaction.tail = ""
        return made
    accept = [k for k, v in (key.mapping or {}).items() if v > 0]
    accept = list(dict.fromkeys([*key.correct, *accept]))
    if not accept:
        raise NoPlaceError("it has no key: no answer that counts")
    if len({v for v in (key.mapping or {}).values() if v > 0}) > 1:
        reading.lost("answers have different points: here each counts fully")
    return {"kind": "short", "accept": accept}


def _alone(reading: _Reading) -> bool:
    """Whether the field begins its paragraph: then what follows is a unit and no sentence."""
    for parent in reading.root.iter():
        if reading.interaction in list(parent):
            before = parent.text or ""
            return not before.strip() and parent[0] is reading.interaction and len(parent) == 1
    return False


def _extended(reading: _Reading, key: Key) -> Json:
    rubric = next((e for e in find(reading.root, "qti-rubric-block")
                   if "scorer" in e.get("view", "")), None)  # fmt: skip
    made: Json = {"kind": "text"}
    criteria = [_criterion(reading, li, n) for n, li in enumerate(find(rubric, "li"), 1)] \
        if rubric is not None else []  # fmt: skip
    if criteria and _near(sum(c["points"] for c in criteria), key.points):
        made["rubric"] = criteria
    else:
        told = words(rubric, reading.lost) if rubric is not None else ""
        text = f"{TODO}: a line for each criterion. {told}".strip()
        made["rubric"] = [{"id": "all", "text": text[:4000], "points": _short(key.points)}]
        reading.lost("the rubric is TODO: its lines have no points that add up")
    return made


def _criterion(reading: _Reading, line: Element, n: int) -> Json:
    text = words(line, reading.lost)
    match = re.fullmatch(r"\*\*(\d+(?:\.\d+)?)\*\* (.+)", text, re.DOTALL)
    points = float(match.group(1)) if match else 0.0
    name = line.get("id", "").removeprefix("criterion-")
    return {"id": slug(name or f"line-{n}"), "text": match.group(2) if match else text,
            "points": _short(points)}  # fmt: skip


def _hotspot(reading: _Reading, key: Key) -> Json:
    """Places in a picture. A shape that is no rectangle becomes the rectangle round it."""
    image = first(reading.interaction, "img", "object")
    if image is None:
        raise NoPlaceError("a hotspot interaction without a picture")
    address = image.get("src") or image.get("data") or ""
    data = reading.pictures.get(address)
    name = PurePosixPath(address).name
    suffix = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if data is None or suffix not in ("svg", "png", "webp", "jpg"):
        raise NoPlaceError(f"its picture `{name[:60]}` is not in the package, or too large")
    width, height = (rules.number(image.get(side)) for side in ("width", "height"))
    if not width or not height:
        width, height = picture.sides(data, suffix)
    right = set(key.correct) or {k for k, v in (key.mapping or {}).items() if v > 0}
    choices = list(find(reading.interaction, "qti-hotspot-choice"))
    options = []
    for n, choice in enumerate(choices, 1):
        shape, coords = choice.get("shape", ""), choice.get("coords", "")
        place = picture.region(shape, coords, width, height)
        if place is None:
            raise NoPlaceError(f"a place of the shape `{shape[:20]}` that cannot be read")
        if shape != "rect":
            reading.lost(f"a place of the shape {shape} became the rectangle round it")
        theirs = choice.get("identifier", "")
        label = " ".join(choice.get("hotspot-label", "").split())
        option: Json = {
            "id": reading.id(theirs, reading.ids.values()),
            "text": label or f"{TODO}: what place {n} shows",
            "region": place,
        }
        options.append(option | ({"correct": True} if theirs in right else {}))
    file = f"{slug(name.rpartition('.')[0])}.{suffix}"
    reading.kept[file] = data
    alt = (
        " ".join(image.get("alt", "").split())
        or text_of(image)
        or f"{TODO}: what the picture shows"
    )
    made: Json = {"kind": "hotspot", "picture": {"file": file, "alt": alt}, "options": options}
    names = [c.get("identifier", "") for c in choices]
    return made | _choice_scoring(key, names, right, made)


_KINDS: Mapping[str, Callable[[_Reading, Key], Json]] = {
    "qti-hotspot-interaction": _hotspot,
    "qti-choice-interaction": _choice,
    "qti-order-interaction": _order,
    "qti-match-interaction": _match,
    "qti-text-entry-interaction": _entry,
    "qti-extended-text-interaction": _extended,
}


# What is shown afterwards, and what nothing here reads


def _explained(reading: _Reading, made: Json) -> None:
    modals = list(find(reading.root, "qti-modal-feedback"))
    told = []
    for modal in modals:
        rationale = _by_id(modal, "rationale")
        told.append(words(rationale if rationale is not None else modal, reading.lost))
        _listed_feedback(reading, modal, made)
    if len(told) > 1:
        reading.lost("several feedbacks for the whole item became one rationale")
    whole = "\n".join(t for t in told if t)
    made["rationale"] = whole[:4000] or f"{TODO}: why the right answer is right"
    for name, field_name in (("model-answer", "model_answer"), ("hint", "hint")):
        block = _by_id(reading.root, name)
        if block is not None:
            made[field_name] = words(block, reading.lost)


def _by_id(element: Element, name: str) -> Element | None:
    return next((e for e in element.iter() if e.get("id") == name), None)


def _listed_feedback(reading: _Reading, modal: Element, made: Json) -> None:
    """Feedback that our own export lists under the rationale, an option a line."""
    options = {f"feedback-{option['id']}": option for option in made.get("options", ())}
    for line in find(modal, "li"):
        option = options.get(line.get("id", ""))
        if option is not None:
            option["feedback"] = words(line, reading.lost, {"strong"})


def _misconception(made: Json, said: str) -> None:
    name, _, misconception = said.partition(" ")
    for option in made.get("options", ()):
        if option["id"] == name and misconception:
            option["misconception"] = misconception


_UNREAD = {
    "qti-template-declaration": "variables drawn by a template",
    "qti-stylesheet": "a style sheet",
    "qti-assessment-stimulus-ref": "a text shared with other items",
    "qti-catalog-info": "alternatives for accessibility (catalog)",
    "qti-feedback-block": "a feedback block",
    "qti-companion-materials-info": "companion materials",
}


def _unread(reading: _Reading) -> None:
    for name, what in _UNREAD.items():
        if first(reading.root, name) is not None:
            reading.lost(f"not carried over: {what}")
    if reading.root.get("adaptive") == "true":
        reading.lost("not carried over: the item is adaptive")
    if reading.root.get("time-dependent") == "true":
        reading.lost("not carried over: the time that the answer took")
    blocks = [
        e
        for e in find(reading.root, "qti-rubric-block")
        if "scorer" not in e.get("view", "") and _by_id(e, "hint") is None and text_of(e)
    ]
    if blocks:
        reading.lost("not carried over: instructions (rubric block)")
