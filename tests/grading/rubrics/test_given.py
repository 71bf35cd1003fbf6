"""Answers are hostile text: what acts on a terminal or a page is taken out, and a trace stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.grading.rubrics.given import MOST_SHOWN, readable


@given(st.text(st.characters(), max_size=300))
def test_nothing_that_acts_is_left(text: str) -> None:
    shown = readable(text).text
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in shown)
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x1b") & set(shown)
    assert readable(shown).text == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\ufffdred\ufffd"),
        ("\x1b]0;title\x07after", "\ufffdafter"),
        ("a\x00b\x08c", "a\ufffdb\ufffdc"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("\u202eevil", "\ufffdevil"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
        ("top" + "\n" * 400 + "end", "top\n\n\n\nend"),
        ("नमस्ते عَرَبِيّ 👩‍👩‍👧", "नमस्ते عَرَبِيّ 👩‍👩‍👧"),
        ("\ud83d alone", "\ufffd alone"),
    ],
)
def test_signs_that_act(text: str, shown: str) -> None:
    assert readable(text).text == shown


def test_a_very_long_answer_is_bounded_and_says_what_is_missing() -> None:
    found = readable("x" * (MOST_SHOWN + 7))
    assert len(found.text) == MOST_SHOWN and found.more == 7
