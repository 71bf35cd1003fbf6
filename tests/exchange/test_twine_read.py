"""Stories of other people: what has a place in a case comes over, the rest is told."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.cases.model import Case
from crossings.curriculum import read as read_course
from crossings.exchange.report import ExchangeError
from crossings.exchange.twine import read, twee
from crossings.exchange.twine.convert import case_from_twee
from tests.tiny_course import write_course

Json = dict[str, Any]


def draft(text: str, form: str = "SugarCube", start: str = "Bridge") -> tuple[Json, list[str]]:
    data = f'{{"ifid":"D674C58C-DEFA-4F70-B7A2-27742230C0FC","format":"{form}","start":"{start}"}}'
    whole = f":: StoryTitle\nThe Bridge\n\n:: StoryData\n{data}\n\n{textwrap.dedent(text)}"
    story, losses = twee.parse(whole)
    made = read.draft(story)
    Case.model_validate(made.case)
    return made.case, [str(loss) for loss in (*losses, *made.losses)]


def test_the_notation_escapes_names_and_holds_tags_and_metadata() -> None:
    text = (
        ':: A \\[strange\\] \\\\ name [one two\\{3\\}] {"position":"600,400"}\nline\n\n\n:: B\nb\n'
    )
    story, losses = twee.parse(text)
    first = story.passages[0]
    assert first.name == "A [strange] \\ name"
    assert first.tags == ("one", "two{3}")
    assert first.metadata == {"position": "600,400"}
    assert first.text == "line" and not losses
    again, _ = twee.parse(twee.write(story))
    assert [(p.name, p.tags, p.metadata, p.text) for p in again.passages] == [
        (p.name, p.tags, p.metadata, p.text) for p in story.passages
    ]


def test_data_that_is_no_json_is_told_and_reading_goes_on() -> None:
    story, losses = twee.parse(":: StoryData\n{nope\n\n:: Start {bad}\nHello [[Start]]\n")
    assert [p.name for p in story.passages] == ["Start"] and story.data == {}
    assert [loss.line for loss in losses] == [4, 1] or [loss.line for loss in losses] == [1, 4]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            "SugarCube",
            """\
            :: StoryInit
            <<set $trust to 1>>

            :: Bridge
            <<set $trust += 2>>
            A man stands on the ''bridge''.

            Whom do you ask?
            [[Talk->Talk]]
            [[Look away|Away]]
            <<if $trust gt 2 and not $told>>[[Away<-Wait]]<<endif>>

            :: Talk
            <<set $told to true>>
            <<if $trust >= 3>>[[On->Good]]<<elseif $told>>[[On->Away]]<<else>>[[On->Bad]]<</if>>

            :: Away
            You walk. [[Bad]]

            :: Good
            It ends well.

            :: Bad
            It ends badly.
            """,
        ),
        (
            "Harlowe",
            """\
            :: Startup [startup]
            (set: $trust to 1)

            :: Bridge
            (set: $trust to it + 2)
            A man stands on the ''bridge''.

            Whom do you ask?
            [[Talk->Talk]]
            (link-goto: "Look away", "Away")
            (if: $trust > 2 and not $told)[[[Wait->Away]]]

            :: Talk
            (set: $told to true)
            (if: $trust >= 3)[[[On->Good]]](else-if: $told)[[[On->Away]]](else:)[[[On->Bad]]]

            :: Away
            You walk. [[Bad]]

            :: Good
            It ends well.

            :: Bad
            It ends badly.
            """,
        ),
    ],
    ids=["SugarCube", "Harlowe"],
)
def test_links_variables_and_conditions_of_both_formats(form: str, text: str) -> None:
    case, _ = draft(text, form)
    nodes = case["nodes"]
    assert {name: node["kind"] for name, node in nodes.items()} == {
        "bridge": "decision",
        "talk": "scene",
        "away": "scene",
        "good": "ending",
        "bad": "ending",
    }
    bridge = nodes["bridge"]
    assert bridge["text"] == "A man stands on the **bridge**."
    assert bridge["question"] == "Whom do you ask?"
    assert bridge["effects"] == [{"add": {"trust": 2}}]
    told = [(o["text"], o["to"], o.get("when")) for o in bridge["options"]]
    assert told == [
        ("Talk", "talk", None),
        ("Look away", "away", None),
        ("Wait", "away", "trust > 2 and not told"),
    ]
    assert nodes["talk"]["next"] == [
        {"when": "trust >= 3", "to": "good"},
        {"when": "told", "to": "away"},
        {"to": "bad"},
    ]
    assert case["variables"]["trust"]["start"] == 1
    assert case["variables"]["told"]["type"] == "boolean"


def test_what_has_no_place_is_told_with_passage_and_line() -> None:
    case, losses = draft("""\
        :: Bridge
        <<script>>steal()<</script>>
        <img src="http://x.example/a.png" onerror="steal()">
        <<audio "x" play>> You have $trust points.
        <<if random(1, 6) gt 3>>[[Talk]]<</if>>
        [[Away->"T" + $where]]
        <<if $trust gt 2>>He smiles.<</if>>
        [[Talk|Talk][$trust to "high"]]

        :: Talk
        Bye.

        :: Code [script]
        steal()
        """)
    text = "\n".join(losses)
    for line, words in (
        (8, "`<<script>>`"),
        (9, "HTML `<img"),
        (10, "macro `<<audio>>`"),
        (10, "value of `$trust`"),
        (11, "condition `random(1, 6) gt 3`"),
        (12, "target is computed"),
        (13, "under a condition"),
        (14, '`$trust to "high"`'),
        (19, "passage of the story format"),
    ):
        assert any(f"line {line}:" in loss and words in loss for loss in losses), (words, text)
    assert "steal" not in yaml.safe_dump(case)


def test_a_story_does_not_speak_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "story.twee"
    path.write_text(
        ":: Start\x1b[2J\n<<run\x1b]0;owned\x07>> <<e\x1b[31m>> [[x\x1b[0m]]\n", "utf-8"
    )
    made = case_from_twee(path)
    assert made.lines and all(line.isprintable() for line in made.lines)
    assert "\x1b" not in made.text


def test_text_under_a_condition_is_kept_as_a_todo_and_never_told_as_true() -> None:
    case, _ = draft("""\
        :: Bridge
        Rain.
        <<if $trust gt 2>>He smiles.<<else>>He frowns.<</if>>
        [[Talk]] [[Bridge]]

        :: Talk
        Bye.
        """)
    text = case["nodes"]["bridge"]["text"]
    assert "TODO: only when trust > 2: He smiles." in text
    assert "TODO: only when not (trust > 2): He frowns." in text or "not trust > 2" in text


def test_a_draft_is_reported_until_its_todos_are_written(tmp_path: Path) -> None:
    story = tmp_path / "a story.twee"
    story.write_text(":: Start\nRain. [[Go in->In]] [[Stay->Out]]\n\n:: In\nDry.\n\n:: Out\nWet.\n")
    made = case_from_twee(story)
    root = write_course(tmp_path / "course")
    (root / "modules/demo/cases" / f"{made.id}.yml").write_text(made.text, encoding="utf-8")
    course, problems = read_course(root)
    assert course is not None and made.id in course.modules["demo"].cases
    told = "\n".join(str(p) for p in problems)
    for what in ("say why", "happens to people", "`outcome`", "the learner", "reflection"):
        assert what in told
    assert "no objective `TODO`" in told and "no provision in the law register `TODO`" in told
    lines = (root / "modules/demo/cases" / f"{made.id}.yml").read_text().splitlines()
    for problem in problems:
        # A text of several lines is named by the line on which it begins.
        assert any("TODO" in line for line in lines[problem.line - 1 : problem.line + 3])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no passage"),
        ("just text", "no passage"),
        (":: StoryTitle\nOnly\n", "no passage with a story"),
        ("<html><tw-storydata>", "HTML, not Twee"),
        (':: StoryData\n{"format": "Chapbook"}\n:: Start\nx', "Chapbook"),
        (":: x\n" * 2001, "the most is 2000"),
    ],
    ids=["empty", "no header", "only a title", "html", "other format", "many"],
)
def test_a_file_that_is_no_story_is_one_message(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "story.twee"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExchangeError, match=words):
        case_from_twee(path)


def test_bytes_that_are_no_text_are_one_message(tmp_path: Path) -> None:
    path = tmp_path / "story.twee"
    path.write_bytes(b":: Start\n\xff\xfe")
    with pytest.raises(ExchangeError, match="UTF-8"):
        case_from_twee(path)


PIECES = [
    ":: ",
    "Start",
    "\n",
    "[[",
    "]]",
    "->",
    "|",
    "<<if ",
    "<<else>>",
    "<</if>>",
    ">>",
    "<<set ",
    "$x",
    " to ",
    "1",
    "true",
    '"',
    "'",
    "(if:",
    ")",
    "[",
    "]",
    "(set:",
    "<b>",
    "<script>",
    "\\",
    "/*",
    "*/",
    "and ",
    "not ",
    "gt ",
    "{",
    "}",
    "&lt;",
    "text ",
    "<<link ",
    "<</link>>",
    "(else:)",
    "TODO",
    "\x00",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.booleans())
def test_damaged_stories_give_a_draft_that_loads_or_one_message(text: str, harlowe: bool) -> None:
    form = "Harlowe" if harlowe else "SugarCube"
    try:
        story, _ = twee.parse(f':: StoryData\n{{"format": "{form}"}}\n:: Start\n{text}')
        made = read.draft(story)
    except ExchangeError:
        return
    case = Case.model_validate(made.case)
    assert case.start in case.nodes


@pytest.mark.parametrize("piece", ["<<", "[[", "(if:", "[", "<<if $x>>", "'", "(", "<b", "''a"])
def test_a_long_damaged_story_is_read_in_one_pass(piece: str) -> None:
    story, _ = twee.parse(f":: Start\n{piece * 20000}\n")
    assert read.draft(story).case["start"] == "start"
