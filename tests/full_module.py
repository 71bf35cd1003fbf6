"""A module that keeps the full convention, written by a program: to break it in one place at a time.

Its texts say little; what counts is that nothing is missing. It stands on `tests.tiny_course`.
"""

from __future__ import annotations

from pathlib import Path

from tests.tiny_course import FILES, write_course

MODULE = "whole"
OBJECTIVES = {f"WH-{n}": verb for n, verb in enumerate(
    ("ask", "explain", "refer", "record", "weigh", "decide", "plan"), start=1)}  # fmt: skip
CHAPTERS = ("first-day", "second-day", "third-day", "fourth-day", "fifth-day", "sixth-day")
LAWS = tuple(f"LAW-{n}" for n in range(1, 8))
FOLDER = f"modules/{MODULE}"
PLACES = (
    "gate", "hall", "quay", "desk", "yard", "road", "ship", "bus", "bridge", "school", "farm", "shop",
    "camp", "tower", "field", "river", "kitchen", "garden", "station", "market",
)  # fmt: skip
DOINGS = (
    "look at each person", "greet the family", "write the time down", "call the doctor first",
    "bring water and bread", "wait for the right words", "keep the door open", "sit at the same table",
    "read the paper twice", "give the child a chair",
)  # fmt: skip


def prose(start: int, count: int) -> str:
    """So many different short sentences of every-day words."""
    said = []
    for n in range(start, start + count):
        place, other = PLACES[n % 20], PLACES[(n * 7 + 3) % 20]
        said.append(f"At the {place} near the {other} you {DOINGS[n % 10]} before you go on.")
    return " ".join(said)


def chapter(number: int) -> str:
    """A chapter in the shape of all chapters, about 1,000 words."""
    name, objectives = CHAPTERS[number], [*OBJECTIVES]
    taught = f"{objectives[number]} {objectives[6]}" if not number else objectives[number]
    laws = "\n".join(f"- {prose(90 * number + n, 1)[:-1]} ({{law}}`{law}`)."
                     for n, law in enumerate(LAWS[:5]))  # fmt: skip
    nevers = "\n".join(f"- Never leave the {PLACES[n]} without a word." for n in range(4))
    figure = FIGURE.format(number=number) if number < 2 else ""
    quiz = " ".join(f"q{number}-{n}" for n in range(7))
    extra = {
        0: "```{quiz} pre\n```\n\n```{worksheet} one\n```\n",
        1: "```{case} case-1\n```\n\n```{case} case-2\n```\n\n```{worksheet} two\n```\n",
        2: "```{case} case-3\n```\n\n```{case} case-4\n```\n",
        3: "```{exercise} counting\n```\n\n```{drill} live\n```\n\n```{drill} who\n```\n",
        5: "```{quiz} post\n```\n",
    }.get(number, "")
    start = 100 * number
    return f"""\
---
crossings:
  minutes: 20
---
# {name.replace("-", " ").capitalize()}

```{{objectives}} {taught}
```

## Why this matters at work

A {{term}}`handover` is short. {prose(start, 14)}

## The rule

{laws}

{prose(start + 14, 10)}

| sign | what it means |
| --- | --- |
| a letter | somebody wrote it |

{figure}
## What it looks like

{prose(start + 24, 14)}

## What to do

Call the desk: 555-0101. {prose(start + 38, 14)}

## What never to do

:::{{never}}
{nevers}
:::

## Practise

{extra}
{prose(start + 52, 8)}

## Check yourself

```{{quiz}} {quiz}
```

```{{keypoints}}
- Ask first.
- Write it down.
- Call the desk.
```

*Sources of this chapter:* the rules named above; {{src}}`DOC-1 para 3`.
"""


FIGURE = """\
```{{code-cell}} ipython3
---
mystnb:
  image:
    alt: "Two bars: the first stands for those who were asked, the second, much longer, for all others."
  figure:
    caption: "Few people were asked on the day {number}."
    name: fig-{number}
---
import matplotlib.pyplot as plt
plt.bar(["asked", "others"], [1, 9])
plt.show()
```

"""


