"""What the course's data notebooks promise, and typical mistakes with the points that they keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossings.grading.scoring import reference

SOURCES = Path(__file__).resolve().parents[3] / "exercises" / "source"


@dataclass(frozen=True)
class Slip:
    """A typical mistake: cells with other answers, and the points that their tests then give."""

    answers: Mapping[str, str]
    gives: Mapping[str, float]


@dataclass(frozen=True)
class Assignment:
    objectives: frozenset[str]
    copies: Mapping[str, str]
    """Each file beside the notebook, and the dataset that it is a copy of."""
    slips: Mapping[str, Slip]
    points: int = 20
    automatic: int = 14


def changed(name: str, cell: str, *pairs: tuple[str, str]) -> str:
    """The solution of a cell, with parts of it written in another way."""
    source = next(
        "".join(one["source"]) for one in source_of(name)["cells"] if grade(one)["grade_id"] == cell
    )
    for old, new in pairs:
        assert old in source, (name, cell, old)
        source = source.replace(old, new)
    return source


def source_of(name: str) -> dict[str, Any]:
    return reference.read_source(SOURCES / name / f"{name}.ipynb")


def grade(cell: Mapping[str, Any]) -> dict[str, Any]:
    return dict(cell["metadata"]["nbgrader"])


WHO, CLOCK, JOB = "who-joined-what", "the-procedure-clock", "what-a-job-costs"
ASSIGNMENTS = {
    WHO: Assignment(
        objectives=frozenset({"IL-1", "IL-10"}),
        copies={
            "ratifications.csv": "ratifications",
            "countries.csv": "ratifications",
            "treaties.csv": "ratifications",
            "instruments.csv": "law",
        },
        slips={
            "pandas invents the first of January": Slip(
                {
                    "dates": "def with_days(table):\n"
                    "    day = pd.to_datetime(table['joined'], format='mixed')\n"
                    "    return table.assign(known='day', first=day, last=day)\n"
                    "joined = with_days(ratifications)"
                },
                {"dates-known": 0, "dates-ends": 0},
            ),
            "a State without rows is forgotten": Slip(
                {
                    "grid": changed(
                        WHO,
                        "grid",
                        ('wide.reindex(index=countries["country"], ', "wide.reindex("),
                    )
                },
                {"grid-check": 0},
            ),
            "the numbers of today are written down": Slip(
                {
                    "counts": "def counts(table, treaties):\n"
                    "    found = {'CRC': 61, 'CAT': 55, 'TIP': 50, 'RC51': 45, 'RP67': 44,\n"
                    "             'SOM': 41, 'ICRMW': 23, 'OAU69': 13, 'C97': 12, 'C189': 11,\n"
                    "             'C143': 5}\n"
                    "    out = treaties.set_index('instrument')[['as_of']]\n"
                    "    return out.fillna('date not known').assign(states=pd.Series(found))\n"
                    "seen = counts(ratifications, treaties).sort_values('states', ascending=False)"
                },
                {"counts-states": 0},
            ),
            "the chart says who has not joined": Slip(
                {
                    "chart": changed(
                        WHO, "chart", ("Evidence of joining seen,", "Evidence: who has not joined,")
                    )
                },
                {"chart-words": 0},
            ),
        },
    ),
    CLOCK: Assignment(
        objectives=frozenset({"PB-2", "PB-3", "PB-9"}),
        copies={"arrivals.csv": "border-referrals", "needs.csv": "border-referrals"},
        slips={
            "an empty time is no wait at all": Slip(
                {
                    "clean": changed(
                        CLOCK, "clean", ("minutes.mask(minutes < 0)", "minutes.fillna(0).abs()")
                    )
                },
                {"clean-minutes": 0},
            ),
            "people typed in twice count twice": Slip(
                {"clean": changed(CLOCK, "clean", ('raw.drop_duplicates("record_id")', "raw"))},
                {"clean-rows": 0, "steps-check": 1},
            ),
            "what nobody wrote down is a no": Slip(
                {"steps": changed(CLOCK, "steps", ('("received", "count")', '("need", "size")'))},
                {"steps-handover": 0},
            ),
            "thirty people are compared with three hundred": Slip(
                {"compare": changed(CLOCK, "compare", ('.mask(out["written"] < least)', ""))},
                {"compare-table": 0},
            ),
            "the numbers of this quarter are written down": Slip(
                {
                    "middle": "def middle(table, column, by):\n"
                    "    names = {'shift': ['day', 'night'],\n"
                    "             'interpreter': ['companion', 'independent', 'none']}[by]\n"
                    "    found = {'written': 202, 'median': 93.0, 'mean': 114.529703}\n"
                    "    return pd.DataFrame(found, index=names)\n"
                    "by_shift = middle(people, 'e1_min', 'shift')\n"
                    "by_interpreter = middle(people, 'e1_min', 'interpreter')"
                },
                {"middle-check": 0},
            ),
        },
    ),
    JOB: Assignment(
        objectives=frozenset({"LM-3", "LM-4"}),
        copies={"recruitment_costs.csv": "recruitment-costs"},
        slips={
            "the fee is set against the promise": Slip(
                {"fee": changed(JOB, "fee", ('table["paid_wage"]', 'table["promised_wage"]'))},
                {"fee-months": 0},
            ),
            "the instalment goes off before the interest comes": Slip(
                {
                    "debt": changed(
                        JOB,
                        "debt",
                        ("        owed += round(owed * interest / 100)\n", ""),
                        (
                            "owed = max(0, owed - instalment)\n",
                            "owed = max(0, owed - instalment)\n"
                            "        owed += round(owed * interest / 100)\n",
                        ),
                    )
                },
                {"debt-line": 2 * 2 / 7, "debt-free": 0},
            ),
            "where nobody asked, the passport is kept": Slip(
                {
                    "licence": changed(
                        JOB, "licence", ('table.dropna(subset=["passport_held_by"])', "table")
                    )
                },
                {"licence-table": 0},
            ),
            "the numbers of this file are written down": Slip(
                {
                    "contract": "def swapped(table, column):\n"
                    "    found = {'workers': [417, 223], 'share': [0.141487, 0.529148],\n"
                    "             'cut': [220.0, 230.0]}\n"
                    "    return pd.DataFrame(found, index=['yes', 'no'])\n"
                    "contracts = swapped(workers, 'contract_before')"
                },
                {"contract-check": 0},
            ),
        },
    ),
}
