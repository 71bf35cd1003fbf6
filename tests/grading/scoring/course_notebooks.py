"""What the course's data notebooks promise, and typical mistakes with the points that they keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    otherwise: Mapping[str, str]
    """Cells answered in another sound way, which earns as much."""
    also: Mapping[str, str] = field(default_factory=dict)
    """And in one more, where a test could be narrower than its task."""
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
            "on its first day a treaty is not yet in force": Slip(
                {"bound": changed(WHO, "bound", ("in_force > day", "in_force >= day"))},
                {"bound-check": 0},
            ),
            "a missing date is no age at all": Slip(
                {
                    "age": changed(
                        WHO,
                        "age",
                        ("day.month - then.dt.month", "(day.month - then.dt.month).fillna(0)"),
                    ).replace(
                        "return (day.year - then.dt.year)",
                        "return (day.year - then.dt.year).fillna(0)",
                    )
                },
                {"age-check": 0},
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
        otherwise={
            "grid": "def grid(table, countries, treaties):\n"
            "    rows = {}\n"
            "    for state in countries['country']:\n"
            "        own = table[table['country'] == state].set_index('instrument')['joined']\n"
            "        rows[state] = [own.get(key, NOTHING) for key in treaties['instrument']]\n"
            "    return pd.DataFrame.from_dict(\n"
            "        rows, orient='index', columns=list(treaties['instrument']))\n"
            "overview = grid(ratifications, countries, treaties)\n"
            "empty = [s for s in overview.index if set(overview.loc[s]) == {NOTHING}]",
            "counts": "def counts(table, treaties):\n"
            "    rows = []\n"
            "    for _, one in treaties.iterrows():\n"
            "        found = (table['instrument'] == one['instrument']).sum()\n"
            "        known = isinstance(one['as_of'], str)\n"
            "        rows.append([found, one['as_of'] if known else 'date not known'])\n"
            "    return pd.DataFrame(rows, columns=['states', 'as_of'],\n"
            "                        index=list(treaties['instrument']))\n"
            "seen = counts(ratifications, treaties).sort_values('states', ascending=False)",
            "bound": "def on_day(table, instruments, day):\n"
            "    start = dict(zip(instruments['key'], instruments['in_force']))\n"
            "    def one(row):\n"
            "        if row['first'] > pd.Timestamp(day):\n"
            "            return 'later'\n"
            "        if row['last'] > pd.Timestamp(day):\n"
            "            return 'year only'\n"
            "        late = pd.Timestamp(start[row['instrument']]) > pd.Timestamp(day)\n"
            "        return 'not in force' if late else 'joined, in force'\n"
            "    return table.apply(one, axis=1)\n"
            "def joined_early(table, instruments):\n"
            "    both = table.merge(instruments, left_on='instrument', right_on='key')\n"
            "    early = both[both['last'] < pd.to_datetime(both['in_force'])]\n"
            "    return early['instrument'].value_counts()\n"
            "early = joined_early(joined, instruments)",
            "chart": "figure, ax = plt.subplots()\n"
            "ax.bar([k + '\\n(' + d + ')' for k, d in zip(seen.index, seen['as_of'])],\n"
            "       seen['states'])\n"
            "for i, n in enumerate(seen['states']):\n"
            "    ax.text(i, n, str(n))\n"
            "ax.set(xlabel='treaty', ylabel='States', title='63 States: evidence seen')",
        },
        also={
            "dates": "def with_days(table):\n"
            "    rows = []\n"
            "    for text in table['joined']:\n"
            "        full = len(text) == 10\n"
            "        both = ['', ''] if full else ['-01-01', '-12-31']\n"
            "        ends = [pd.Timestamp(text + end) for end in both]\n"
            "        rows.append(['day' if full else 'year', *ends])\n"
            "    names = ['known', 'first', 'last']\n"
            "    return table.join(pd.DataFrame(rows, columns=names, index=table.index))\n"
            "joined = with_days(ratifications)",
            "age": "def age(treaties, day):\n"
            "    now = pd.Timestamp(day)\n"
            "    then = pd.to_datetime(treaties.set_index('instrument')['as_of'])\n"
            "    years = now.year - then.dt.year\n"
            "    return (years * 12 + now.month - then.dt.month).astype('Int64')",
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
            "a date before the arrival is repaired": Slip(
                {
                    "clean": changed(
                        CLOCK, "clean", ("minutes < 0)", "minutes < 0, minutes + 24 * 60)")
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
        otherwise={
            "kept": "def kept(minutes, limit):\n"
            "    known = [m for m in minutes if m == m]\n"
            "    good = [m for m in known if m <= limit]\n"
            "    n = len(minutes)\n"
            "    return {'people': n, 'written': len(known), 'kept': len(good),\n"
            "            'share': len(good) / len(known), 'lowest': len(good) / n,\n"
            "            'highest': 1 - (len(known) - len(good)) / n}\n"
            "information = kept(people['info_min'], 30)\n"
            "form = kept(people['e1_min'], 120)",
            "steps": "def steps(needs, people):\n"
            "    arrived = people.set_index('record_id')['arrived']\n"
            "    start = needs['record_id'].map(arrived)\n"
            "    hours = (needs['received_at'] - start) / pd.Timedelta('1h')\n"
            "    rows = {}\n"
            "    for need in needs['need'].unique():\n"
            "        own = needs[needs['need'] == need]\n"
            "        rows[need] = {'in_time': (hours[own.index] <= 12).sum(), 'noted': len(own),\n"
            "                      'called': own['referred'].count(),\n"
            "                      'received': (own['received'] == 'yes').sum()}\n"
            "    return pd.DataFrame(rows).T\n"
            "def taken_over(needs):\n"
            "    table = pd.crosstab(needs['handover'], needs['received'])\n"
            "    table['called'] = needs['handover'].value_counts()\n"
            "    table['known'] = table['yes'] + table['no']\n"
            "    return table.assign(share=table['yes'] / table['known'])\n"
            "lost = steps(needs, people)\n"
            "handover = taken_over(needs)",
            "compare": "def compare(table, by, least=20):\n"
            "    table = table.assign(good=(table['info_min'] <= 30).astype(float))\n"
            "    groups = table[table['info_min'].notna()].groupby(by)['good']\n"
            "    out = pd.DataFrame({'written': groups.count(), 'kept': groups.sum(),\n"
            "                        'share': groups.mean()})\n"
            "    out.loc[out['written'] < least, 'share'] = None\n"
            "    return out\n"
            "def gap(table, shifts):\n"
            "    good = {}\n"
            "    for post in ('North Quay', 'Tarn Gate'):\n"
            "        own = table[(table['post'] == post) & table['shift'].isin(shifts)]\n"
            "        good[post] = (own['info_min'].dropna() <= 30).mean()\n"
            "    return good['North Quay'] - good['Tarn Gate']\n"
            "posts = compare(people, ['post'])\n"
            "posts_and_shifts = compare(people, ['post', 'shift'])\n"
            "gap_all, gap_night = gap(people, ['day', 'night']), gap(people, ['night'])",
            "chart": "figure, ax = plt.subplots()\n"
            "sums = [lost[c].sum() for c in ('noted', 'called', 'received', 'in_time')]\n"
            "ax.bar_label(ax.barh(['noted', 'called', 'received', 'in time'], sums))\n"
            "ax.set(xlabel='needs', ylabel='step', title='Synthetic: needs by step')",
        },
        also={
            "middle": "def middle(table, column, by):\n"
            "    groups = table.dropna(subset=[column]).groupby(by)[column]\n"
            "    return pd.DataFrame({'mean': groups.mean(), 'median': groups.median(),\n"
            "                         'written': groups.size()})\n"
            "by_shift = middle(people, 'e1_min', 'shift')\n"
            "by_interpreter = middle(people, 'e1_min', 'interpreter')",
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
            "one month of wage is more than one": Slip(
                {"fee": changed(JOB, "fee", ('known["months"] > 1', 'known["months"] >= 1'))},
                {"fee-groups": 0},
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
        otherwise={
            "fee": "def fee_in_months(table):\n"
            "    return table.apply(lambda row: row['fee'] / row['paid_wage'], axis=1)\n"
            "def fee_by(table, column):\n"
            "    months = fee_in_months(table)\n"
            "    rows = {}\n"
            "    for name in table[column].unique():\n"
            "        own = months[table[column] == name].dropna()\n"
            "        rows[name] = [own.median(), len(own), sum(own > 1) / len(own)]\n"
            "    return pd.DataFrame.from_dict(\n"
            "        rows, orient='index', columns=['median', 'known', 'above_one'])\n"
            "by_channel = fee_by(workers, 'channel')",
            "debt": "def debt(loan, interest, instalment, months):\n"
            "    line = []\n"
            "    while len(line) < months:\n"
            "        loan = loan + round(loan * interest / 100) - instalment\n"
            "        loan = loan if loan > 0 else 0\n"
            "        line.append(loan)\n"
            "    return line\n"
            "def free_after(loan, interest, instalment, longest=240):\n"
            "    line = debt(loan, interest, instalment, longest)\n"
            "    return line.index(0) + 1 if 0 in line else None",
            "licence": "def licence_check(table):\n"
            "    rows = {}\n"
            "    for name, own in table.groupby('licence'):\n"
            "        holder = own['passport_held_by'].dropna()\n"
            "        rows[name] = {'workers': len(own), 'paid': (own['fee'] > 149).mean(),\n"
            "                      'swapped': (own['substituted'] == 'yes').mean(),\n"
            "                      'kept': holder.isin(['employer', 'agent']).mean()}\n"
            "    return pd.DataFrame(rows).T\n"
            "licences = licence_check(workers)",
            "chart": "figure, ax = plt.subplots()\n"
            "names = [f'{k}: {int(n)}' for k, n in by_channel['known'].items()]\n"
            "ax.bar_label(ax.barh(names, by_channel['median']), fmt='%.2f')\n"
            "ax.set(xlabel='months', ylabel='way', title='Synthetic data: fee in months of wage')",
        },
        also={
            "free": "def months_free(table):\n"
            "    def one(row):\n"
            "        if not row['loan'] > 0:\n"
            "            return float('nan')\n"
            "        return free_after(row['loan'], row['interest'], row['instalment'])\n"
            "    return table.apply(one, axis=1)\n"
            "def by_lender(table):\n"
            "    groups = table[table['loan'] > 0].assign(m=months_free).groupby('lender')['m']\n"
            "    never = groups.apply(lambda months: months.isna().sum())\n"
            "    return pd.DataFrame(\n"
            "        {'loans': groups.size(), 'never': never, 'median': groups.median()})\n"
            "lenders = by_lender(workers)",
            "contract": "def swapped(table, column):\n"
            "    rows = {}\n"
            "    for name, own in table.groupby(column):\n"
            "        yes = own[own['substituted'] == 'yes']\n"
            "        cut = (yes['promised_wage'] - yes['contract_wage']).median()\n"
            "        rows[name] = {'workers': len(own), 'cut': cut, 'share': len(yes) / len(own)}\n"
            "    return pd.DataFrame(rows).T\n"
            "contracts = swapped(workers, 'contract_before')",
        },
    ),
}
