"""Every item, test and manifest that is written keeps the content model of QTI 3.0.

The schema here is our own, written from the documented model (1EdTech's could not be had offline).
CROSSINGS_QTI3_XSD names a local copy of the published one, which is then used as well.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crossings.curriculum import load
from crossings.exchange.qti import package
from crossings.exchange.qti.item import assessment_item
from crossings.exchange.qti.tree import document
from tests.exchange import made_items

PROFILE = Path(__file__).parent / "schema" / "qti3-profile.xsd"
CP = "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}"


def schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(path))


PUBLISHED = os.environ.get("CROSSINGS_QTI3_XSD")
SCHEMAS = [schema(Path(p)) for p in (PROFILE, *([PUBLISHED] if PUBLISHED else []))]


def assert_valid(data: bytes) -> None:
    root = etree.fromstring(data)
    for one in SCHEMAS:
        assert one.validate(root), one.error_log


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(made_items.KINDS).flatmap(made_items.items), st.booleans())
def test_every_item_is_valid(item: made_items.Item, keyed: bool) -> None:
    root = assessment_item(item, keyed)
    assert root is not None
    assert_valid(document(root))
    # Choices of one item have one world of names, which no schema checks.
    names = [e.get("identifier") for e in root.iter() if str(e.tag).endswith("-choice")]
    assert len(set(names)) == len(names)


def test_the_whole_package_of_the_course_is_valid_and_holds_together() -> None:
    course = load()
    module = next(iter(course.modules.values()))
    made = package.build(course, module, with_keys=True)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = etree.fromstring(files["imsmanifest.xml"])
    resources = manifest.findall(f"{CP}resources/{CP}resource")
    ids = [r.get("identifier") for r in resources]
    assert len(set(ids)) == len(ids) == len(module.items) + 1
    assert [c.tag for c in manifest] == [CP + n for n in ("metadata", "organizations", "resources")]
    named = {f.get("href") for f in manifest.iter(f"{CP}file")}
    assert named | {"imsmanifest.xml"} == set(files)
    assert {d.get("identifierref") for d in manifest.iter(f"{CP}dependency")} <= set(ids)
    for name, data in files.items():
        if name.endswith(".xml") and name != "imsmanifest.xml":
            assert_valid(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b' time-dependent="false"', b""),
        (b'cardinality="single"', b'cardinality="one"'),
        (b"qti-item-body", b"qti-itembody"),
        (b' show-hide="show"', b""),
        (b'identifier="a"', b'identifier="7"'),
    ],
    ids=lambda v: v.decode() if isinstance(v, bytes) else v,
)
def test_the_schema_finds_what_is_wrong(old: bytes, new: bytes) -> None:
    item = made_items.Item.model_validate(
        {"id": "q", "kind": "single", "stem": "s", "rationale": "r", "objectives": ["TI-1"],
         "cites": ["X"], "options": [{"id": "a", "text": "A", "correct": True, "feedback": "f"},
                                     {"id": "b", "text": "B"}]}
    )  # fmt: skip
    root = assessment_item(item, keyed=True)
    assert root is not None
    data = document(root)
    assert_valid(data)
    assert old in data
    assert not SCHEMAS[0].validate(etree.fromstring(data.replace(old, new)))
