"""What the check reports, one mistake at a time, in a case that is sound otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import crossings
from crossings.cases import Case
from crossings.cases.check import problems
from tests.reading import read_yaml

Json = dict[str, Any]
Break = Callable[[Json], Any]
REAL = sorted((Path(crossings.__file__).parent.parent / "modules").glob("*/cases/*.yml"))


def first(data: Json) -> Json:
    node: Json = data["nodes"]["first"]
    return node


def hole(data: Json) -> None:
    """A decision off the promised ways where every option is shut."""
    options = [option | {"when": "trust > 4"} for option in first(data)["options"]]
    data["nodes"]["hole"] = first(data) | {"options": options}
    first(data)["options"][2]["to"] = "hole"


def found(data: Json) -> list[tuple[str, str, str]]:
    case = Case.model_validate(data)
    return [(".".join(map(str, p.path)), p.message, p.hint) for p in problems(case)]


def test_the_fixture_case_is_sound(sound_data: Json) -> None:
    # Its search has no time for everything, and its best play asks only what it must.
    found = problems(Case.model_validate(sound_data))
    assert [p.code for p in found] == ["best-misses"]


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_real_cases_are_sound(path: Path) -> None:
    case = Case.model_validate(read_yaml(path))
    assert [str(p) for p in problems(case) if p.code != "state-bound"] == []


def test_the_case_that_authors_copy_is_sound() -> None:
    """The last example of the page that teaches how to write a case."""
    page = Path(crossings.__file__).parent.parent / "docs" / "formats" / "case.md"
    example = page.read_text(encoding="utf-8").split("```yaml")[-1].split("```")[0]
    assert [str(p) for p in problems(Case.model_validate(yaml.safe_load(example)))] == []


OPTION = "nodes.first.options.0"
BROKEN: list[tuple[str, Break, str, str]] = [
    ("start", lambda d: d.update(start="gat"), "start", "unknown node `gat`"),
    (
        "to",
        lambda d: first(d)["options"][0].update(to="tolk"),
        f"{OPTION}.to",
        "unknown node `tolk`",
    ),
    (
        "branch",
        lambda d: d["nodes"]["look"]["next"][0].update(to="luk"),
        "nodes.look.next.0.to",
        "unknown node `luk`",
    ),
    (
        "goto",
        lambda d: d["rules"][1].update(goto="mmo"),
        "rules.1.goto",
        "unknown node `mmo`",
    ),
    (
        "no default branch",
        lambda d: d["nodes"]["look"]["next"].pop(),
        "nodes.look.next.0.when",
        "no branch may hold",
    ),
    (
        "default too early",
        lambda d: d["nodes"]["memo"]["next"][0].pop("when"),
        "nodes.memo.next.0",
        "never taken",
    ),
    (
        "unreachable node",
        lambda d: d["nodes"].update(island=d["nodes"]["gate"] | {"next": "first"}),
        "nodes.island",
        "unreachable",
    ),
    (
        "dead end",
        lambda d: d["nodes"]["memo"].update(next="memo"),
        "nodes.memo",
        "dead end",
    ),
    (
        "ending nobody reaches",
        lambda d: d["nodes"]["memo"]["next"].pop(1),
        "nodes.bad-end",
        "no play can reach this ending",
    ),
    (
        "unparsable guard",
        lambda d: d["rules"][0].update(when="clock >"),
        "rules.0.when",
        "cannot be read",
    ),
    (
        "unknown variable",
        lambda d: d["rules"][1].update(when="trst == 0"),
        "rules.1.when",
        "unknown variable `trst`",
    ),
    (
        "guard of the wrong type",
        lambda d: d["rules"][1].update(when="alone == 0"),
        "rules.1.when",
        "`alone` is of type boolean",
    ),
    (
        "bare clock",
        lambda d: d["rules"][1].update(when="clock"),
        "rules.1.when",
        "`clock` is a number",
    ),
    (
        "unknown tag in a guard",
        lambda d: d["rules"][1].update(when="signs has dept"),
        "rules.1.when",
        "unknown tag `dept`",
    ),
    (
        "unknown evidence in a guard",
        lambda d: d["rules"][1].update(when="seen phon"),
        "rules.1.when",
        "unknown evidence `phon`",
    ),
    (
        "unknown question",
        lambda d: d["rules"][1].update(when="asked talk.save"),
        "rules.1.when",
        "unknown question `save`",
    ),
    (
        "question of a node that is no interview",
        lambda d: d["rules"][1].update(when="asked look.safe"),
        "rules.1.when",
        "unknown interview `look`",
    ),
    (
        "unknown option",
        lambda d: d["rules"][1].update(when="chose first.aprt"),
        "rules.1.when",
        "unknown option `aprt`",
    ),
    (
        "unknown rule",
        lambda d: d["rules"][2].update(when="fired silense"),
        "rules.2.when",
        "unknown rule `silense`",
    ),
    (
        "guard that bounds decide",
        lambda d: d["rules"][1].update(when="trust > 5"),
        "rules.1.when",
        "never holds",
    ),
    (
        "effect on an unknown variable",
        lambda d: first(d)["options"][0].update(effects=[{"set": {"alon": True}}]),
        f"{OPTION}.effects.0.set",
        "unknown variable `alon`",
    ),
    (
        "effect of the wrong type",
        lambda d: first(d)["options"][0].update(effects=[{"set": {"alone": 1}}]),
        f"{OPTION}.effects.0.set",
        "does not fit `alone`",
    ),
    (
        "adding to a set",
        lambda d: first(d)["options"][0].update(effects=[{"add": {"signs": 1}}]),
        f"{OPTION}.effects.0.add",
        "`signs` is a set",
    ),
    (
        "tagging a number",
        lambda d: first(d)["options"][0].update(effects=[{"tag": {"trust": "debt"}}]),
        f"{OPTION}.effects.0.tag",
        "`trust` is not a set",
    ),
    (
        "unknown tag",
        lambda d: first(d)["options"][0].update(effects=[{"tag": {"signs": "dept"}}]),
        f"{OPTION}.effects.0.tag",
        "unknown tag `dept`",
    ),
    (
        "person",
        lambda d: first(d).update(people=["gest"]),
        "nodes.first.people",
        "unknown person `gest`",
    ),
    (
        "evidence",
        lambda d: first(d).update(evidence=["phon"]),
        "nodes.first.evidence",
        "unknown evidence `phon`",
    ),
    (
        "cap",
        lambda d: first(d)["options"][1].update(cap="besides-driver"),
        "nodes.first.options.1.cap",
        "unknown cap",
    ),
    (
        "variant",
        lambda d: first(d).update(text="Hello {amena}"),
        "nodes.first.text",
        "unknown variant `amena`",
    ),
    (
        "harm without a cap",
        lambda d: first(d)["options"][1].pop("cap"),
        "nodes.first.options.1",
        "harmful choice without a cap",
    ),
    (
        "verdict for no channel",
        lambda d: d["nodes"]["refer"]["channels"].pop(0),
        "nodes.refer.arrivals.0.verdicts.home",
        "unknown channel `home`",
    ),
    (
        "evidence nobody opens",
        lambda d: d["nodes"]["look"]["finds"][1].update(minutes=9),
        "evidence.contract",
        "nobody can open",
    ),
    (
        "no best walkthrough",
        lambda d: d["walkthroughs"].pop("best"),
        "walkthroughs",
        "no walkthrough `best`",
    ),
    (
        "illegal walkthrough",
        lambda d: d["walkthroughs"]["best"]["actions"].pop(0),
        "walkthroughs.best.actions.0",
        "the play is at `gate`",
    ),
    (
        "walkthrough that ends elsewhere",
        lambda d: d["walkthroughs"]["best"].update(ending="middle"),
        "walkthroughs.best.ending",
        "it stops at the ending `good-end`",
    ),
    (
        "walkthrough out of its range",
        lambda d: d["walkthroughs"]["harm"].update(percent=[30, 40]),
        "walkthroughs.harm.percent",
        "it earns 0 percent",
    ),
    (
        "more than the best",
        lambda d: first(d)["options"][2].update(points=30),
        "walkthroughs.best",
        "a play earns",
    ),
    (
        "ending out of its range",
        lambda d: d["nodes"]["middle"].update(score=[99, 100]),
        "nodes.middle.score",
        "a play ends here with",
    ),
    (
        "stuck",
        hole,
        "nodes.hole",
        "stuck",
    ),
    (
        "never written",
        lambda d: d["variables"].update(calm={"type": "boolean", "label": "C", "visible": True}),
        "variables.calm",
        "never written",
    ),
    (
        "never read",
        lambda d: d["nodes"]["memo"]["next"][0].update(when="visited refer"),
        "variables.alone",
        "never read",
    ),
    ("long text", lambda d: first(d).update(text="word " * 181), "nodes.first.text", "181 words"),
    (
        "no citation",
        lambda d: first(d)["options"][0].pop("cites"),
        OPTION,
        "no citation",
    ),
    (
        "two of one id",
        lambda d: first(d)["options"][0].update(id="both"),
        "nodes.first.options",
        "`both` is there twice",
    ),
    (
        "a bad start",
        lambda d: d["variables"]["trust"].update(start=9),
        "variables.trust.start",
        "9",
    ),
    ("a bad hour", lambda d: d.update(starts_at="27:00"), "starts_at", "no such time"),
    (
        "unused cap",
        lambda d: d["caps"].update(idle={"percent": 1, "reason": "r"}),
        "caps.idle",
        "never used",
    ),
    (
        "unused variant",
        lambda d: d["variants"].update(idle=["x"]),
        "variants.idle",
        "never used",
    ),
    (
        "a fate for nobody",
        lambda d: d["debrief"]["people"][0]["fates"].pop(),
        "debrief.people.0.fates.0.when",
        "no fate may hold",
    ),
    (
        "signs that are no set",
        lambda d: d["debrief"].update(signs="trust"),
        "debrief.signs",
        "unknown set variable `trust`",
    ),
]


@pytest.mark.parametrize(
    ("mistake", "path", "message"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_a_mistake_is_told_where_it_stands(
    sound_data: Json, mistake: Break, path: str, message: str
) -> None:
    mistake(sound_data)
    told = found(sound_data)
    assert [t for t in told if t[0] == path and message in t[1]], told
    assert all(hint for _, _, hint in told)


def test_the_nearest_name_is_suggested(sound_data: Json) -> None:
    sound_data["start"] = "gat"
    assert ("start", "unknown node `gat`", "did you mean `gate`?") in found(sound_data)


def test_a_circle_without_a_way_out_is_told(sound_data: Json) -> None:
    sound_data["nodes"]["memo"]["next"] = [{"to": "middle", "when": "trust > 4"}, {"to": "memo"}]
    told = found(sound_data)
    assert [t for t in told if t[0] == "nodes.memo" and "a trap" in t[1]], told


def decisions(data: Json, shuffle: bool, texts: tuple[str, str]) -> Json:
    """The fixture with nine more decisions before the first."""
    good, poor, _ = first(data)["options"]
    for n in range(9):
        options = [
            good | {"text": texts[0], "to": f"d{n + 1}" if n < 8 else "first"},
            poor | {"text": texts[1], "to": f"d{n + 1}" if n < 8 else "first"},
        ]
        data["nodes"][f"d{n}"] = first(data) | {"options": options, "shuffle": shuffle}
    data["nodes"]["gate"]["next"] = "d0"
    first(data).update(shuffle=shuffle)
    return data


def test_patterns_that_give_the_answer_away(sound_data: Json) -> None:
    first(sound_data)["options"][0]["text"] = "The longest of all the options that are here"
    told = found(decisions(sound_data, False, ("A much longer text", "Short")))
    messages = [t[1] for t in told]
    assert "the good option is the longest in 10 of 10 decisions" in messages
    assert "the good option is at place 1 of the file in 10 of 10 decisions" in messages


def test_no_pattern_no_report(sound_data: Json) -> None:
    data = decisions(sound_data, True, ("Short", "A much longer text"))
    for n in range(0, 9, 2):
        data["nodes"][f"d{n}"]["options"].reverse()
    assert not [t for t in found(data) if "the good option is" in t[1]]
