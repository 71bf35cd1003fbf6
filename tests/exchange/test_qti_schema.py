"""Every item, test and manifest that is written keeps the content model of QTI 3.0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crossings.curriculum import load
from crossings.exchange.qti import package
from crossings.exchange.qti.item import assessment_item
from crossings.exchange.qti.tree import QTI, document
from crossings.items.model import Item
from tests.exchange import made_items
from tests.exchange.profile import OURS, assert_valid, unpacked

CP = "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}"
Q = {"q": QTI}


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(made_items.KINDS).flatmap(made_items.items), st.booleans())
def test_every_item_is_valid(item: Item, keyed: bool) -> None:
    root = assessment_item(item, keyed)
    assert root is not None
    assert_valid(document(root))


@pytest.mark.parametrize("with_keys", [True, False])
def test_the_packages_of_the_course_are_valid_and_hold_together(with_keys: bool) -> None:
    course = load()
    for module in course.modules.values():
        files = unpacked(package.build(course, module, with_keys).data)
        manifest = etree.fromstring(files["imsmanifest.xml"])
        resources = manifest.findall(f"{CP}resources/{CP}resource")
        ids = [r.get("identifier") for r in resources]
        assert len(set(ids)) == len(ids) == len(module.items) + 1
        parts = ("metadata", "organizations", "resources")
        assert [c.tag for c in manifest] == [CP + n for n in parts]
        named = {f.get("href") for f in manifest.iter(f"{CP}file")}
        assert named | {"imsmanifest.xml"} == set(files)
        assert {d.get("identifierref") for d in manifest.iter(f"{CP}dependency")} <= set(ids)


# What is wrong is found. One item of each kind, and their test, are spoiled in one place each.

_OPTIONS = [
    {"id": "a", "text": "A", "feedback": "f", "correct": True, "target": "x"},
    {"id": "b", "text": "B", "target": "y"},
]
_TARGETS = [{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}]
_PARTS: dict[str, dict[str, Any]] = {
    "single": {},
    "multiple": {"scoring": "per-option"},
    "order": {"scoring": "per-option"},
    "match": {"scoring": "per-option", "targets": _TARGETS},
    "grid": {"targets": _TARGETS},
    "number": {"options": [], "answer": 3},
    "near": {"kind": "number", "options": [], "answer": 3, "tolerance": 1},
    "short": {"options": [], "accept": ["debt"], "hint": "h"},
    "text": {"options": [], "rubric": [{"id": "facts", "text": "t", "points": 1}]},
    "hotspot": {"picture": made_items.PICTURE},
}


def _item(kind: str) -> Item:
    keys = {"correct"} if kind in ("order", "match", "grid") else {"target"}
    keys |= {"correct", "target"} if kind == "order" else set()
    options = [{k: v for k, v in option.items() if k not in keys} for option in _OPTIONS]
    if kind == "hotspot":
        for n, option in enumerate(options):
            option["region"] = {"x": 10 * n, "y": 0, "width": 9, "height": 9}
    data = {"id": "q", "kind": kind, "stem": "s", "rationale": "r", "objectives": ["TI-1"],
            "cites": ["X"], "options": options} | _PARTS[kind]  # fmt: skip
    return Item.model_validate(data)


def written(kind: str) -> etree._Element:
    if kind == "test":
        items = [_item("single"), _item("number").model_copy(update={"id": "r"})]
        return etree.fromstring(unpacked(package.of_items(items, "m", "M", {}).data)["test.xml"])
    root = assessment_item(_item(kind), keyed=True)
    assert root is not None
    return etree.fromstring(document(root))


ALL = [*_PARTS, "test"]


@pytest.mark.parametrize("kind", ALL)
def test_what_is_spoiled_below_is_valid_before(kind: str) -> None:
    assert_valid(etree.tostring(written(kind)))


REQUIRED = {
    "qti-assessment-item": "identifier title time-dependent",
    "qti-response-declaration": "identifier cardinality",
    "qti-outcome-declaration": "identifier cardinality",
    "qti-map-entry": "map-key mapped-value",
    "qti-rubric-block": "use view",
    "qti-choice-interaction": "response-identifier",
    "qti-order-interaction": "response-identifier",
    "qti-match-interaction": "response-identifier",
    "qti-hotspot-interaction": "response-identifier",
    "qti-text-entry-interaction": "response-identifier",
    "qti-extended-text-interaction": "response-identifier",
    "qti-simple-choice": "identifier",
    "qti-simple-associable-choice": "identifier match-max",
    "qti-hotspot-choice": "identifier shape coords",
    "img": "src alt",
    "qti-feedback-inline": "outcome-identifier identifier",
    "qti-modal-feedback": "outcome-identifier identifier show-hide",
    "qti-set-outcome-value": "identifier",
    "qti-base-value": "base-type",
    "qti-variable": "identifier",
    "qti-correct": "identifier",
    "qti-map-response": "identifier",
    "qti-index": "n",
    "qti-test-variables": "variable-identifier",
    "qti-assessment-test": "identifier title",
    "qti-test-part": "identifier navigation-mode submission-mode",
    "qti-assessment-section": "identifier title visible",
    "qti-assessment-item-ref": "identifier href",
}
"""By element, the attributes that QTI 3.0 requires, of those elements that we write."""


def test_each_attribute_that_is_required_is_missed() -> None:
    missed: set[tuple[str, str]] = set()
    for kind in ALL:
        for element, names in REQUIRED.items():
            for name in names.split():
                root = written(kind)
                found = root.xpath(f"descendant-or-self::q:{element}", namespaces=Q)
                if found:
                    assert found[0].attrib.pop(name)
                    assert not OURS.validate(root), (kind, element, name)
                    missed.add((element, name))
    assert missed == {(e, n) for e, names in REQUIRED.items() for n in names.split()}


LISTS = {
    "cardinality": "single multiple ordered record",
    "base-type": "boolean directedPair duration file float identifier integer pair point string "
    "uri",
    "show-hide": "show hide",
    "external-scored": "externalMachine human",
    "use": "instructions scoring navigation",
    "view": "author candidate proctor scorer testConstructor tutor",
    "navigation-mode": "linear nonlinear",
    "submission-mode": "individual simultaneous",
    "tolerance-mode": "absolute exact relative",
}
"""The value lists of QTI 3.0. Of the shapes we write one only."""


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_its_values_and_no_other(name: str) -> None:
    tried = 0
    for kind in ALL:
        for value in [*LISTS[name].split(), "other", ""]:
            root = written(kind)
            for element in root.xpath(f"//@{name}/..", namespaces=Q):
                element.set(name, value)
                tried += 1
            if root.xpath(f"//@{name}"):
                assert OURS.validate(root) == (value in LISTS[name].split()), (kind, value)
    assert tried


Spoil = Callable[[etree._Element], object]


def _to_front(element: etree._Element) -> None:
    element.getparent().insert(0, element)


def _to_end(element: etree._Element) -> None:
    element.getparent().append(element)


def _twice(element: etree._Element) -> None:
    element.addnext(etree.fromstring(etree.tostring(element)))


def _gone(element: etree._Element) -> None:
    element.getparent().remove(element)


def _emptied(element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)


def _renamed(element: etree._Element) -> None:
    element.tag = f"{element.tag}s"


def _wrapped(element: etree._Element) -> None:
    around = etree.Element(f"{{{QTI}}}p")
    element.addprevious(around)
    around.append(element)


def _with(name: str, value: str) -> Spoil:
    return lambda element: element.set(name, value)


SPOILED: list[tuple[str, str, Spoil]] = [
    ("single", "qti-response-declaration", _to_end),
    ("single", "qti-outcome-declaration", _to_front),
    ("single", "qti-item-body", _to_front),
    ("single", "qti-item-body", _twice),
    ("single", "qti-item-body", _renamed),
    ("single", "qti-response-processing", _twice),
    ("single", "qti-response-processing", _to_end),
    ("single", "qti-modal-feedback", _to_front),
    ("single", "qti-modal-feedback/q:qti-content-body", _gone),
    ("single", "qti-correct-response", _emptied),
    ("single", "qti-correct-response", _twice),
    ("single", "qti-choice-interaction", _emptied),
    ("single", "qti-choice-interaction", _wrapped),
    ("single", "qti-choice-interaction", _with("max-choices", "-1")),
    ("single", "qti-choice-interaction", _with("maxChoices", "1")),
    ("single", "qti-choice-interaction", _with("shuffle", "yes")),
    ("single", "qti-choice-interaction", _with("response-identifier", "ANSWER")),
    ("single", "qti-simple-choice", _with("identifier", "7")),
    ("single", "qti-simple-choice", _with("identifier", "b")),
    ("single", "qti-feedback-inline", _with("outcome-identifier", "NONE")),
    ("single", "qti-outcome-declaration", _with("normal-maximum", "-1")),
    ("single", "qti-response-if", _emptied),
    ("single", "qti-response-if", _gone),
    ("single", "qti-response-if", _twice),
    ("single", "qti-match/*[1]", _gone),
    ("single", "qti-match/*[1]", _twice),
    ("single", "qti-set-outcome-value", _with("identifier", "RESPONSE")),
    ("single", "qti-set-outcome-value/*", _twice),
    ("multiple", "qti-mapping", _emptied),
    ("multiple", "qti-mapping", _to_front),
    ("multiple", "qti-map-entry", _with("mapped-value", "many")),
    ("multiple", "qti-response-else", _to_front),
    ("multiple", "qti-is-null/*", _gone),
    ("order", "qti-order-interaction", _emptied),
    ("order", "qti-index/*", _twice),
    ("order", "qti-variable", _with("identifier", "NONE")),
    ("match", "qti-simple-match-set", _gone),
    ("match", "qti-simple-match-set", _twice),
    ("match", "qti-simple-associable-choice", _with("match-max", "one")),
    ("number", "qti-text-entry-interaction", _renamed),
    ("number", "qti-equal/*", _gone),
    ("near", "qti-and", _emptied),
    ("short", "qti-rubric-block/q:qti-content-body", _twice),
    ("text", "qti-rubric-block", _with("view", "")),
    ("text", "ul/q:li", _renamed),
    ("text", "li", _with("id", "rationale")),
    ("hotspot", "img", _gone),
    ("hotspot", "img", _to_end),
    ("hotspot", "qti-hotspot-choice", _with("coords", "0,0,9")),
    ("hotspot", "qti-hotspot-choice", _with("shape", "square")),
    ("test", "qti-test-part", _gone),
    ("test", "qti-test-part", _to_front),
    ("test", "qti-outcome-processing", _twice),
    ("test", "qti-assessment-section", _renamed),
]


def _names() -> Iterator[str]:
    for n, (kind, path, spoil) in enumerate(SPOILED):
        yield f"{n}-{kind}-{path}-{spoil.__name__.strip('_<>')}".replace("/", ".")


@pytest.mark.parametrize(("kind", "path", "spoil"), SPOILED, ids=_names())
def test_the_schema_finds_what_is_wrong(kind: str, path: str, spoil: Spoil) -> None:
    root = written(kind)
    spoil(root.xpath(f"//q:{path}", namespaces=Q)[0])
    assert not OURS.validate(root)
