"""What a drill showed, as tables: pandas in, pandas out, from the state that the log gives.

One row of `answers` is one person at one step, also where no answer came. All other tables are
counted from it. Only steps that were opened and people who were not removed are in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crossings.drills.naming import labels
from crossings.drills.script import Reading
from crossings.drills.state import DrillState
from crossings.drills.views import result
from crossings.items.model import PICKED, SURE

GRADES = ("good", "ok", "poor", "open", "none")
"""Right; partly right or acceptable; not right; for a person to judge; no answer."""
NO_ANSWER = "No answer"

_COLUMNS = [
    "seat", "name", "step", "title", "answer", "choice", "word", "grade", "points", "of",
    "seconds", "need", "missed", "sure",
]  # fmt: skip


def answers(state: DrillState, names: bool = True) -> pd.DataFrame:
    """Everybody at every step that was opened, without `names` by number."""
    script, rows, who = state.plan(), [], labels(state, names)
    for index in sorted(state.steps):
        step = script.steps[index]
        for seat in state.present:
            given = state.answer(index, seat.id)
            response = given.response if given else None
            outcome = result(script, index, response)
            rows.append(
                {
                    "seat": seat.id,
                    "name": who[seat.id],
                    "step": index + 1,
                    "title": step.title,
                    "answer": in_words(state, index, response),
                    "choice": (response or {}).get("choice"),
                    "word": outcome["word"],
                    "grade": outcome["grade"],
                    "points": outcome["points"],
                    "of": outcome["of"],
                    "seconds": given.seconds if given else None,
                    "need": bool(step.person and step.person.need),
                    "missed": bool(given and outcome.get("missed")),
                    "sure": (response or {}).get("sure"),
                }
            )
    return pd.DataFrame(rows, columns=_COLUMNS)


def in_words(state: DrillState, index: int, response: Mapping[str, Any] | None) -> str:
    """A response as a reader would write it."""
    if not response:
        return ""
    script = state.plan()
    step = script.steps[index]
    names = dict(script.choices(index, state.run))
    targets = {t.id: t.text for t in step.item.targets} if step.item else {}
    if "choice" in response:
        return names.get(response["choice"], "")
    if "choices" in response:
        return "; ".join(names.get(c, c) for c in response["choices"])
    if "order" in response:
        return " > ".join(names.get(c, c) for c in response["order"])
    if "pairs" in response:
        pairs = response["pairs"].items()
        return "; ".join(f"{names.get(o, o)}: {targets.get(t, t)}" for o, t in pairs)
    if "number" in response:
        return f"{response['number']:g}"
    return str(response.get("text", ""))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each as a plain dictionary."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def by_step(frame: pd.DataFrame) -> pd.DataFrame:
    """How many were right, partly right, not right or silent at each step."""
    if frame.empty:
        return pd.DataFrame(columns=["title", *GRADES, "percent", "median_seconds"])
    table = frame.groupby("step")["grade"].value_counts().unstack(fill_value=0)
    table = table.reindex(columns=list(GRADES), fill_value=0)
    grouped = frame.groupby("step")
    table.insert(0, "title", grouped["title"].first())
    table["percent"] = (100 * grouped["points"].sum() / grouped["of"].sum()).round().astype(int)
    table["median_seconds"] = grouped["seconds"].median().round(1)
    return table.rename_axis(columns=None)


def by_person(frame: pd.DataFrame) -> pd.DataFrame:
    """Points, time and missed needs of each participant, in order of arrival."""
    if frame.empty:
        return pd.DataFrame(columns=["name", "points", "of", "percent", "answered", "missed"])
    grouped = frame.groupby("seat", sort=False)
    table = pd.DataFrame(
        {
            "name": grouped["name"].first(),
            "points": grouped["points"].sum().round(2),
            "of": grouped["of"].sum(),
            "answered": grouped["seconds"].count(),
            "median_seconds": grouped["seconds"].median().round(1),
            "missed": grouped["missed"].sum(),
        }
    )
    table.insert(3, "percent", (100 * table["points"] / table["of"]).round().astype(int))
    return table


def by_objective(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """Share of the points for each objective, the weakest first."""
    script = state.plan()
    steps = {
        o: [i for i in state.steps if o in script.steps[i].objectives] for o in script.objectives
    }
    return _shares("objective", script.objectives, steps, frame)


def by_provision(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """Share of the points of the steps that rest on each provision, the weakest first."""
    script = state.plan()
    texts = {law: f"{rule.title} ({rule.where})" for law, rule in script.law.items()}
    steps = {law: [i for i in state.steps if law in script.steps[i].cites] for law in texts}
    return _shares("provision", texts, steps, frame)


def _shares(
    what: str, texts: Mapping[str, str], steps: Mapping[str, list[int]], frame: pd.DataFrame
) -> pd.DataFrame:
    """Share of the points of the `steps` that belong to each of `texts`, the weakest first."""
    rows = []
    for name, text in texts.items():
        part = frame[frame["step"].isin([i + 1 for i in steps[name]])]
        if part.empty:
            continue
        percent = round(100 * part["points"].sum() / part["of"].sum())
        rows.append({what: name, "text": text, "steps": len(steps[name]), "percent": percent})
    table = pd.DataFrame(rows, columns=[what, "text", "steps", "percent"])
    return table.sort_values("percent", kind="stable", ignore_index=True)


def confidence(frame: pd.DataFrame) -> pd.DataFrame:
    """How often people were right by how sure they said they were, the surest first.

    Only answers that a machine marks and whose author said how sure they were are counted.
    """
    told = frame[frame["sure"].isin(SURE) & frame["grade"].isin(["good", "ok", "poor"])]
    rows = []
    for level in reversed(SURE):
        part = told[told["sure"] == level]
        if part.empty:
            continue
        wrong = part[part["grade"] == "poor"]
        worst = wrong["title"].value_counts()
        rows.append(
            {
                "sure": level,
                "answers": len(part),
                "right": int((part["grade"] == "good").sum()),
                "wrong": len(wrong),
                "most_wrong": str(worst.index[0]) if len(worst) else "",
            }
        )
    return pd.DataFrame(rows, columns=["sure", "answers", "right", "wrong", "most_wrong"])


def to_read(state: DrillState, frame: pd.DataFrame, below: int = 80) -> list[tuple[Reading, str]]:
    """Chapters to read again, each with why, for objectives under `below` per cent."""
    found: dict[str, tuple[Reading, str]] = {}
    for row in records(by_objective(state, frame)):
        if row["percent"] >= below:
            continue
        for reading in state.plan().readings.get(row["objective"], ()):
            why = f"{row['objective']}: {row['text']} ({row['percent']} % of the points)"
            found.setdefault(reading.where, (reading, why))
    return list(found.values())


# Quiz


def distractors(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """Wrong options that were chosen, the strongest pull first, with the belief they stand for."""
    script, rows = state.plan(), []
    people = len(state.present)
    for index in sorted(state.steps):
        item = script.steps[index].item
        if item is None or item.kind not in PICKED:
            continue
        given = [a.response for s in state.present if (a := state.answer(index, s.id))]
        for option in (o for o in item.options if not o.correct):
            count = sum(
                option.id == g.get("choice") or option.id in g.get("choices", ()) for g in given
            )
            belief = script.beliefs.get(option.misconception or "")
            if count:
                rows.append(
                    {
                        "step": index + 1,
                        "title": item.stem,
                        "option": option.text,
                        "count": count,
                        "percent": round(100 * count / people),
                        "belief": belief.belief if belief else "",
                        "correction": belief.correction if belief else option.feedback or "",
                    }
                )
    columns = ["step", "title", "option", "count", "percent", "belief", "correction"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("count", ascending=False, kind="stable", ignore_index=True)


# Triage


def needs(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """Arriving people who needed protection: how many found it, missed it, or said nothing."""
    rows = []
    for index, part in _arrivals(state, frame, need=True):
        missed = part[part["missed"]]
        went = missed["answer"].value_counts()
        rows.append(
            {
                "step": index + 1,
                "person": part["title"].iloc[0],
                "found": int((part["grade"].isin(["good", "ok"])).sum()),
                "missed": len(missed),
                "none": int((part["grade"] == "none").sum()),
                "of": len(part),
                "sent_to": str(went.index[0]) if len(went) else "",
                "sent_count": int(went.iloc[0]) if len(went) else 0,
                "why": _person(state, index).why,
            }
        )
    columns = ["step", "person", "found", "missed", "none", "of", "sent_to", "sent_count", "why"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("missed", ascending=False, kind="stable", ignore_index=True)


def over_referrals(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """People without a need for protection who were sent to a protection service.

    A protection service is a channel that is right for somebody in this drill who has a need.
    """
    script = state.plan()
    services = {c for s in script.steps if s.person and s.person.need for c in s.person.right}
    rows = []
    for index, part in _arrivals(state, frame, need=False):
        fine = {*_person(state, index).right, *_person(state, index).acceptable}
        sent = part[part["choice"].isin(services - fine)]
        row = {"step": index + 1, "person": part["title"].iloc[0], "sent": len(sent)}
        rows.append(row | {"of": len(part)})
    return pd.DataFrame(rows, columns=["step", "person", "sent", "of"])


def confusion(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows: the right channel. Columns: what was chosen.

    Where several channels are right, a right choice stands in its own row and a wrong one in the
    row of the first.
    """
    names = {c.id: c.text for c in state.plan().channels}
    right = {i + 1: _person(state, i).right for i in state.steps}
    rows = [
        names[row["choice"] if row["choice"] in right[row["step"]] else right[row["step"]][0]]
        for row in records(frame)
    ]
    chosen = frame["choice"].map(names).fillna(NO_ANSWER)
    table = pd.crosstab(pd.Series(rows, name="right"), chosen.rename("chosen"))
    kept = [n for n in names.values() if n in set(rows)]
    return table.reindex(index=kept, columns=[*names.values(), NO_ANSWER], fill_value=0)