def plan() -> str:
    """`module.yml`."""
    objectives = "".join(
        f"  - {{id: {id_}, bloom: apply, verb: {verb}, text: {verb.capitalize()} in time at a post.}}\n"
        for id_, verb in OBJECTIVES.items()
    )
    chapters = "".join(f"  - {name}\n" for name in CHAPTERS)
    pre = ", ".join(f"pre-{n}" for n in range(8))
    post = ", ".join(f"post-{n}" for n in range(10))
    return (
        f"id: {MODULE}\nconvention: full\ntitle: A whole module\nsummary: All of it.\norder: 2\n"
        f"minutes: 400\ncontent_note: You may stop.\nobjectives:\n{objectives}chapters:\n{chapters}"
        f"tests:\n  pre: [{pre}]\n  post: [{post}]\n"
    )


def items() -> str:
    """75 items of seven kinds."""
    made = [item(f"q{c}-{n}", c * 7 + n, "practice", c, KINDS[n]) for c in range(6)
            for n in range(7)]  # fmt: skip
    made += [item(f"pre-{n}", n, "pretest", n % 7) for n in range(8)]
    made += [item(f"post-{n}", n + 1, "posttest", n % 7) for n in range(10)]
    made += [item(f"d-{n}", n + 2, "drill", n % 7) for n in range(7)]
    made += [item(f"w-{n}", n + 3, "worksheet", n % 7) for n in range(8)]
    return "".join(made)


KINDS = ("single", "multiple", "order", "match", "grid", "number", "short")
WORDS = ("one", "two", "six", "ten")
ENDS = (" in spring", " in the fall", " before lunch", " after the rain")
"""Of growing length; the right option has neither the first nor the last."""
ALIKE = [place for place in PLACES if len(place) == 4]


