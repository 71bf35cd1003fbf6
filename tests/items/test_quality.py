"""Giveaways and simulated test-takers: seeded items with known weaknesses, and without."""

from __future__ import annotations

import pytest

from crossings.items import Item
from crossings.items.quality import TAKERS, flaws, report, surface, takers
from crossings.items.quality.takers import AVERAGE, EXPERT, GUESSER, OUTSIDER, expected

PLAIN = (
    "Write the name in the book",
    "Send the form to the office",
    "Take the bag to the table",
    "Give the list to the driver",
)


def single(options: list[str], right: int, stem: str = "What do you do?", name: str = "x") -> Item:
    return Item(
        id=name,
        kind="single",
        stem=stem,
        options=tuple(
            {"id": f"o{n}", "text": text, "correct": n == right, "feedback": "What the rule says.",
             "misconception": None if n == right else "MC-001"}
            for n, text in enumerate(options)
        ),  # type: ignore[arg-type]  # pydantic reads dictionaries
        rationale="Because.",
        objectives=("A-1",),
        cites=("LAW-1",),
    )  # fmt: skip


def put(text: str, place: int) -> list[str]:
    """Plain options with another one at a place."""
    return [text if n == place else plain for n, plain in enumerate(PLAIN)]


GIVEAWAYS = {
    "length": ["Write the name in the book of the post, and then the hour and the place as well",
               *PLAIN[1:]],
    "hedges": ["Usually write the name in the book", *PLAIN[1:]],
    "absolutes": ["Write the name in the book", "Always send the form to the office",
                  "Never take the bag to the table", "Only give the list to the driver"],
    "care": ["Listen, and ask the doctor for help", *PLAIN[1:]],
    "force": ["Write the name in the book", "Arrest and punish the driver",
              "Deport the whole family today", "Ignore and refuse the request"],
    "all": ["All of the above", *PLAIN[1:]],
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEAWAYS)
def test_the_outsider_finds_a_known_giveaway(name: str) -> None:
    """Chance is 25 %; a plain giveaway lifts the outsider far above it."""
    share = expected(OUTSIDER, single(GIVEAWAYS[name], 0))
    assert share is not None
    assert share > 0.4, share


def test_echo_and_grammar_give_away() -> None:
    stem = "The captain hides two passports below the deck. What matters most?"
    echoed = put("The passports below the deck", 2)
    assert (expected(OUTSIDER, single(echoed, 2, stem)) or 0) > 0.4
    article = ["entry without a stamp", "bribe for a guard", "theft of a bag", "fight on a bus"]
    assert (expected(OUTSIDER, single(article, 0, "This is an")) or 0) > 0.6
    assert surface.breaks_grammar("It is a", "offer")
    assert not surface.breaks_grammar("It is an", "offer")
    assert not surface.breaks_grammar("What is it?", "offer")


@pytest.mark.parametrize("right", range(4))
def test_without_a_giveaway_the_outsider_is_near_chance(right: int) -> None:
    share = expected(OUTSIDER, single([*PLAIN], right))
    assert share is not None
    assert 0.1 < share < 0.4


def test_a_misleading_look_costs_the_outsider() -> None:
    """It is a model of what options look like, and no constant: the same cue on a wrong option
    draws it away from the right one."""
    kind = put("Listen, and ask the doctor for help", 0)
    assert (expected(OUTSIDER, single(kind, 0)) or 0) > 0.4
    assert (expected(OUTSIDER, single(kind, 1)) or 1) < 0.25


def test_a_bank_of_giveaways_fails_and_a_fair_one_passes() -> None:
    bad = [single(GIVEAWAYS[name], 0, name=f"{name}-{n}") for name in GIVEAWAYS for n in range(3)]
    fair = [single([*PLAIN], n % 4, name=f"fair-{n}") for n in range(12)]
    assert not report(bad).passes_outsider
    assert report(fair).passes_outsider
    assert report(bad).mean("outsider") > 2 * report(bad).mean("guesser")


def parts(kind: str) -> Item:
    """An item of one of the other kinds."""
    base = {
        "id": kind, "kind": kind, "stem": "What now? She paid 40 of 100 in the quiet room.",
        "rationale": "Because.", "objectives": ["A-1"], "cites": ["LAW-1"],
    }  # fmt: skip
    if kind in ("multiple", "order"):
        base["options"] = [
            {"id": f"o{n}", "text": text, "correct": n < 2} for n, text in enumerate(PLAIN)
        ]
    if kind in ("match", "grid"):
        base["options"] = [
            {"id": f"o{n}", "text": text, "target": f"t{n}"} for n, text in enumerate(PLAIN)
        ]
        base["targets"] = [{"id": f"t{n}", "text": f"Place {n}"} for n in range(4)]
    if kind == "number":
        base["answer"] = 60
    if kind == "short":
        base["accept"] = ["the quiet room"]
    return Item.model_validate(base)


