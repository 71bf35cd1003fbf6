"""Like answers together, shared passages found, and nothing made of what everybody was given."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from crossings.grading.people.copied import shared
from crossings.grading.people.likeness import groups
from crossings.grading.people.words import words_of

LAUNDRY = (
    "The contract says 600 crowns and bookings of 550, and there is a debt of 1,500 with four "
    "percent a month. His booklet lies in the drawer of the company. He says that he fears return."
)
SEA = (
    "Three people may still be at sea and the harbour master searches on. A woman is in hospital "
    "and her son of six waits in the hall with the Red Cross, so bring them together this morning."
)
TEXTS = st.lists(st.text(st.sampled_from("ab cdé\n.,-’"), max_size=120), min_size=0, max_size=8)


def test_paraphrases_are_one_group_and_others_are_not() -> None:
    texts = [
        LAUNDRY,
        SEA,
        LAUNDRY.replace("lies in", "is in").replace("says", "told us"),
        "",
        SEA.replace("waits", "is waiting").replace("hospital", "the hospital"),
        "I would ask my shift leader what to do.",
    ]
    found = groups(texts)
    assert sorted(map(sorted, found[:2])) == [[0, 2], [1, 4]]
    assert found[-1] == [3], "what is empty comes last"


@given(TEXTS)
def test_groups_hold_everybody_once(texts: list[str]) -> None:
    found = groups(texts)
    assert sorted(n for group in found for n in group) == list(range(len(texts)))


def test_a_copied_passage_is_found_in_both_places() -> None:
    first = f"First of all, hello. {LAUNDRY}"
    second = f"{LAUNDRY.upper().replace(' AND ', ' — and, ')} That is all I can say about it today."
    (found,) = shared([first, "Something else entirely, with words of its own.", second])
    assert (found.first, found.second) == (0, 2) and found.share > 0.9
    start, end = found.in_first[0]
    assert first[start:end].startswith("The contract says") and first[end - 6 : end] == "return"
    assert second[slice(*found.in_second[0])].startswith("THE CONTRACT SAYS")


def test_what_was_given_does_not_count() -> None:
    answers = [f"{LAUNDRY} So I call the desk.", f"{LAUNDRY} So I would wait for a day."]
    assert shared(answers) and not shared(answers, [f"Document 2: {LAUNDRY}"])


def test_hidden_signs_do_not_hide_a_copy() -> None:
    spaced = "".join(f"{c}\u200b" if c.isalpha() else c for c in LAUNDRY)
    assert words_of(spaced).words == words_of(LAUNDRY).words
    assert shared([LAUNDRY, spaced])
    assert shared([LAUNDRY, LAUNDRY.replace("of", "\uff4f\uff46")])


def test_what_a_third_of_a_class_wrote_is_a_common_source() -> None:
    own = [f"Number {n} writes about {'x' * n} only." for n in range(12)]
    texts = [f"{LAUNDRY} {mine}" if n < 6 else mine for n, mine in enumerate(own)]
    assert shared(texts) == []
    texts = [f"{LAUNDRY} {mine}" if n < 2 else mine for n, mine in enumerate(own)]
    assert [(one.first, one.second) for one in shared(texts)] == [(0, 1)]


@given(TEXTS, st.lists(st.text(st.sampled_from("ab c"), max_size=60), max_size=2))
def test_passages_lie_in_their_texts_and_say_the_same(texts: list[str], known: list[str]) -> None:
    for one in shared([*texts, *texts], known):
        for place, spans in ((one.first, one.in_first), (one.second, one.in_second)):
            text = [*texts, *texts][place]
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert list(spans) == sorted(spans)
        assert 0 < one.share <= 1 and one.longest <= one.words + 4


def test_hostile_length_takes_no_time() -> None:
    texts = [f"{n} " + "word " * 4000 + "x" * 9000 for n in range(60)]
    started = time.process_time()
    groups(texts)
    shared(texts)
    assert time.process_time() - started < 20