def item(name: str, number: int, use: str, objective: int, kind: str = "single") -> str:
    """One item; the right option of a `single` moves round and is not the longest."""
    head = f"- id: {name}\n  kind: {kind}\n  stem: What comes next on this day at the post?\n"
    right = number % 4
    feedback = "This is what the rule says about it."
    if kind in ("single", "multiple"):
        ends = [e for e in ENDS if e != ENDS[1 + number // 4 % 2]]
        ends.insert(right, ENDS[1 + number // 4 % 2])
        belief = "misconception: MC-001, "
        lines = [
            f"    - {{id: o{n}, text: At the {ALIKE[(number * 3 + n * 2) % 10]}{ends[n]}, "
            f"{'correct: true, ' if n == right else belief}feedback: {feedback}}}\n"
            for n in range(4)
        ]
        head += "  options:\n" + "".join(lines)
    elif kind == "order":
        head += "  options:\n" + "".join(
            f"    - {{id: {PLACES[n]}, text: Go to the {PLACES[n]}, feedback: {feedback}}}\n"
            for n in (2, 0, 3)
        )
    elif kind in ("match", "grid"):
        head += "  options:\n" + "".join(
            f"    - {{id: o{n}, text: The {PLACES[n]}, target: t{n}, feedback: {feedback}}}\n"
            for n in range(3)
        )
        head += "  targets:\n" + "".join(
            f"    - {{id: t{n}, text: In {WORDS[n]}}}\n" for n in range(3)
        )
    elif kind == "number":
        head += "  answer: 41\n"
    else:
        head += "  accept: [a quiet room]\n"
    return (
        f"{head}  rationale: The first rule says so on page {number} of this long book of ours.\n"
        f"  objectives: [WH-{objective + 1}]\n  cites: [LAW-1]\n  use: [{use}]\n"
    )


def case(number: int) -> str:
    """Twelve decisions in a row, each with one way on."""
    nodes = "".join(
        f"""\
  n{n}:
    kind: decision
    title: Stop {n}
    text: A person stands at the {PLACES[n]}.
    question: What do you do?
    objectives: [WH-{n % 7 + 1}]
    options:
      - {{id: ask, text: Ask her at the {PLACES[n]} what she needs, grade: good, consequence: She answers., reason: Asking is the rule., cites: [LAW-1], to: {f"n{n + 1}" if n < 11 else "safe"}}}
      - {{id: send, text: Send her away from the {PLACES[n]} and call on, grade: harmful, cap: harm, consequence: She leaves., reason: You did not ask., cites: [LAW-1], to: lost}}
"""
        for n in range(12)
    )
    way = "".join(f"      - {{node: n{n}, action: choose, choice: ask}}\n" for n in range(12))
    return f"""\
id: case-{number}
title: A walk, number {number}
summary: Twelve steps.
minutes: 15
objectives: [{", ".join(OBJECTIVES)}]
role: You are the officer.
caps:
  harm: {{percent: 20, reason: Someone was put at risk., cites: [LAW-1]}}
start: n0
nodes:
{nodes}  safe: {{kind: ending, title: Safe, text: She is safe., outcome: protected}}
  lost: {{kind: ending, title: Lost, text: She is gone., outcome: harmed, score: [0, 20]}}
debrief: {{}}
walkthroughs:
  best:
    ending: safe
    percent: [100, 100]
    actions:
{way}  worst:
    ending: lost
    actions:
      - {{node: n0, action: choose, choice: send}}
"""


GUIDE = """\
# Trainer's guide: a whole module

## Half a day

Begin at nine with the test.

## Two days

Begin at nine with the test, and sleep between.

## Room set-up

Six tables.

## Debrief questions

- Who was missed?

## Objections and answers

**"No time."** The rule is short ({law}`LAW-1`).

## Marking guide

Look for facts.

## Handouts

:::{handout} Five questions
Ask them in this order.
:::

## Role cards

:::{rolecard} The officer
You are tired.
:::

:::{rolecard} The traveller
You say little.
:::
"""

DRILLS = {
    "live": "id: live\nkind: quiz\ntitle: Live\nintro: Answer on your phone.\nminutes: 5\n"
    f"objectives: [{', '.join(OBJECTIVES)}]\nsteps:\n"
    + "".join(f"  - {{item: d-{n}, talk: Why?}}\n" for n in range(7)),
    "who": """\
id: who
kind: triage
title: Who goes where
intro: Send each person on.
minutes: 10
objectives: [WH-3]
channels:
  - {id: entry, text: Let in}
  - {id: help, text: Call the service}
arrivals:
  - {id: one, name: Ana, seen: A woman with a bag., says: I am late., documents: A passport., right: [entry], need: false, why: Nothing points to a need., objectives: [WH-3], cites: [LAW-1]}
  - {id: two, name: Ben, seen: A boy alone., says: I wait., documents: None., right: [help], need: true, why: A child alone has a need., objectives: [WH-3], cites: [LAW-1]}
""",
}
SHEET = """\
id: {id}
title: A sheet
minutes: 20
intro: Read, then answer.
objectives: [WH-1]
parts:
{parts}"""
NOTEBOOK = (
    '{"nbformat": 4, "nbformat_minor": 5, "metadata": {"crossings": {"objectives": ["WH-4", "WH-5"]}},'
    ' "cells": []}'
)
SETTING = """\
id: region
name: A region
summary: Invented.
fictional_notice: Nothing here exists.
countries:
  north: {name: North, people: Northerners, kind: country, capital: Town, sheet: A short sheet.}
contacts:
  - {who: The desk, number: 555-0101, when: always}
"""


def files() -> dict[str, str]:
    """Every file of the module, and what it needs of the course."""
    law = FILES["datasets/law/provisions.csv"] + "".join(
        f"LAW-{n},TREATY,Art. {n},Rule {n},Officers must act.,States that joined,treaty,t,,,verified,"
        "primary text,2026-01-01\n"
        for n in range(3, 8)
    )
    sheets = {
        name: SHEET.format(id=name, parts="".join(f"  - item: w-{n}\n" for n in which))
        for name, which in (("one", range(4)), ("two", range(4, 8)))
    }
    return {
        "datasets/law/provisions.csv": law,
        "modules/setting/setting.yml": SETTING,
        f"{FOLDER}/module.yml": plan(),
        f"{FOLDER}/items.yml": items(),
        f"{FOLDER}/trainer-guide.md": GUIDE,
        f"{FOLDER}/glossary.yml": "".join(
            f"- term: {word}\n  meaning: A word.\n  cites: [LAW-1]\n"
            for word in ("handover", *(f"zebra{n}" for n in "abcdefghijk"))
        ),
        **{f"{FOLDER}/{CHAPTERS[n]}.md": chapter(n) for n in range(6)},
        **{f"{FOLDER}/cases/case-{n}.yml": case(n) for n in range(1, 5)},
        **{f"{FOLDER}/drills/{name}.yml": text for name, text in DRILLS.items()},
        **{f"{FOLDER}/worksheets/{name}.yml": text for name, text in sheets.items()},
        "exercises/source/counting/counting.ipynb": NOTEBOOK,
        f"docs/reviews/{MODULE}-chapters.md": "# Review\n",
    }


def write_full(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the small course with the whole module; `changes` replaces files, or leaves out."""
    return write_course(root, dict(files()) | (changes or {}))