@pytest.mark.parametrize("kind", ["multiple", "order", "match", "grid", "number", "short"])
def test_who_knows_more_earns_more_in_every_kind(kind: str) -> None:
    shares = [expected(t, parts(kind), plays=300) for t in (GUESSER, AVERAGE, EXPERT)]
    assert all(share is not None for share in shares)
    assert shares[0] < shares[1] < shares[2]  # type: ignore[operator]
    assert (shares[2] or 0) > 0.8


def test_the_outsider_computes_and_copies() -> None:
    assert takers.within_reach(parts("number"))
    far = parts("number").model_copy(update={"answer": 17.0})
    assert not takers.within_reach(far)
    assert expected(OUTSIDER, far) == 0
    assert (expected(OUTSIDER, parts("short")) or 0) > 0.2


def test_the_outsider_puts_steps_in_order_by_their_words() -> None:
    steps = ("Greet her first", "Ask what she needs", "Write the report later", "Close the file")
    options = tuple({"id": f"o{n}", "text": text} for n, text in enumerate(steps))
    item = Item.model_validate(parts("order").model_dump() | {"options": options})
    assert (expected(OUTSIDER, item) or 0) > 3 * (expected(GUESSER, item) or 0)


def test_the_same_seed_gives_the_same_figures() -> None:
    bank = [parts(kind) for kind in ("multiple", "order", "grid")]
    assert report(bank, "a").items == report(bank, "a").items
    assert [i.shares for i in report(bank, "a").items] != [
        i.shares for i in report(bank, "b").items
    ]


def test_what_a_person_marks_is_not_simulated() -> None:
    written = Item.model_validate(
        {
            "id": "w",
            "kind": "text",
            "stem": "Write.",
            "rationale": "Because.",
            "objectives": ["A-1"],
            "cites": ["LAW-1"],
            "rubric": [{"id": "a", "text": "Facts", "points": 1}],
        }
    )
    found = report([written, single([*PLAIN], 0)])
    assert (len(found.items), found.written) == (1, 1)
    assert set(found.items[0].shares) == {taker.name for taker in TAKERS}


def messages(items: list[Item]) -> str:
    return "\n".join(f"{f.item}: {f.message}" for f in flaws(items))


def bank(count: int = 12) -> list[Item]:
    """Singles without a pattern."""
    ends = ("", " now", " today", " at nine")
    items = []
    for n in range(count):
        right, late = n % 4, 1 + n // 4 % 2
        wrong = [e for e in ends if e != ends[late]]
        wrong.insert(right, ends[late])
        items.append(single([f"Go to the gate{e}" for e in wrong], right, name=f"i{n}"))
    return items


def test_a_fair_bank_has_no_flaw() -> None:
    assert messages(bank()) == ""


def test_flaws_of_items_are_named() -> None:
    good = bank()
    cue = single([*PLAIN[:3], "None of the above"], 0, name="cue")
    absolute = single(GIVEAWAYS["absolutes"], 0, name="absolute")
    silent = good[0].model_copy(
        update={"id": "silent", "options": tuple(
            o.model_copy(update={"feedback": None}) for o in good[0].options)}
    )  # fmt: skip
    order = parts("order")
    told = messages([*good, cue, absolute, silent, order])
    assert "cue: the option says “None of the above”" in told
    assert "absolute: every wrong option, and not the right one" in told
    assert told.count("silent: the option has no feedback") == 4
    assert "order: the ids of the options tell their order" in told


def test_patterns_of_a_bank_are_named() -> None:
    long = [single(put("Write the name in the book of the post and go on", n % 4), n % 4,
                   name=f"l{n}") for n in range(12)]  # fmt: skip
    assert "the right option is the longest in 100 %" in messages(long)
    assert "times as long as wrong ones" in messages(long)
    first = [single([*PLAIN], 1, name=f"f{n}") for n in range(12)]
    assert "favourite place: 0 at 1, 12 at 2" in messages(first)
    bare = [
        item.model_copy(update={"options": tuple(
            o.model_copy(update={"misconception": None}) for o in item.options)})
        for item in bank()
    ]  # fmt: skip
    assert "0 % of the wrong options stand for a known misconception" in messages(bare)
