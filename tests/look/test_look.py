"""The tokens are legible in both themes, and charts wear them."""

from __future__ import annotations

import re

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest

from crossings.look import CHART, PALETTE, TOKENS, colour, label_bars, label_lines, use_style

GRADES = ("sea", "good", "ok", "poor", "harm")


def luminance(value: str) -> float:
    parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["ink", "muted", *GRADES])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_text_is_legible(name: str, ground: str, dark: bool) -> None:
    assert contrast(colour(name, dark), colour(ground, dark)) >= 5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", GRADES)
def test_text_is_legible_on_its_soft_ground(name: str, dark: bool) -> None:
    assert contrast(colour(name, dark), colour(f"{name}-soft", dark)) >= 5
    assert contrast(colour("ink", dark), colour(f"{name}-soft", dark)) >= 7


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("ground", ["paper", "card", "sea-soft", "good-soft", "harm-soft"])
def test_the_focus_ring_shows(ground: str, dark: bool) -> None:
    assert contrast(colour("focus", dark), colour(ground, dark)) >= 3


def test_both_dark_blocks_are_equal() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    by_system = css.split(':root:not([data-theme="light"]) {', 1)[1].split("}", 1)[0]
    by_choice = css.split(':root[data-theme="dark"] {', 1)[1].split("}", 1)[0]
    assert by_system.split() == by_choice.split()


def test_light_and_dark_name_the_same_tokens() -> None:
    assert PALETTE["light"].keys() == PALETTE["dark"].keys()
    assert all(re.fullmatch(r"#[0-9A-F]{6}", c) for p in PALETTE.values() for c in p.values())


def test_unknown_colour_names_the_tokens() -> None:
    with pytest.raises(ValueError, match=r"no colour `blue`; there are: paper, card"):
        colour("blue")


def test_charts_use_at_most_five_colours_and_no_boxes() -> None:
    with plt.rc_context():
        use_style()
        cycle = [entry["color"] for entry in plt.rcParams["axes.prop_cycle"]]
        assert cycle == [colour(name) for name in CHART] and len(cycle) == 5
        assert not plt.rcParams["axes.spines.top"] and not plt.rcParams["axes.spines.right"]
        use_style(dark=True)
        assert plt.rcParams["figure.facecolor"] == colour("card", dark=True)


def test_bars_carry_their_numbers_and_lines_their_names() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    left.barh(["would return", "would refer"], [7, 17])
    label_bars(left)
    assert [text.get_text() for text in left.texts] == ["7", "17"]
    assert not left.xaxis.get_visible()
    right.plot([1, 2], [3, 4], label="first test")
    label_lines(right)
    assert [text.get_text() for text in right.texts] == ["first test"]
    plt.close(figure)
