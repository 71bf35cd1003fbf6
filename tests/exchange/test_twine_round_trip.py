"""A case goes to Twine and comes back: the same nodes, choices, guards and effects."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from crossings.cases import document
from crossings.cases.model import Case
from crossings.exchange.twine import read, twee, write
from tests.exchange import made_stories

Json = dict[str, Any]


def there_and_back(case: Case) -> tuple[Case, read.Draft]:
    story, _ = write.story(case)
    again, losses = twee.parse(twee.write(story))
    assert not losses
    draft = read.draft(again)
    return Case.model_validate(draft.case), draft


def graph(case: Case) -> Json:
    """What a round trip keeps: everything that decides how a play goes, and the texts."""
    doc = document(case)
    variables = {
        name: {key: v.get(key) for key in ("type", "start", "min", "max")}
        for name, v in doc["variables"].items()
    }
    return {
        "start": doc["start"],
        "variants": doc["variants"],
        "variables": {
            name: v | ({"min": 0, "max": 0} if v["type"] != "integer" else {})
            for name, v in variables.items()
        },
        "nodes": {name: _node(node) for name, node in doc["nodes"].items()},
    }


def _node(node: Json) -> Json:
    kept = {key: node[key] for key in ("kind", "effects", "next", "outcome") if key in node}
    told = {key: _told(node[key]) for key in ("title", "text", "question") if key in node}
    return kept | told | {"options": [_option(option) for option in node.get("options", ())]}


def _option(option: Json) -> Json:
    told = ("id", "grade", "when", "effects", "to", "cites", "sources")
    kept = {key: option.get(key) for key in told}
    return kept | {key: _told(option[key]) for key in ("text", "consequence", "reason")}


def _told(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


@settings(max_examples=40, deadline=None)
@given(made_stories.cases())
def test_scenes_decisions_endings_and_variables_come_back(case: Case) -> None:
    again, draft = there_and_back(case)
    assert graph(again) == graph(case)
    assert [str(loss) for loss in draft.losses] == []
