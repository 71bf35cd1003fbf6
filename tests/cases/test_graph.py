"""The graph of a case: nothing overlaps, nothing is lost, edges go where they say."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crossings
from crossings.cases import Case, document
from crossings.cases.graph import BOX, RULE, draw, edges, layout, passages, told, traffic
from crossings.cases.graph.letters import shortened, width, wrapped
from crossings.cases.plays import random_play
from tests.reading import read_yaml

from .made import made_case

Json = dict[str, Any]
REAL = sorted((Path(crossings.__file__).parent.parent / "modules").glob("*/cases/*.yml"))
SVG = "{http://www.w3.org/2000/svg}"
made = st.randoms(use_true_random=False).map(made_case).map(document)
few = settings(max_examples=40, deadline=None)


def real(path: Path) -> Json:
    return document(Case.model_validate(read_yaml(path)))


def ways_in_file(doc: Json) -> set[tuple[str, str, str]]:
    """Source, option and target of every way, read from the document without the graph's help."""
    found = set()
    for name, node in doc["nodes"].items():
        for option in node.get("options", []):
            found |= {(name, option["id"], branch["to"]) for branch in option["to"]}
        found |= {(name, "", branch["to"]) for branch in node.get("next", [])}
    return found | {(RULE + r["id"], "", r["goto"]) for r in doc["rules"] if "goto" in r}


def has_circle(doc: Json) -> bool:
    onward: dict[str, set[str]] = {}
    for source, _, target in ways_in_file(doc):
        onward.setdefault(source, set()).add(target)

    def meets(name: str, path: frozenset[str]) -> bool:
        return name in path or any(meets(t, path | {name}) for t in onward.get(name, ()))

    return any(meets(name, frozenset()) for name in onward)


# The layout


@few
@given(made)
def test_every_node_has_one_place_and_no_two_boxes_overlap(doc: Json) -> None:
    places = layout(doc)
    placed = [name for row in places.layers for name in row]
    jumping = [RULE + r["id"] for r in doc["rules"] if "goto" in r]
    assert sorted(placed) == sorted([*doc["nodes"], *jumping])
    for row in places.layers:
        assert row, "no layer is empty"
        assert all(places.x[b] - places.x[a] > BOX for a, b in pairwise(row))
    half = BOX // 2
    assert all(half <= places.x[name] <= places.width - half for name in placed)


