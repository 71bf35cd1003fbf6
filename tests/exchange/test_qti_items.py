"""Our items as QTI 3: the package's own rules give our points, and they come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.curriculum import Course
from crossings.exchange.qti import drafts, package
from crossings.exchange.qti.item import assessment_item
from crossings.exchange.qti.scoring import identifier, partner
from crossings.exchange.qti.tree import document
from crossings.items import Item, score
from tests.exchange import made_items, qti_rules
from tests.exchange.profile import assert_valid, unpacked

Json = dict[str, Any]


def in_qti(item: Item, response: Json) -> Any:
    """A response of ours as the value of RESPONSE."""
    (value,) = response.values()
    if item.kind in ("match", "grid"):
        return [f"{identifier(o)} {partner(t)}" for o, t in value.items()] or None
    if item.kind in ("multiple", "hotspot", "order"):
        return [identifier(v) for v in value] or None
    if item.kind == "single":
        return identifier(value)
    return float(value) if item.kind == "number" else value


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_rules_in_the_package_give_our_points(data: st.DataObject) -> None:
    kinds = st.sampled_from([k for k in made_items.KINDS if k != "text"])
    item = data.draw(made_items.items(data.draw(kinds)))
    root = assessment_item(item, keyed=True)
    assert root is not None
    content = document(root)
    assert_valid(content)
    written = Tree.fromstring(content)
    for _ in range(3):
        response = data.draw(made_items.responses(item))
        outcomes = qti_rules.run(written, in_qti(item, response))
        assert outcomes["SCORE"] == pytest.approx(score(item, response).points, abs=1e-4)
        assert outcomes["MAXSCORE"] == item.points
        assert outcomes["EXPLANATION"] == "rationale"
    assert qti_rules.run(written, None)["SCORE"] == 0


def same(item: Item) -> Json:
    """What a round trip keeps. White space is single in QTI; defaults are written out."""
    kept = {
        "kind",
        "stem",
        "answer",
        "tolerance",
        "unit",
        "accept",
        "points",
        "scoring",
        "shuffle",
        "rationale",
        "objectives",
        "cites",
        "sources",
        "use",
        "seconds",
        "difficulty",
    }
    told = item.model_dump(mode="json", include=kept)
    plain = item.kind not in ("order", "match", "grid", "single", "multiple")
    told["picture"] = item.picture and item.picture.model_dump(exclude={"data"})
    told["shuffle"] = None if plain else item.shuffle
    told["options"] = [o.model_dump(exclude={"weight"}) for o in item.options]
    told["weights"] = [o.weight for o in item.options] if item.scoring == "weights" else []
    told["targets"] = {t.id: t.text for t in item.targets}
    told["rubric"] = [c.model_dump() for c in item.rubric]
    told["model_answer"] = item.model_answer
    return told


@settings(max_examples=120, deadline=None)
@given(st.lists(made_items.items(), min_size=1, max_size=3))
def test_items_come_back_with_kind_options_key_points_and_scoring(
    tmp_path_factory: pytest.TempPathFactory, items: list[Item]
) -> None:
    named = [i.model_copy(update={"id": f"q-{n}"}) for n, i in enumerate(items)]
    path = tmp_path_factory.mktemp("qti") / "a package.zip"
    made = package.of_items(named, "m", "A module", {})
    assert len(unpacked(made.data)) >= len(named) + 2
    path.write_bytes(made.data)
    again, losses = drafts.parsed(path)
    assert [str(loss) for loss in losses] == []
    assert [same(Item.model_validate(data)) for data in again] == [same(item) for item in named]


def files(data: bytes) -> dict[str, str]:
    return {name: content.decode("utf-8") for name, content in unpacked(data).items()}


def test_the_package_has_a_manifest_a_test_and_every_item(course: Course) -> None:
    made = package.build(course, course.modules["demo"])
    found = files(made.data)
    assert next(iter(found)) == "imsmanifest.xml"
    for name in course.modules["demo"].items:
        assert f"items/{name}.xml" in found
        assert f'href="items/{name}.xml"' in found["test.xml"]
        assert f'href="items/{name}.xml" type' in found["imsmanifest.xml"] or (
            f'type="imsqti_item_xmlv3p0" href="items/{name}.xml"' in found["imsmanifest.xml"]
        )
    manifest = found["imsmanifest.xml"]
    for words in (
        "<schema>QTI Package</schema>",
        "3.0.0",
        "imsqti_test_xmlv3p0",
        "DE-1",
        "LAW-1",
        "Ask the right question.",
        "MC-001",
        "CC BY 4.0",
    ):
        assert words in manifest
    assert made.data == package.build(course, course.modules["demo"]).data


KEYS = (
    "qti-correct-response",
    "qti-mapping",
    "qti-response-processing",
    "qti-feedback-inline",
    "qti-modal-feedback",
    'view="scorer"',
    "Asking comes first",
)


def test_worksheet_items_keep_their_key_out_unless_it_is_asked_for(course: Course) -> None:
    module = course.modules["demo"]
    without = files(package.build(course, module).data)
    for name in ("ws-1", "ws-2"):
        assert not [key for key in KEYS if key in without[f"items/{name}.xml"]]
    assert "qti-correct-response" in without["items/q-1.xml"]
    withkeys = files(package.build(course, module, with_keys=True).data)
    assert "qti-correct-response" in withkeys["items/ws-1.xml"]
    assert 'view="scorer"' in withkeys["items/ws-2.xml"]
    assert 'external-scored="human"' in withkeys["items/ws-2.xml"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["order", "match"]).flatmap(made_items.items))
def test_without_its_key_the_order_of_the_file_says_nothing(item: Item) -> None:
    turned = item.model_copy(update={"options": item.options[::-1], "targets": item.targets[::-1]})
    one, other = (assessment_item(i, keyed=False) for i in (item, turned))
    assert one is not None and other is not None
    assert document(one) == document(other)
    assert_valid(document(one))


def test_the_items_of_the_course_come_back(tmp_path: Path) -> None:
    from crossings.curriculum import load

    module = next(iter(load().modules.values()))
    path = tmp_path / "items.zip"
    titles: dict[str, str] = {}
    made = package.of_items(module.items.values(), module.id, "t", titles, with_keys=True)
    unpacked(made.data)
    path.write_bytes(made.data)
    again = {data["id"]: data for data in drafts.parsed(path)[0]}
    for name, item in module.items.items():
        if made_here(item):
            found = Item.model_validate(again[name])
            assert (found.kind, found.points) == (item.kind, item.points)
            assert [o.id for o in found.options] == [o.id for o in item.options]
            assert [o.correct for o in found.options] == [o.correct for o in item.options]
            assert [o.target for o in found.options] == [o.target for o in item.options]


def made_here(item: Item) -> bool:
    return assessment_item(item, keyed=True) is not None
