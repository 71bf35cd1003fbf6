"""A case as a Twine story: whole, playable in the engine's order, and read by Twine's own tools."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from crossings.cases.model import Case
from crossings.exchange.report import ExchangeError
from crossings.exchange.twine import read, twee, write
from tests.exchange.conftest import SAMPLE
from tests.reading import read_yaml


@pytest.fixture(scope="module")
def case() -> Case:
    """One of every kind of node, rules, variants, guards of every word."""
    return Case.model_validate(read_yaml(SAMPLE))


@pytest.fixture(scope="module")
def passages(case: Case) -> dict[str, twee.Passage]:
    return {p.name: p for p in write.story(case)[0].passages}


def test_the_head_is_what_twine_needs_and_stays_the_same(case: Case) -> None:
    story, _ = write.story(case)
    assert story.title == "The small gate"
    assert story.data["format"] == "SugarCube" and story.data["start"] == "gate"
    assert len(story.data["ifid"]) == 36 and story.data["ifid"] == story.data["ifid"].upper()
    assert twee.write(story) == twee.write(write.story(case)[0])


def test_every_link_leads_to_a_passage(passages: dict[str, twee.Passage]) -> None:
    import re

    linked = [
        target
        for p in passages.values()
        for target in re.findall(r"\[\[(?:\"[^\"]*\"|\$\w+| \+ )+->([^\]]*)\]\]", p.text)
    ]
    assert len(linked) > 20
    assert set(linked) <= set(passages)


def test_effects_come_before_rules_and_rules_before_links(
    passages: dict[str, twee.Passage],
) -> None:
    text = passages["first.apart"].text
    parts = (
        "<<set $alone to true>>",
        "Math.clamp($trust + 1, 0, 5)",
        "She sits down.",
        "Why: A private place is safer.",
        '<<include "CrossingsRules">>',
        "->talk]]",
    )
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert passages["first.apart"].tags == ("consequence", "grade-good", "cites-TIP-6")


def test_limits_budgets_rules_and_variants_are_held(passages: dict[str, twee.Passage]) -> None:
    assert ".count(true) lt 2" in passages["talk"].text
    assert '$cx_spent["look"] + 6 lte 8' in passages["look"].text
    rules = passages["CrossingsRules"].text
    assert "$cx_clock gte 30" in rules and '<<set _cx_goto to "memo">>' in rules
    assert 'either("Amina", "Bushra", "Dalia")' in passages["StoryInit"].text
    assert "<<= $cx_amina>> stands beside the truck" in passages["gate"].text


def test_entering_again_from_a_question_repeats_no_effect(case: Case) -> None:
    nodes = dict(case.nodes)
    talk = nodes["talk"].model_copy(update={"effects": nodes["first"].options[0].effects})  # type: ignore[union-attr]
    changed = case.model_copy(update={"nodes": nodes | {"talk": talk}})
    text = next(p for p in write.story(changed)[0].passages if p.name == "talk").text
    assert text.startswith('<<if not (previous().startsWith("talk."))>>')


def test_what_twine_cannot_hold_is_listed(case: Case) -> None:
    told = "\n".join(str(loss) for loss in write.story(case)[1])
    for words in ("points", "caps (beside-driver, late)", "one after the other", "drawings"):
        assert words in told


def test_an_export_with_everything_is_read_back_with_one_note_on_the_rules(case: Case) -> None:
    story, _ = twee.parse(twee.write(write.story(case)[0]))
    draft = read.draft(story)
    again = Case.model_validate(draft.case)
    assert set(case.nodes) <= set(again.nodes)
    assert sum("rules and fates" in loss.what for loss in draft.losses) >= 1


def test_a_name_that_the_story_needs_is_refused(case: Case) -> None:
    variable = case.variables["alone"]
    changed = case.model_copy(update={"variables": {**case.variables, "cx_seen": variable}})
    with pytest.raises(ExchangeError, match="rename `cx_seen`"):
        write.story(changed)


EXTWEE = """
import { parseTwee, compileTwine2HTML, parseStoryFormat, parseTwine2HTML } from 'extwee';
import fs from 'node:fs';
const story = parseTwee(fs.readFileSync(process.argv[2], 'utf-8'));
console.log(JSON.stringify({name: story.name, ifid: story.IFID, start: story.start,
  format: story.format, passages: Object.fromEntries(story.passages.map((p) =>
    [p.name, {tags: p.tags, text: p.text, metadata: p.metadata}]))}));
"""


def test_extwee_reads_the_same_story(case: Case, node: str, tmp_path: Path) -> None:
    """CROSSINGS_NODE_MODULES names a folder with extwee (`npm install extwee`)."""
    modules = os.environ.get("CROSSINGS_NODE_MODULES")
    if not modules or not (Path(modules) / "extwee").is_dir():
        pytest.skip("no extwee: npm install extwee, and set CROSSINGS_NODE_MODULES to node_modules")
    (tmp_path / "node_modules").symlink_to(Path(modules), target_is_directory=True)
    (tmp_path / "read.mjs").write_text(EXTWEE, encoding="utf-8")
    story, _ = write.story(case)
    (tmp_path / "story.twee").write_text(twee.write(story), encoding="utf-8")
    done = subprocess.run(
        [node, "read.mjs", "story.twee"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    read_back = json.loads(done.stdout)
    assert (read_back["name"], read_back["start"]) == (story.title, "gate")
    assert read_back["ifid"] == story.data["ifid"] and read_back["format"] == "SugarCube"
    for passage in story.passages:
        other = read_back["passages"][passage.name]
        assert tuple(other["tags"]) == passage.tags
        assert other["text"].strip() == passage.text.strip()
        assert other["metadata"].get("position") == passage.metadata.get("position")
