"""The course as shipped: it loads, passes its own check, and its parts are as large as promised."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from crossings.cases.model import Case, Decision, Ending, Interview, Search, Triage
from crossings.curriculum import Course, current
from crossings.curriculum.check import check
from crossings.grading.awards import rule
from crossings.grading.release import assignments
from crossings.workspace import ROOT
from tests.reading import read_yaml


@pytest.fixture(scope="module")
def course() -> Course:
    return current()


def test_the_course_has_no_problem(course: Course) -> None:
    # What the quick check has no time to prove is for `./course check --deep`.
    assert [str(p) for p in check(course) if p.code != "state-bound"] == []


def test_every_objective_is_taught_practised_assessed_and_drilled(course: Course) -> None:
    for objective in course.objectives:
        hows = {use.how for use in course.objective_uses[objective]}
        assert hows >= {"taught", "practised", "assessed"}, objective


def test_only_facts_that_were_seen_or_are_well_known_are_taught(course: Course) -> None:
    for id_ in course.law_uses:
        assert course.law[id_].confidence in ("verified", "well-known")


def test_no_two_people_of_the_region_are_called_almost_alike(course: Course) -> None:
    assert course.setting is not None
    names = [person.name for person in course.setting.people.values()]
    pairs = combinations(names, 2)
    alike = [(a, b) for a, b in pairs if SequenceMatcher(None, a, b).ratio() > 0.72]
    assert not alike


def decisions(case: Case) -> int:
    return sum(isinstance(n, (Decision, Interview, Search, Triage)) for n in case.nodes.values())


def test_cases_are_as_deep_as_promised(course: Course) -> None:
    for module in course.modules.values():
        for case in module.cases.values():
            kinds = {type(n) for n in case.nodes.values()}
            assert decisions(case) >= 14
            assert {Interview, Search, Triage} <= kinds
            assert sum(isinstance(n, Ending) for n in case.nodes.values()) >= 4
            assert any(not v.visible for v in case.variables.values())
            assert case.rules


def test_who_is_asked_is_among_the_people_of_the_stop(course: Course) -> None:
    """Else the player has a portrait without letters beside each answer."""
    for module in course.modules.values():
        for case in module.cases.values():
            for name, node in case.nodes.items():
                if isinstance(node, Interview):
                    assert node.person in node.people, f"{case.id}.{name}"


def test_every_decision_is_between_three_or_more(course: Course) -> None:
    for module in course.modules.values():
        for case in module.cases.values():
            for name, node in case.nodes.items():
                if isinstance(node, Decision):
                    assert len(node.options) >= 3, f"{case.id}.{name}"


def test_the_bank_has_forty_items_of_six_kinds(course: Course) -> None:
    for module in course.modules.values():
        assert len(module.items) >= 40
        assert len({i.kind for i in module.items.values()}) >= 6


def test_a_module_has_a_quiz_drill_and_a_triage_drill(course: Course) -> None:
    for module in course.modules.values():
        assert {d.kind for d in module.drills.values()} >= {"quiz", "triage"}


def test_no_file_of_the_project_names_a_machine() -> None:
    """Paths of somebody's machine in content would be wrong on every other."""
    for folder in ("book", "modules", "datasets", "exercises/source", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".md", ".yml", ".csv", ".json", ".ipynb"):
                text = path.read_text(encoding="utf-8")
                assert "/home/" not in text, path
                assert "C:\\Users" not in text, path


def test_every_page_of_the_table_of_contents_exists() -> None:
    toc = read_yaml(ROOT / "_toc.yml")
    files = [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]
    for name in files:
        assert Path(ROOT / f"{name}.md").is_file(), name


def test_certificates_ask_for_what_the_course_has(course: Course) -> None:
    """Why so: docs/decisions/0041-what-certificates-ask.md."""
    found, wrong = rule.read(course)
    assert found is not None and wrong == ()
    asks = {award.id: {need.assignment for need in award.needs} for award in found.awards}
    sheets = {id_: set(module.worksheets) for id_, module in course.modules.items()}
    for id_, module in course.modules.items():
        if module.file.convention == "full":
            assert asks[id_] == sheets[id_], id_
    every = set().union(*sheets.values())
    assert asks["mixed-migration"] == every
    assert asks["migration-data"] == set(assignments(course)) - every


def test_each_case_says_what_a_rule_under_a_reason_stands_for(course: Course) -> None:
    """Many rules support an aim and not the way of doing it; a learner is told so."""
    for module in course.modules.values():
        for case in module.cases.values():
            assert "A rule under a reason shows what is protected." in case.role, case.id
