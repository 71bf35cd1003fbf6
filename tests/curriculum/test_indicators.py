"""Signs weighed by dimension: the published rule at its edges, and what can never be weighed."""

from __future__ import annotations

import json
import shutil
from itertools import product
from pathlib import Path
from random import Random

import pytest

from crossings.curriculum.indicators import (
    AGES,
    FOLDER,
    Counts,
    Indicators,
    Weighing,
    enough,
    read_indicators,
    weigh,
)
from crossings.workspace import ROOT


@pytest.fixture(scope="module")
def table() -> Indicators:
    return read_indicators()


def ids(table: Indicators, no: int, strength: str, age: str = "adult") -> list[str]:
    return [s.id for s in table.signs if s.dimension == no and getattr(s, age) == strength]


def test_the_lists_are_as_long_as_published(table: Indicators) -> None:
    adults = [s.dimension for s in table.signs if s.adult]
    assert [adults.count(no) for no in range(1, 7)] == [10, 10, 16, 9, 15, 7]
    assert sum(s.child is not None for s in table.signs) == 65


def test_the_rule_is_the_published_one(table: Indicators) -> None:
    for s, m, w in product(range(5), range(6), range(6)):
        published = s >= 2 or (s >= 1 and m + w >= 1) or m >= 3 or (m >= 2 and w >= 1)
        assert (enough(table.rule, Counts(s, m, w)) is not None) is published, (s, m, w)


def test_more_signs_never_weaken_a_dimension(table: Indicators) -> None:
    rng = Random("more")
    for _ in range(300):
        age = rng.choice(AGES)
        listed = [s.id for s in table.signs if s.strength(age)]
        many = rng.sample(listed, rng.randrange(1, 20))
        fewer = weigh(table, age, many[1:]).dimensions
        more = weigh(table, age, many).dimensions
        assert all(b.by for a, b in zip(fewer, more, strict=True) if a.by)


def test_the_missing_fact_is_what_it_says(table: Indicators) -> None:
    """One more sign of a named strength is enough; one of another strength is not."""
    rng = Random("missing")
    met = 0
    for _ in range(80):
        age = rng.choice(AGES)
        listed = {s.id: s for s in table.signs if s.strength(age)}
        ticked = set(rng.sample(sorted(listed), rng.randrange(0, 9)))
        before = {d.no: d for d in weigh(table, age, ticked).dimensions}
        for id_ in sorted(set(listed) - ticked):
            sign = listed[id_]
            was = before[sign.dimension]
            if was.by:
                continue
            now = weigh(table, age, ticked | {id_}).dimensions[sign.dimension - 1]
            assert bool(now.by) is (sign.strength(age) in was.next)
            assert bool(now.by) is (was.missing == 1 and sign.strength(age) in was.next)
            met += bool(now.by)
    assert met > 50


def test_only_strengths_that_the_list_still_holds_are_asked_for(table: Indicators) -> None:
    """The adults' list of coercive recruitment has no weak sign."""
    two = ids(table, 2, "medium")[:2]
    assert weigh(table, "adult", two).dimensions[1].next == ("strong", "medium")


def test_one_sign_has_another_strength_for_a_child(table: Indicators) -> None:
    debt = ["D2-04", "D2-05"]
    assert weigh(table, "adult", debt).dimensions[1].by is None
    assert weigh(table, "child", debt).dimensions[1].by == "one strong and one medium"


def test_the_chapters_example_is_weighed_as_the_chapter_says(table: Indicators) -> None:
    one, two, three, *rest = weigh(
        table, "adult", ["D1-01", "D1-02", "D2-04", "D2-05", "D3-03"]
    ).dimensions
    assert one.by == "one strong and one medium"
    assert (two.by, two.missing) == (None, 1)
    assert (three.by, three.missing) == (None, 2)
    assert all(d.counts == (0, 0, 0) for d in rest)


@pytest.mark.parametrize("age", AGES)
def test_nothing_says_that_a_person_was_trafficked(table: Indicators, age: str) -> None:
    """Even with every sign ticked there are six dimensions, no total and no verdict."""
    everything = weigh(table, age, [s.id for s in table.signs if s.strength(age)])  # type: ignore[arg-type]
    assert set(Weighing.__dataclass_fields__) == {"age", "dimensions"}
    assert len(everything.dimensions) == 6
    assert "traffick" not in json.dumps(everything.to_json()).lower()


def test_signs_without_strength_cannot_be_ticked(table: Indicators) -> None:
    assert len(table.listed) == 13
    assert not {s.label for s in table.listed} & {s.label for s in table.signs}
    for id_ in ("UNODC-SX-01", "SX-01", "ILO11-01", "ILOEC-SX-01", "D9-01"):
        with pytest.raises(ValueError, match=f"no sign `{id_}` on the list for `adult`"):
            weigh(table, "adult", [id_])


def test_a_sign_of_the_other_list_is_refused(table: Indicators) -> None:
    assert weigh(table, "adult", ["D3-08"]).dimensions[2].counts == (0, 1, 0)
    with pytest.raises(ValueError, match="`D3-08` on the list for `child`"):
        weigh(table, "child", ["D3-08"])


def test_an_unknown_age_is_refused(table: Indicators) -> None:
    with pytest.raises(ValueError, match="no list for `teenager`"):
        weigh(table, "teenager", [])  # type: ignore[arg-type]


def spoiled(folder: Path, old: str, new: str) -> Path:
    shutil.copytree(ROOT / FOLDER, folder / FOLDER)
    path = folder / FOLDER / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_an_unknown_strength_is_told_with_its_line(tmp_path: Path) -> None:
    root = spoiled(tmp_path, "adult,labour,strong,", "adult,labour,heavy,")
    with pytest.raises(ValueError, match="`D1-01` has the strength `heavy`"):
        read_indicators(root)


def test_twins_with_two_labels_are_told(tmp_path: Path) -> None:
    root = spoiled(
        tmp_path,
        "child,labour,medium,Told something false about the pay",
        "child,labour,medium,Paid late",
    )
    with pytest.raises(ValueError, match="`ILOEC-D1-02-CL` has another label"):
        read_indicators(root)