def by_indicator(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """For each sign that an arriving person showed: how often the referral was right."""
    rows: dict[str, list[pd.DataFrame]] = {}
    for index in state.steps:
        part = frame[frame["step"] == index + 1]
        for sign in _person(state, index).indicators:
            rows.setdefault(sign, []).append(part)
    found = []
    for sign, parts in rows.items():
        seen = pd.concat(parts)
        good = int(seen["grade"].isin(["good", "ok"]).sum())
        percent = round(100 * good / len(seen)) if len(seen) else 0
        found.append({"sign": sign, "right": good, "of": len(seen), "percent": percent})
    table = pd.DataFrame(found, columns=["sign", "right", "of", "percent"])
    return table.sort_values("percent", kind="stable", ignore_index=True)


def _arrivals(state: DrillState, frame: pd.DataFrame, need: bool) -> list[tuple[int, pd.DataFrame]]:
    wanted = (i for i in sorted(state.steps) if _person(state, i).need == need)
    parts = ((i, frame[frame["step"] == i + 1]) for i in wanted)
    return [(i, part) for i, part in parts if not part.empty]


def _person(state: DrillState, index: int) -> Any:
    return state.plan().steps[index].person


# The one sentence


def headline(state: DrillState, frame: pd.DataFrame) -> str:
    """The sentence that matters most, with its numbers."""
    if frame.empty:
        return "Nobody took part, so there is nothing to show yet."
    return _triage_line(state, frame) if state.kind == "triage" else _quiz_line(state, frame)


def _triage_line(state: DrillState, frame: pd.DataFrame) -> str:
    table = needs(state, frame)
    if table.empty:
        return "Nobody in this drill needed protection."
    worst = table.iloc[0]
    if worst["missed"]:
        line = f"{worst['missed']} of {worst['of']} would have missed a need for protection: "
        line += f"{worst['person']}. {worst['sent_count']} of them chose “{worst['sent_to']}”."
        return line
    silent = int(table["none"].sum())
    if silent:
        return f"No need for protection was missed, but {silent} referrals were never made."
    return "Nobody who needed protection was missed."


def _quiz_line(state: DrillState, frame: pd.DataFrame) -> str:
    people = len(state.present)
    pull = distractors(state, frame)
    held = pull[pull["belief"] != ""]
    if not held.empty and held.iloc[0]["count"] * 5 >= people:
        top = held.iloc[0]
        return f"{top['count']} of {people} hold a wrong belief: “{top['belief']}”"
    rows = records(by_step(frame))
    worst = max(rows, key=lambda r: r["ok"] + r["poor"] + r["none"])
    lost = worst["ok"] + worst["poor"] + worst["none"]
    if not lost:
        return f"All {people} answered every question right."
    return f"{lost} of {people} did not get this fully right: “{worst['title']}”"


# Export


def export_csv(frame: pd.DataFrame) -> str:
    """CSV that a spreadsheet opens without running anything that a participant typed."""
    safe = frame.copy()
    for column in safe.columns:
        safe[column] = safe[column].map(_inert)
    safe.columns = [_inert(c) for c in safe.columns]
    return str(safe.to_csv(index=False, lineterminator="\r\n"))


def _inert(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
    ):
        return "'" + value
    return value