@few
@given(made)
def test_edges_are_those_of_the_file_and_lead_downwards(doc: Json) -> None:
    places = layout(doc)
    assert {route.edge.key for route in places.routes} == ways_in_file(doc)
    assert len(places.routes) == len(ways_in_file(doc))
    for route in places.routes:
        upper, lower = places.layer[route.edge.source], places.layer[route.edge.target]
        layers = [layer for layer, _ in route.via]
        if route.edge.source == route.edge.target:
            assert route.back and not layers
        elif route.back:
            assert upper > lower and layers == list(range(upper, lower - 1, -1))
        else:
            assert upper < lower and layers == list(range(upper + 1, lower))
        for layer, x in route.via:
            assert all(abs(x - places.x[name]) > BOX // 2 for name in places.layers[layer])
    if not has_circle(doc):
        assert not any(route.back for route in places.routes)


@few
@given(made)
def test_the_layout_is_the_same_each_time_and_whole_numbers(doc: Json) -> None:
    one = json.dumps(layout(doc).to_json())
    assert one == json.dumps(layout(json.loads(json.dumps(doc))).to_json())
    data = json.loads(one)
    assert set(data) == {"box", "width", "layers", "nodes", "edges"}
    assert all(isinstance(node["x"], int) for node in data["nodes"].values())


@few
@given(made)
def test_what_nobody_can_reach_is_what_no_play_meets(doc: Json) -> None:
    places = layout(doc)
    met = {name for n in range(8) for name in random_play(doc, str(n), 30).visited}
    assert not met & places.unreachable
    assert doc["start"] not in places.unreachable


@few
@given(made)
def test_the_passages_of_a_play_are_edges_of_the_graph(doc: Json) -> None:
    known = {edge.key for edge in edges(doc)}
    states = [random_play(doc, str(n), 30) for n in range(5)]
    for state in states:
        way = list(passages(doc, state))
        assert set(way) <= known
        assert len(way) == sum(len(entry["entered"]) for entry in state.log) - 1
    many = traffic(doc, states)
    assert many.plays == 5 and many.nodes[doc["start"]] == 5
    assert all(1 <= count <= 5 for count in many.edges.values())


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_real_cases_have_few_crossings_and_everything_is_reached(path: Path) -> None:
    places = layout(real(path))
    assert not places.unreachable
    assert len(json.dumps(places.to_json(), separators=(",", ":"))) < 40_000


# The picture


def picture(doc: Json, **options: Any) -> ET.Element:
    return ET.fromstring(draw(doc, **options))


def drawn_boxes(svg: ET.Element) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right and bottom of every box, by its name."""
    found = {}
    for group in svg.iter(f"{SVG}g"):
        name = group.get("data-node")
        if name is None:
            continue
        x, y = map(float, re.findall(r"-?[\d.]+", group.get("transform", ""))[:2])
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        found[name] = (x, y, x + float(rect.get("width", 0)), y + float(rect.get("height", 0)))
    return found


@few
@given(made, st.sampled_from([None, 1, 2, 5]), st.booleans())
def test_in_the_picture_no_box_covers_another_and_lines_join_what_they_name(
    doc: Json, columns: int | None, opened: bool
) -> None:
    svg = picture(doc, columns=columns, opened=opened)
    boxes = drawn_boxes(svg)
    assert set(boxes) == set(layout(doc).x)
    wide, high = float(svg.get("width", 0)), float(svg.get("height", 0))
    listed = sorted(boxes.values())
    for n, (left, top, right, bottom) in enumerate(listed):
        assert left >= 0 and right <= wide and top >= 0 and bottom <= high
        for other in listed[n + 1 :]:
            apart = other[0] >= right or other[1] >= bottom or other[3] <= top
            assert apart, "two boxes overlap"
    lines = [g for g in svg.iter(f"{SVG}g") if g.find(f"{SVG}title") is not None]
    for group, edge in zip(lines, edges(doc), strict=True):
        path = group.find(f"{SVG}path")
        assert path is not None
        numbers = list(map(float, re.findall(r"-?[\d.]+", path.get("d", ""))))
        assert _touches(boxes[edge.source], numbers[0], numbers[1], lower=True)
        assert _touches(boxes[edge.target], numbers[-2], numbers[-1] + 8, lower=False)


def _touches(box: tuple[float, float, float, float], x: float, y: float, lower: bool) -> bool:
    return box[0] <= x <= box[2] and abs(y - box[3 if lower else 1]) < 0.2


def test_a_grade_has_a_colour_a_dash_a_shape_and_a_word(doc: Json) -> None:
    text = draw(doc)
    for word in ("Good", "Acceptable", "Poor", "Harmful"):
        used = any(o["grade"] == word.lower() for o in doc["nodes"]["first"]["options"])
        assert (f">{word}</text>" in text) == used
    styles = [re.search(rf"\.cxg-way\.cxg-{g}{{(.*?)}}", text) for g in ("good", "poor", "harmful")]
    assert len({style.group(1) for style in styles if style}) == 3
    assert "prefers-color-scheme:dark" in text


def test_marks_for_caps_conditions_jumps_and_what_is_lost(small_data: Json) -> None:
    small_data["nodes"]["nowhere"] = {
        "kind": "scene", "title": "Nobody <comes>", "text": "x", "next": "talk",
    }  # fmt: skip
    doc = document(Case.model_validate(small_data))
    assert layout(doc).unreachable == {"nowhere"}
    text = draw(doc)
    assert "≤ 40 %" in text and ">if<" in text and "No play gets here" in text
    assert "A rule jumps here" in text and 'data-node="rule:silence"' in text
    assert "Nobody &lt;comes&gt;" in text and "<comes>" not in text
    words = told(doc, layout(doc))
    assert "Rule `silence`" in words and "no play gets here" in words
    assert "B. Harmful (both): Ask both → The talk (`talk`) [at most 40 % (beside-driver)]" in words


@few
@given(made)
def test_the_text_tells_every_edge(doc: Json) -> None:
    words = told(doc, layout(doc))
    assert words.count("   ") >= len(edges(doc)) and words.count("→") == len(edges(doc))
    assert all(f"(`{name}`)" in words for name in doc["nodes"])


def test_traffic_makes_lines_as_wide_as_they_were_used(doc: Json) -> None:
    states = [random_play(doc, str(n)) for n in range(60)]
    many = traffic(doc, states)
    text = draw(doc, traffic=many)
    assert f"met by {many.nodes['first']} of 60 plays" in text
    widths = {float(w) for w in re.findall(r"stroke-width:([\d.]+)\"", text)}
    assert min(widths) == pytest.approx(1.2) and max(widths) == pytest.approx(13.0)
    assert "cxg-cold" in text


def test_inside_a_page_the_colours_are_the_pages(doc: Json) -> None:
    text = draw(doc, inline=True)
    assert "var(--good)" in text and "--good:" not in text and "prefers-color-scheme" not in text


@given(st.text(max_size=60), st.integers(20, 200))
def test_wrapped_text_fits_and_loses_no_letter(text: str, room: int) -> None:
    lines = wrapped(text, 10, room)
    assert "".join(lines).split() == [] or "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, 10) <= room or len(line) == 1 for line in lines)
    assert width(shortened(text, 10, room), 10) <= room or len(text) < 3


@pytest.mark.browser
@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
def test_in_a_browser_all_words_are_inside_their_boxes(
    tmp_path: Path, page: Any, opened: bool
) -> None:
    doc = document(made_case(Random(7)))
    files = [draw(doc, opened=opened), *(draw(real(path), opened=opened) for path in REAL[:1])]
    for text in files:
        file = tmp_path / "graph.svg"
        file.write_text(text, encoding="utf-8")
        page.goto(file.as_uri())
        outside = page.evaluate(
            """() => [...document.querySelectorAll("g[data-node]")].flatMap((g) => {
              const box = g.querySelector("rect").getBoundingClientRect();
              return [...g.querySelectorAll("text")].filter((t) => {
                const r = t.getBoundingClientRect();
                return r.left < box.left || r.right > box.right + 0.5 || r.top < box.top
                  || r.bottom > box.bottom + 1;
              }).map((t) => t.textContent);
            })"""
        )
        assert outside == []
