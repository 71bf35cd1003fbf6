"""A small course with one quiz and one triage drill, built in code."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from crossings.curriculum.model import (
    Course,
    Drill,
    Instrument,
    Misconception,
    Module,
    ModuleFile,
    Provision,
    Source,
    Use,
)
from crossings.drills.script import Script, script
from crossings.items.model import Item

QUIZ, TRIAGE = "harbour/signs-and-myths", "harbour/night-bus"
PICTURE = "harbour/one-picture"
LEFT = {"x": 5, "y": 10, "width": 30, "height": 80}
_SVG = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 300 200'><path d='M0 0h300'/></svg>"
PAGE = "data:image/svg+xml;base64," + base64.b64encode(_SVG).decode()


def _item(name: str, kind: str, stem: str, **more: Any) -> Item:
    return Item.model_validate(
        {"id": name, "kind": kind, "stem": stem, "objectives": ["TI-1"], "cites": ["TIP-3a"]}
        | {"rationale": f"SECRET rationale of {name}."}
        | more
    )


def items() -> dict[str, Item]:
    found = [
        _item(
            "consent",
            "single",
            "A woman agreed to the work. Can she still be a victim of trafficking?",
            options=[
                {
                    "id": "yes",
                    "text": "Yes, if she was deceived about it",
                    "correct": True,
                    "feedback": "SECRET feedback: deception makes the consent worthless.",
                },
                {
                    "id": "no",
                    "text": "No, because she agreed",
                    "misconception": "MC-001",
                    "feedback": "Consent won by deception does not count.",
                },
                {"id": "later", "text": "Only if she complains to the police"},
                {"id": "border", "text": "Only if she crossed a border"},
            ],
        ),
        _item(
            "signs",
            "multiple",
            "Which of these are signs of trafficking?",
            objectives=["TI-3"],
            scoring="per-option-penalty",
            options=[
                {"id": "papers", "text": "Someone else keeps the passport", "correct": True},
                {"id": "debt", "text": "A debt that grows with the work", "correct": True},
                {"id": "accent", "text": "A foreign accent"},
                {"id": "phone", "text": "A new phone"},
            ],
        ),
        _item(
            "steps",
            "order",
            "Put the first conversation in order.",
            objectives=["TI-4"],
            options=[
                {"id": "safe", "text": "Find a private and safe place"},
                {"id": "interpreter", "text": "Call an interpreter who is nobody's friend here"},
                {"id": "explain", "text": "Explain who you are and why you ask"},
            ],
        ),
        _item(
            "places",
            "grid",
            "Act, means or purpose?",
            options=[
                {"id": "transport", "text": "Driving people to the farm", "target": "act"},
                {"id": "threat", "text": "Threats against the family", "target": "means"},
                {"id": "labour", "text": "Forced labour", "target": "purpose"},
            ],
            targets=[
                {"id": "act", "text": "Act"},
                {"id": "means", "text": "Means"},
                {"id": "purpose", "text": "Purpose"},
            ],
            scoring="per-option",
        ),
        _item(
            "days",
            "number",
            "How many days of recovery time does the agreement give?",
            answer=30,
            unit="days",
        ),
        _item(
            "word",
            "short",
            "What is the word for moving somebody over a border for money?",
            accept=["smuggling"],
        ),
        _item(
            "places-in-picture",
            "hotspot",
            "Which places speak of control?",
            picture={"file": "page.svg", "alt": "A page with two places", "data": PAGE},
            scoring="per-option-penalty",
            hint="Who keeps the page?",
            options=[
                {"id": "sticker", "text": "The sticker", "correct": True, "region": LEFT},
                {"id": "stamp", "text": "The stamp", "region": LEFT | {"x": 60}},
            ],
        ),
    ]
    return {item.id: item for item in found}


def _drills() -> dict[str, Drill]:
    quiz = {
        "id": "signs-and-myths",
        "kind": "quiz",
        "title": "Signs and myths",
        "intro": "Six questions about trafficking. Think, answer, then we talk.",
        "content_note": "This drill speaks about exploitation. No pictures, no details.",
        "minutes": 20,
        "objectives": ["TI-1", "TI-3"],
        "seconds": 45,
        "steps": [
            {"item": "consent", "talk": "Who decides what consent is worth?"},
            {"item": "signs"},
            {"item": "steps", "seconds": 60},
            {"item": "places"},
            {"item": "days"},
            {"item": "word"},
        ],
        "debrief": ["What did you believe this morning that you no longer believe?"],
    }
    people = [
        (
            "boy",
            "Sami",
            "A boy of about 15, alone, no bag.",
            '"My uncle waits at the bridge."',
            "A copy of a school card.",
            ["child-protection"],
            ["trafficking"],
            True,
        ),
        (
            "worker",
            "Lena",
            "A woman who looks at one man before each answer.",
            '"He has my passport, it is normal."',
            "None. The man holds two passports.",
            ["trafficking"],
            ["further-interview"],
            True,
        ),
        (
            "trader",
            "Omar",
            "A man with three boxes of phones.",
            '"I sell at the market."',
            "Passport and a valid trade permit.",
            ["regular-entry"],
            [],
            False,
        ),
        (
            "student",
            "Ines",
            "A student with a rucksack.",
            '"My course starts on Monday."',
            "Passport, student visa.",
            ["regular-entry"],
            ["further-interview"],
            False,
        ),
    ]
    triage = {
        "id": "night-bus",
        "kind": "triage",
        "title": "The night bus",
        "intro": "Four people get off the bus. Send each to the right service.",
        "minutes": 15,
        "objectives": ["TI-5", "TI-7"],
        "seconds": 60,
        "channels": [
            {"id": "regular-entry", "text": "Regular entry"},
            {"id": "asylum", "text": "Asylum procedure"},
            {"id": "child-protection", "text": "Child protection"},
            {"id": "trafficking", "text": "Trafficking referral"},
            {"id": "further-interview", "text": "Further interview"},
        ],
        "arrivals": [
            {
                "id": name,
                "name": who,
                "seen": seen,
                "says": says,
                "documents": documents,
                "right": right,
                "acceptable": acceptable,
                "need": need,
                "why": f"SECRET reason for {who}.",
                "cites": ["TIP-3a"],
                "objectives": ["TI-5"],
                "indicators": ["travels without papers"] if need else [],
            }
            for name, who, seen, says, documents, right, acceptable, need in people
        ],
        "debrief": ["Whom did we nearly miss, and why?"],
    }
    picture = quiz | {
        "id": "one-picture",
        "title": "One picture",
        "steps": [{"item": "places-in-picture"}],
    }
    return {
        "signs-and-myths": Drill.model_validate(quiz),
        "night-bus": Drill.model_validate(triage),
        "one-picture": Drill.model_validate(picture),
    }


def course() -> Course:
    objectives = [
        {"id": f"TI-{n}", "bloom": "apply", "verb": "apply", "text": f"Objective number {n}"}
        for n in range(1, 9)
    ]
    file = ModuleFile.model_validate(
        {
            "id": "harbour",
            "title": "Harbour",
            "summary": "A module",
            "order": 1,
            "minutes": 60,
            "objectives": objectives,
            "chapters": ["weighing-indicators"],
        }
    )
    module = Module(
        file=file,
        path=Path("harbour"),
        chapters=(),
        items=items(),
        cases={},
        drills=_drills(),
        worksheets={},
    )
    provision = Provision.model_validate(
        {
            "id": "TIP-3a",
            "instrument": "TIP",
            "article": "Article 3(a)",
            "title": "What it is",
            "paraphrase": "Trafficking is an act, by a means, for exploitation.",
            "binds": "States",
            "force": "protocol",
            "theme": "trafficking",
            "confidence": "verified",
            "verified_by": "text",
            "reviewed": "2025-01-01",
        }
    )
    instrument = Instrument(key="TIP", name="Palermo Protocol", short="Palermo", nature="treaty")
    belief = Misconception(
        id="MC-001",
        belief="Whoever agreed is not a victim.",
        correction="Consent does not count where a means was used.",
    )
    taught = Use(
        how="taught",
        where="harbour/weighing-indicators",
        title="Weighing indicators",
        kind="chapter",
    )
    return Course(
        root=Path(),
        modules={"harbour": module},
        law={"TIP-3a": provision},
        instruments={"TIP": instrument},
        sources={"IOM-297": Source(id="IOM-297", author="IOM", year="2004", title="Glossary")},
        misconceptions={"MC-001": belief},
        datasets={},
        objective_uses={"TI-1": (taught,), "TI-3": (taught,)},
    )


def quiz() -> Script:
    return script(course(), QUIZ)


def triage() -> Script:
    return script(course(), TRIAGE)


NAMES = ("Amina", "Björn", "Chipo", "Dau", "Elif", "Farid", "Grace", "Hana", "Ilir", "Joy")
