"""What a trainer reads of an author's conditions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.tabletop.wording import in_words
from tests.tabletop.made import TABLE

SAID = {
    "boat-out": "“The boat is out” is met",
    "not boat-out": "“The boat is out” is not met",
    "fired boy": "“A boy” has come",
    "not fired boy": "“A boy” has not come",
    "told child": "somebody told Child Protection",
    "not told child": "nobody told Child Protection",
    "wrote coast.press": "Coast Guard wrote to Press office",
    "not wrote coast.press": "Coast Guard has not written to Press office",
    "did send-boat": "“Send the boat” is done",
    "not did send-boat": "“Send the boat” is not done",
    "filed report": "“Situation report” is filed",
    "chose wind.storm": "the story went “It rises”",
    "not chose wind.storm": "the story did not go “It rises”",
    "clock >= 20": "minute ≥ 20",
    "not clock >= 20": "not minute ≥ 20",
    "fired boy and (told child or calm)": (
        "“A boy” has come and (somebody told Child Protection or “The quay is calm” is met)"
    ),
    "fired boy or told child and calm": (
        "“A boy” has come or (somebody told Child Protection and “The quay is calm” is met)"
    ),
    "not (fired boy and calm)": "not (“A boy” has come and “The quay is calm” is met)",
}  # fmt: skip


@pytest.mark.parametrize("when", SAID)
def test_a_condition_in_words(when: str) -> None:
    assert in_words(TABLE, when) == SAID[when]


@given(
    st.recursive(
        st.sampled_from([x for x in SAID if " and " not in x and " or " not in x]),
        lambda part: st.one_of(
            part.map(lambda x: f"not ({x})"),
            st.tuples(part, st.sampled_from(["and", "or"]), part).map(
                lambda x: f"({x[0]}) {x[1]} ({x[2]})"
            ),
        ),
        max_leaves=8,
    )
)
def test_no_id_of_the_file_is_read(when: str) -> None:
    said = in_words(TABLE, when)
    assert not re.search(r"boat-out|send-boat|wind|storm|\bfired\b|\bcoast\b|\bchild\b", said)
    assert said.count("(") == said.count(")") and said.count("“") == said.count("”")
