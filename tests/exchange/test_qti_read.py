"""QTI 3 of other people: items come over with their key, the rest is told; harm is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.curriculum import Course
from crossings.exchange.qti import drafts, opened
from crossings.exchange.report import ExchangeError
from crossings.items import Item

HEAD = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="Q-1" '
    'title="t" adaptive="false" time-dependent="false">'
)
CHOICES = """<qti-choice-interaction response-identifier="R" shuffle="true" max-choices="{most}">
<qti-prompt>Which holds?</qti-prompt>
<qti-simple-choice identifier="ChoiceA">One <b>bold</b>
  <qti-feedback-inline outcome-identifier="F" identifier="ChoiceA" show-hide="show">Yes.
  </qti-feedback-inline></qti-simple-choice>
<qti-simple-choice identifier="ChoiceB">Two</qti-simple-choice>
<qti-simple-choice identifier="ChoiceC">Three</qti-simple-choice></qti-choice-interaction>"""
CORRECT = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
MAP = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"


def item(declaration: str, body: str, rest: str = "") -> str:
    return f"{HEAD}{declaration}<qti-item-body>{body}</qti-item-body>{rest}</qti-assessment-item>"


def declared(cardinality: str, kind: str, right: list[str], mapping: str = "") -> str:
    values = "".join(f"<qti-value>{r}</qti-value>" for r in right)
    correct = f"<qti-correct-response>{values}</qti-correct-response>" if right else ""
    return (
        f'<qti-response-declaration identifier="R" cardinality="{cardinality}" base-type="{kind}">'
        f"{correct}{mapping}</qti-response-declaration>"
    )


def read(path: Path, text: str) -> tuple[dict[str, Any], list[str]]:
    file = path / "item.xml"
    file.write_text(text, encoding="utf-8")
    made, losses = drafts.parsed(file)
    assert len(made) == 1, losses
    Item.model_validate(made[0])
    return made[0], [str(loss) for loss in losses]


def test_a_choice_with_the_stock_template(tmp_path: Path) -> None:
    body = f"<p>A van stops.</p><p>Look:<br/>now.</p>{CHOICES.format(most=1)}"
    template = f'<qti-response-processing template="{CORRECT}"/>'
    made, losses = read(
        tmp_path, item(declared("single", "identifier", ["ChoiceB"]), body, template)
    )
    assert (made["id"], made["kind"]) == ("q-1", "single")
    assert made["stem"] == "A van stops.\nLook:\nnow.\nWhich holds?"
    assert [(o["id"], o["text"], o.get("correct")) for o in made["options"]] == [
        ("choicea", "One **bold**", None), ("choiceb", "Two", True), ("choicec", "Three", None),
    ]  # fmt: skip
    assert made["options"][0]["feedback"] == "Yes."
    assert made["rationale"].startswith("TODO:") and made["cites"] == ["TODO"]
    assert losses == []


@pytest.mark.parametrize(
    ("entries", "scoring", "weights"),
    [
        ([("ChoiceA", 1), ("ChoiceB", 1), ("ChoiceC", -1)], "per-option-penalty", None),
        ([("ChoiceA", 2), ("ChoiceB", 0.5), ("ChoiceC", -0.5)], "weights", [1.0, 0.25, -0.25]),
    ],
    ids=["penalty", "weights"],
)
def test_a_mapping_becomes_partial_credit(
    tmp_path: Path, entries: list[tuple[str, float]], scoring: str, weights: list[float] | None
) -> None:
    table = "".join(f'<qti-map-entry map-key="{k}" mapped-value="{v}"/>' for k, v in entries)
    mapping = (
        f'<qti-mapping default-value="0" upper-bound="2" lower-bound="0">{table}</qti-mapping>'
    )
    declaration = declared("multiple", "identifier", ["ChoiceA", "ChoiceB"], mapping)
    template = f'<qti-response-processing template="{MAP}"/>'
    made, _ = read(tmp_path, item(declaration, CHOICES.format(most=0), template))
    assert (made["kind"], made["scoring"], made["points"]) == ("multiple", scoring, 2)
    assert [o.get("weight") for o in made["options"]] == (weights or [None] * 3)


def test_order_match_and_entries(tmp_path: Path) -> None:
    order = CHOICES.replace("choice-interaction", "order-interaction").format(most=0)
    made, _ = read(
        tmp_path, item(declared("ordered", "identifier", ["ChoiceC", "ChoiceA", "ChoiceB"]), order)
    )
    assert [o["id"] for o in made["options"]] == ["choicec", "choicea", "choiceb"]

    def side(*names: str, most: int = 1) -> str:
        choice = '<qti-simple-associable-choice identifier="{0}" match-max="{1}">{0}!'
        inner = "".join(choice.format(n, most) + "</qti-simple-associable-choice>" for n in names)
        return f"<qti-simple-match-set>{inner}</qti-simple-match-set>"

    match = '<qti-match-interaction response-identifier="R">{}{}</qti-match-interaction>'
    pairs = declared("multiple", "directedPair", ["A X", "B Y"])
    made, _ = read(tmp_path, item(pairs, match.format(side("A", "B"), side("X", "Y"))))
    assert made["kind"] == "match" and [o["target"] for o in made["options"]] == ["x", "y"]
    pairs = declared("multiple", "directedPair", ["A X", "B X"])
    made, _ = read(tmp_path, item(pairs, match.format(side("A", "B"), side("X", "Y", most=4))))
    assert made["kind"] == "grid"

    field = '<p><qti-text-entry-interaction response-identifier="R"/> days</p>'
    equal = (
        "<qti-response-processing><qti-response-condition><qti-response-if>"
        '<qti-equal tolerance-mode="absolute" tolerance="0.5 0.5"><qti-variable identifier="R"/>'
        '<qti-correct identifier="R"/></qti-equal><qti-set-outcome-value identifier="SCORE">'
        '<qti-base-value base-type="float">3</qti-base-value></qti-set-outcome-value>'
        "</qti-response-if></qti-response-condition></qti-response-processing>"
    )
    made, _ = read(
        tmp_path, item(declared("single", "float", ["9"]), f"<p>How long?</p>{field}", equal)
    )
    assert (made["kind"], made["answer"], made["tolerance"], made["unit"], made["points"]) == (
        "number", 9, 0.5, "days", 3,
    )  # fmt: skip
    made, _ = read(
        tmp_path, item(declared("single", "string", ["debt"]), f"<p>Name it.</p>{field}")
    )
    assert (made["kind"], made["accept"]) == ("short", ["debt"])


def test_a_picture_with_places(tmp_path: Path, course: Course) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"/>'
    body = (
        '<qti-hotspot-interaction response-identifier="R" max-choices="0">'
        '<object data="../img/A Map.svg" type="image/svg+xml" width="200" height="100">'
        "A map</object>"
        '<qti-hotspot-choice identifier="A" shape="circle" coords="50,50,10"/>'
        '<qti-hotspot-choice identifier="B" shape="rect" coords="50%,10%,75%,40%"/>'
        '<qti-hotspot-choice identifier="C" shape="poly" coords="10,10,40,10,25,30"/>'
        "</qti-hotspot-interaction>"
    )
    files: dict[str, bytes | str] = {
        "imsmanifest.xml": MANIFEST.format(resource("items/i.xml")),
        "items/i.xml": item(declared("multiple", "identifier", ["A"]), body),
        "img/A Map.svg": svg,
    }
    made = drafts.items_from(packed(tmp_path, files), course.modules["demo"])
    assert dict(made.pictures) == {"a-map.svg": svg}
    (data,) = yaml.safe_load(made.text)
    found = Item.model_validate(data)
    assert found.picture is not None and found.picture.alt == "A map"
    places = [o.region for o in found.options if o.region]
    assert [(p.x, p.y, p.width, p.height) for p in places] == [
        (20, 40, 10, 20),
        (50, 10, 25, 30),
        (5, 10, 15, 20),
    ]
    told = "\n".join(str(loss) for loss in made.losses)
    assert "shape circle" in told and "shape poly" in told


def test_what_has_no_place_is_told(tmp_path: Path) -> None:
    body = (
        '<p>See <img src="x.png" alt="a quay"/> and <math xmlns="http://www.w3.org/1998/Math/MathML">'
        f"<mi>x</mi></math>.</p>{CHOICES.format(most=1)}"
    )
    rest = (
        '<qti-response-processing template="http://x.example/own.xml"/>'
        '<qti-modal-feedback outcome-identifier="F" identifier="a" show-hide="show">'
        "<qti-content-body><p>Because.</p></qti-content-body></qti-modal-feedback>"
    )
    made, losses = read(tmp_path, item(declared("single", "identifier", ["ChoiceA"]), body, rest))
    assert made["stem"].startswith("See [a quay] and .") and made["rationale"] == "Because."
    told = "\n".join(losses)
    for words in ("an image", "a formula", "template `own.xml`"):
        assert words in told


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>Only text.</p>", "no interaction"),
        (CHOICES.format(most=1) * 2, "2 interactions"),
        (
            '<qti-upload-interaction response-identifier="R"/>',
            "`qti-upload-interaction` has no kind",
        ),
        (CHOICES.format(most=1), "it has no key"),
    ],
    ids=["none", "two", "unknown", "no key"],
)
def test_an_item_without_a_place_is_left_out_and_named(
    tmp_path: Path, course: Course, body: str, words: str
) -> None:
    path = tmp_path / "item.xml"
    path.write_text(item(declared("single", "identifier", []), body), encoding="utf-8")
    with pytest.raises(ExchangeError, match="no item could be carried over") as error:
        drafts.items_from(path, course.modules["demo"])
    assert words in str(error.value) and "`Q-1`" in str(error.value)


def test_ids_that_the_module_has_are_not_given_again(tmp_path: Path, course: Course) -> None:
    path = tmp_path / "item.xml"
    path.write_text(
        item(declared("single", "identifier", ["ChoiceA"]), CHOICES.format(most=1)), "utf-8"
    )
    made = drafts.items_from(path, course.modules["demo"])
    assert "id: q-1-2\n" in made.text


# Files that mean harm

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + "]><x>&h;</x>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.attack
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "DTD or entities"),
        (OUTSIDE, "DTD or entities"),
        ('<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><x/>', "DTD or entities"),
        ("<a>" * 500 + "</a>" * 500, "too deep"),
        ("<a", "not XML"),
        ("", "not XML"),
        ('<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>', "QTI 1 or 2"),
        ("<html/>", "no QTI 3 item"),
    ],
    ids=["bomb", "file", "dtd", "deep", "cut", "empty", "qti 2", "html"],
)
def test_xml_that_means_harm_is_one_message(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "item.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExchangeError, match=words):
        opened.items(path)


MANIFEST = '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"><resources>{}</resources></manifest>'


def packed(path: Path, files: dict[str, bytes | str]) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    file = path / "a package.zip"
    file.write_bytes(buffer.getvalue())
    return file


def resource(href: str) -> str:
    return f'<resource type="imsqti_item_xmlv3p0" identifier="r" href="{href}"/>'


@pytest.mark.attack
@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../../evil.xml": "x"}, "leads out of the package"),
        ({"/etc/evil.xml": "x"}, "leads out of the package"),
        ({"a\\..\\..\\evil.xml": "x"}, "leads out of the package"),
        ({"C:/evil.xml": "x"}, "leads out of the package"),
        ({"readme.txt": "x"}, "no imsmanifest.xml"),
        ({"imsmanifest.xml": OUTSIDE}, "DTD or entities"),
        ({"imsmanifest.xml": MANIFEST.format(resource("../../../etc/passwd"))}, "names no QTI 3"),
        (
            {"imsmanifest.xml": MANIFEST.format(resource("i.xml")), "i.xml": b" " * 3_000_000},
            "unpacks to more",
        ),
    ],
    ids=["dots", "root", "backslash", "drive", "no manifest", "entity", "href", "bomb"],
)
def test_packages_that_mean_harm_are_one_message(
    tmp_path: Path, files: dict[str, bytes | str], words: str
) -> None:
    with pytest.raises(ExchangeError, match=words):
        opened.items(packed(tmp_path, files))
    assert [p.name for p in tmp_path.iterdir()] == ["a package.zip"]


@pytest.mark.attack
def test_many_small_bombs_meet_one_limit_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "MOST_TOTAL", 5_000_000)
    names = [f"i{n}.xml" for n in range(4)]
    spaces = HEAD.encode() + b" " * 1_900_000 + b"</qti-assessment-item>"
    files: dict[str, bytes | str] = dict.fromkeys(names, spaces)
    files["imsmanifest.xml"] = MANIFEST.format("".join(resource(n) for n in names))
    with pytest.raises(ExchangeError, match="unpacks to more"):
        opened.items(packed(tmp_path, files))


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 3000), flip=st.integers(0, 3000))
def test_a_damaged_package_is_read_or_is_one_message(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("qti")
    right = item(declared("single", "identifier", ["ChoiceA"]), CHOICES.format(most=1))
    file = packed(folder, {"imsmanifest.xml": MANIFEST.format(resource("i.xml")), "i.xml": right})
    data = bytearray(file.read_bytes())
    data[flip % len(data)] ^= 0x55
    file.write_bytes(bytes(data[: len(data) - cut % 40]))
    try:
        made, _ = drafts.parsed(file)
    except ExchangeError:
        return
    for one in made:
        Item.model_validate(one)
