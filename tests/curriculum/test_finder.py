"""Which rule applies: what is found, in which order, and what the check refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.curriculum import Course, load
from crossings.curriculum.check import check_files
from crossings.curriculum.finder import ANY, DECISIONS, PERSONS, PLACES, find
from crossings.curriculum.load import current
from crossings.curriculum.register import STANDINGS, standing
from tests.tiny_course import FILES, write_course

FINDER = "datasets/law/finder.csv"
LAW = "datasets/law/provisions.csv"
HEAD = "provision,person,place,decision,core\n"
CORE = "LAW-1,any,any,return,yes\n"
EVERY = f"LAW-2,{';'.join(PERSONS)},{';'.join(PLACES)},{';'.join(DECISIONS)},\n"  # no word is dead


@pytest.fixture(scope="module")
def course() -> Course:
    return current()


situations = st.tuples(
    st.sampled_from(("", *PERSONS)),
    st.sampled_from(("", *PLACES)),
    st.sampled_from(("", *DECISIONS)),
)


@settings(deadline=None)  # the first example reads the whole course
@given(situations)
def test_every_situation_finds_rules_and_only_those_that_fit(asked: tuple[str, str, str]) -> None:
    course = current()
    person, place, decision = asked
    found = find(course, *asked)
    assert found
    assert len({p.id for p in found}) == len(found)
    for provision in found:
        tag = course.finder[provision.id]
        assert {ANY, person} & set(tag.person)
        assert not place or {ANY, place} & set(tag.place)
        assert not decision or decision in tag.decision


@settings(deadline=None)  # the first example reads the whole course
@given(situations)
def test_the_ban_on_return_comes_first_and_what_binds_before_what_does_not(
    asked: tuple[str, str, str],
) -> None:
    course = current()
    found = find(course, *asked)
    core = [p.id for p in found if course.finder[p.id].core]
    assert [p.id for p in found[: len(core)]] == core
    if asked[2] in ("", "return"):
        assert set(core) == {"CAT-3-1", "RC51-33-1", "ICPPED-16"}
    bound = [STANDINGS.index(standing(p)) for p in found[len(core) :]]
    assert bound == sorted(bound)


@settings(deadline=None)  # the first example reads the whole course
@given(situations, st.sampled_from(PLACES), st.sampled_from(DECISIONS))
def test_to_answer_one_more_question_never_adds_a_rule(
    asked: tuple[str, str, str], place: str, decision: str
) -> None:
    course = current()
    person, where, what = asked
    wider = {p.id for p in find(course, *asked)}
    narrower = {p.id for p in find(course, person, where or place, what or decision)}
    assert narrower <= wider
    everybody = {p.id for p in find(course, "", where, what)}
    assert everybody <= wider


def test_rules_that_speak_of_the_person_alone_come_before_rules_for_everybody(
    course: Course,
) -> None:
    binding = [p.id for p in find(course, "child", "", "detention") if standing(p) == "binding"]
    assert binding.index("CRC-37-B") < binding.index("ICCPR-9-1")


def test_rules_of_the_place_come_before_rules_for_every_place(course: Course) -> None:
    binding = [p.id for p in find(course, "child", "sea") if standing(p) == "binding"]
    assert binding.index("CRC-3") < binding.index("SAR-2110") < binding.index("ICCPR-9-1")
    first = [p.id for p in find(course, "rescued") if standing(p) == "binding"]
    assert first.index("SAR-2110") < first.index("ICCPR-9-1"), "named beside `any`: theirs first"


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        (("", "sea", "rescue"), "SAR-2110 SOLAS-V33-1 UNCLOS-98-1 SAR-132 MSC167-612"),
        (("child", "sea", "rescue"), "SAR-2110 SAR-132 CRC-3"),
        (("health", "sea", "health"), "SAR-132"),
        (("stateless", "detention", "detention"), "ICCPR-9-4 OPCAT-4 STLG-PROC CMWGC5-3"),
        (("removed", "air", "detention"), "OPCAT-4 OPCAT-4-2 ICCPR-9-3"),
        (("worker", "workplace", "documents"), "C189-9c ICRMW-21"),
        (("worker", "workplace", "work"), "C189-9a ICRMW-25-3 P29-4-1 C181-2 ICRMW-3"),
        (("worker", "", "age"), "C138-3 CRC-1"),
        (("family", "land", "asylum"), "HB-STATE HB-196 UDHR-14 CRC-22-1"),
        (("family", "", "data"), "CONFID-COO VCCR-ASYLUM CRC-16"),
        (("survivor", "inside", "data"), "CONFID-COO"),
        (("child", "air", "entry"), "ANX9-ASY CRCGC6-GUARD"),
        (("rescued", "sea", "punishment"), "RC51-31-1 SOM-5"),
        (("removed", "", "return"), "ICRMW-22-9 C143-9"),
    ],
)
def test_what_matters_is_there(course: Course, asked: tuple[str, str, str], there: str) -> None:
    assert set(there.split()) <= {p.id for p in find(course, *asked)}


@pytest.mark.parametrize(
    ("asked", "not_there"),
    [
        (("removed", "", "return"), "TIP-8-1 TIP-8-3"),  # of victims of trafficking alone
        (("child", "", "return"), "COETHB-16-2 RC51-33-2"),
        (("child", "land", "rescue"), "SAR-2110"),
        (("child", "", "detention"), "DETG-4"),  # a child is not held after an assessment
        (("", "", "work"), "ICRMW-25-3"),
    ],
)
def test_what_does_not_apply_is_not_there(
    course: Course, asked: tuple[str, str, str], not_there: str
) -> None:
    assert not set(not_there.split()) & {p.id for p in find(course, *asked)}


def test_how_far_a_rule_binds_is_read_from_its_row(course: Course) -> None:
    expected = {
        "RC51-33-1": "binding", "ANX9-RET": "binding", "ICRMW-21": "narrow", "ECHR-3": "narrow",
        "COETHB-13": "narrow", "KOR-6": "national", "RC51-33-BORDER": "reading",
        "DETG-4": "not-binding", "GCM-13": "not-binding", "UDHR-14": "not-binding",
        "AUFMP-PHASES": "not-binding", "RC51-FAM": "not-binding",
    }  # fmt: skip
    assert {id_: standing(course.law[id_]) for id_ in expected} == expected


def found(tmp_path: Path, rows: str, law: str = FILES[LAW]) -> list[str]:
    return [str(p) for p in check_files(write_course(tmp_path, {FINDER: HEAD + rows, LAW: law}))[1]]


def test_a_course_without_a_finder_has_none(tmp_path: Path) -> None:
    assert load(write_course(tmp_path)).finder == {}


def test_a_whole_finder_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, CORE + EVERY) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("LAW-7,any,any,entry,\n", "no provision in the law register `LAW-7`"),
        ("LAW-1,sailor,any,entry,\n", "finder.csv:2: `person.1st`: should be"),
        ("LAW-1,,any,entry,\n", "person"),
        (CORE.replace("yes", "") + EVERY, "no rule is marked as core"),
        (CORE + EVERY.replace("stowaway;", ""), "no rule has `stowaway` in `person`"),
        (CORE + EVERY.replace(",land;", ",any;land;"), "`any` stands beside others in `place`"),
        (EVERY + CORE.replace("return", "entry"), "is not for any person, any place and `return`"),
        (EVERY + CORE.replace("any,any", "any,air"), "is not for any person, any place"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, rows: str, told: str) -> None:
    problems = found(tmp_path, rows)
    assert any(told in problem for problem in problems), problems


def test_guidance_is_no_core_rule(tmp_path: Path) -> None:
    law = FILES[LAW].replace("States that joined,treaty", "Nobody: guidance,guideline", 1)
    assert any("does not bind by itself" in p for p in found(tmp_path, CORE + EVERY, law))


def test_an_unknown_family_is_named(tmp_path: Path) -> None:
    table = "key,name,short,family,nature,adopted,in_force,depositary\n"
    change = {"datasets/law/instruments.csv": f"{table}TREATY,A Treaty,Treaty,wrok,treaty,,,\n"}
    problems = [str(p) for p in check_files(write_course(tmp_path, change))[1]]
    assert any("no family `wrok`" in p and "`work`" in p for p in problems)
