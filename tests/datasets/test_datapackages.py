"""The datasets as data: every package validates, and the tables agree with each other."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from frictionless import validate

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
PACKAGES = sorted(DATASETS.glob("*/datapackage.json"))
REGIONAL = {
    "COETHB",
    "EU36",
    "EU1712",
    "OAU69",
    "ISTC",
    "ECHR",
    "ECHRP4",
    "CV108",
    "ACHPR",
    "ACRWC",
    "KC09",
    "ACHR",
    "AUFMP",
    "ECOWAS",
    "EACCMP",
    "IGADFMP",
    "SADC",
    "EUSCR",
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATASETS / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def described(package: Path) -> Any:
    return json.loads(package.read_text(encoding="utf-8"))


def test_the_datasets_of_the_module_are_there() -> None:
    names = {package.parent.name for package in PACKAGES}
    assert names >= {
        "law",
        "sources",
        "migration-figures",
        "trafficking-indicators",
        "screening-records",
        "ratifications",
        "recruitment-costs",
        "border-referrals",
    }


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.parent.name)
def test_package_validates(package: Path) -> None:
    report = validate(package)
    assert report.valid, report.flatten(["title", "fieldName", "rowNumber", "message"])


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.parent.name)
def test_package_is_fully_described(package: Path) -> None:
    data = described(package)
    assert data["name"] == package.parent.name
    assert data["title"] and data["description"] and data["licenses"] and data["sources"]
    assert (package.parent / "README.md").is_file()
    for resource in data["resources"]:
        for field in resource["schema"]["fields"]:
            assert field.get("description"), f"{resource['path']}: {field['name']}"


def test_synthetic_datasets_are_known_and_say_so() -> None:
    synthetic = {p.parent.name for p in PACKAGES if described(p)["crossings"]["synthetic"]}
    assert synthetic == {"border-referrals", "recruitment-costs", "screening-records"}
    for name in synthetic:
        title = described(DATASETS / name / "datapackage.json")["title"]
        assert "synthetic" in title.lower()


def test_every_citation_of_a_misconception_is_in_the_register() -> None:
    known = {row["id"] for row in rows("law/provisions.csv")}
    for row in rows("law/misconceptions.csv"):
        missing = set(row["cites"].split(";")) - known
        assert not missing, f"{row['id']}: {missing}"


def test_rules_keep_their_limits() -> None:
    for row in rows("law/provisions.csv"):
        where = row["id"]
        assert 1 <= len(row["title"].split()) <= 7, where
        if row["instrument"] in REGIONAL:
            assert re.search(r"^(Only|Nobody)|guidance", row["binds"]), (
                f"{where}: say whom it binds"
            )
        if row["force"] in ("guideline", "non-binding"):
            assert row["author"], f"{where}: guidance keeps its author"
        if re.match(r"Text not seen|Summary by others", row["verified_by"]):
            assert row["confidence"] == "well-known", where


def test_nearly_every_rule_names_a_common_mistake() -> None:
    """Only rows that describe a text, and goals of a compact, have none to name."""
    register = rows("law/provisions.csv")
    assert sum(bool(row["mistake"]) for row in register) >= 0.85 * len(register)
    for row in register:
        assert not row["mistake"] or row["mistake"][-1] in ".?", row["id"]
        assert row["mistake"] not in row["paraphrase"] or not row["mistake"], row["id"]


def test_nothing_that_the_sources_leave_open_is_in_the_register() -> None:
    """Punishments in Tanzanian law, and whether its Acts apply in Zanzibar."""
    ids = {row["id"] for row in rows("law/provisions.csv")}
    assert not ids & {"TZTIP-PEN", "TZTIP-UNION", "TENPP-2016-NAMES"}
    for name in ("law/provisions.csv", "ratifications/countries.csv"):
        for row in rows(name):
            assert not any("Zanzibar" in value for value in row.values()), row


def test_a_text_that_is_not_in_force_binds_nobody() -> None:
    dates = {row["key"]: row for row in rows("law/instruments.csv")}
    for row in rows("law/provisions.csv"):
        instrument = dates[row["instrument"]]
        if instrument["nature"] == "treaty" and not instrument["in_force"]:
            assert row["binds"].startswith("Nobody yet"), row["id"]


def test_the_date_of_the_data_stands_with_each_treaty_that_somebody_joined() -> None:
    """A blank cell is absent: no row may say that a State is not a party."""
    dates = {row["instrument"]: row["as_of"] for row in rows("ratifications/treaties.csv")}
    keys = {row["key"] for row in rows("law/instruments.csv")}
    assert set(dates) <= keys
    for row in rows("ratifications/ratifications.csv"):
        assert row["as_of"] == dates[row["instrument"]], row
        assert row["joined"] and row["seen"], row
        # Deposits after the date of the data would come from somewhere else.
        assert not row["as_of"] or row["joined"][:7] <= row["as_of"], row


def test_readings_of_a_treaty_name_their_author_in_the_text_or_beside_it() -> None:
    for row in rows("law/provisions.csv"):
        if re.search(
            r"\b(UNHCR|Committees?) (reads|holds|holds that|accepts)\b", row["paraphrase"]
        ):
            assert row["author"], row["id"]


def test_no_machine_or_scraping_path_is_printed() -> None:
    pattern = re.compile(r"https?://|github\.com|\.md\b|BWBV|scribd|/work|file id", re.IGNORECASE)
    for name in ("law/provisions.csv", "law/instruments.csv", "sources/sources.csv"):
        for row in rows(name):
            for column, value in row.items():
                assert not pattern.search(value), f"{name} {column}: {value}"


def test_figures_name_a_source_of_the_bibliography() -> None:
    known = {row["id"] for row in rows("sources/sources.csv")}
    figures = rows("migration-figures/figures.csv")
    assert {row["source"] for row in figures} <= known
    for row in figures:
        assert row["caution"] or row["quality"] not in ("estimate", "target"), row["id"]


def test_indicators_name_a_source_and_the_rule_holds() -> None:
    known = {row["id"] for row in rows("sources/sources.csv")}
    indicators = rows("trafficking-indicators/indicators.csv")
    assert {row["source"] for row in indicators} <= known
    for row in indicators:
        graded = row["strength"] != "not graded"
        assert graded == row["set"].startswith("ilo-ec"), row["id"]
    for row in rows("trafficking-indicators/decision_rule.csv"):
        s, m, w = (int(row[k]) for k in ("strong", "medium", "weak"))
        positive = s >= 2 or (s >= 1 and m + w >= 1) or m >= 3 or (m >= 2 and w >= 1)
        assert positive == (row["dimension_positive"] == "yes"), row["combination"]
