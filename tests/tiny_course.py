"""A small but whole course, written to a folder: for tests that must not lean on real content."""

from __future__ import annotations

from pathlib import Path

FILES: dict[str, str] = {
    "datasets/law/provisions.csv": (
        "id,instrument,article,title,paraphrase,binds,force,theme,mistake,author,confidence,"
        "verified_by,reviewed\n"
        "LAW-1,TREATY,Art. 1,First rule,Officers must ask.,States that joined,treaty,t,,,"
        "verified,primary text,2026-01-01\n"
        "LAW-2,TREATY,Art. 2,Second rule,Officers may wait.,States that joined,treaty,t,,,"
        "verified,primary text,2026-01-01\n"
    ),
    "datasets/law/instruments.csv": (
        "key,name,short,nature,adopted,in_force,depositary\nTREATY,A Treaty,Treaty,treaty,,,\n"
    ),
    "datasets/law/misconceptions.csv": (
        "id,belief,correction,at_work,cites\nMC-001,Wrong belief,Right view,Matters,LAW-1\n"
    ),
    "datasets/sources/sources.csv": (
        "id,author,year,title,publisher,symbol,note\nDOC-1,Someone,2009,A document,,,\n"
    ),
    "datasets/numbers/datapackage.json": (
        '{"name": "numbers", "title": "Numbers", "resources": [{"path": "numbers.csv"}]}'
    ),
    "datasets/numbers/numbers.csv": "a,b\n1,2\n",
    "modules/demo/module.yml": """\
id: demo
title: A demo module
summary: Small.
order: 1
minutes: 20
objectives:
  - id: DE-1
    bloom: apply
    verb: ask
    text: Ask the right question.
chapters:
  - first
tests:
  pre: [pre-1]
  post: [post-1]
""",
    "modules/demo/first.md": """\
---
crossings:
  minutes: 5
---
# First chapter

```{objectives} DE-1
```

Officers must ask {law}`LAW-1`, and {law}`may wait <LAW-2>`; see {src}`DOC-1 para 3`.

```{quiz} q-1
```

```{case} walk
```

```{worksheet} sheet
```

```{dataset} numbers
```

```{drill} live
```
""",
    "modules/demo/items.yml": "".join(
        f"""\
- id: {name}
  kind: single
  stem: What do you do first?
  options:
    - {{id: a, text: Ask, correct: true, feedback: Yes.}}
    - {{id: b, text: Leave, feedback: "No.", misconception: MC-001}}
  rationale: Asking comes first.
  objectives: [DE-1]
  cites: [LAW-1]
  use: [{use}]
"""
        for name, use in (
            ("q-1", "practice"),
            ("pre-1", "pretest"),
            ("post-1", "posttest"),
            ("d-1", "drill"),
            ("ws-1", "worksheet"),
        )
    )
    + """\
- id: ws-2
  kind: text
  stem: What would you write in the log?
  rubric:
    - {id: facts, text: Names the facts, points: 2}
  rationale: Facts help those who read it next.
  objectives: [DE-1]
  cites: [LAW-2]
  points: 2
  use: [worksheet]
""",
    "modules/demo/cases/walk.yml": """\
id: walk
title: A short walk
summary: Two steps.
minutes: 5
objectives: [DE-1]
role: You are the officer.
caps:
  harm: {percent: 20, reason: Someone was put at risk., cites: [LAW-1]}
start: gate
nodes:
  gate:
    kind: decision
    title: At the gate
    text: A person stands at the gate.
    question: What do you do?
    objectives: [DE-1]
    options:
      - {id: ask, text: Ask her at the gate what she needs today, grade: good, consequence: She answers., reason: Asking is the rule., cites: [LAW-1], to: safe}
      - {id: send, text: Send her away from the gate and call the next, grade: harmful, cap: harm, consequence: She leaves., reason: You did not ask., cites: [LAW-1], to: lost}
  safe: {kind: ending, title: Safe, text: She is safe., outcome: protected}
  lost: {kind: ending, title: Lost, text: She is gone., outcome: harmed, score: [0, 20]}
debrief: {}
walkthroughs:
  best:
    ending: safe
    percent: [100, 100]
    actions:
      - {node: gate, action: choose, choice: ask}
  worst:
    ending: lost
    actions:
      - {node: gate, action: choose, choice: send}
""",
    "modules/demo/drills/live.yml": """\
id: live
kind: quiz
title: Live
intro: Answer on your phone.
minutes: 5
objectives: [DE-1]
steps:
  - item: d-1
""",
    "modules/demo/worksheets/sheet.yml": """\
id: sheet
title: A sheet
minutes: 10
intro: Read, then answer.
objectives: [DE-1]
parts:
  - item: ws-1
  - item: ws-2
""",
}


def write_course(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the small course under `root`; `changes` replaces files, or leaves out (None)."""
    for name, text in (FILES | (changes or {})).items():
        if text is None:
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return root


def changed(name: str, old: str, new: str) -> dict[str, str | None]:
    """A change of one file: its first `old` becomes `new`."""
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new, 1)}
