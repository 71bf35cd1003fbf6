"""The words of the feedback page: complete, in the browser's language, and never markup."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossings.check import words as check_words
from crossings.grading import durable, matching, words
from crossings.grading.rubrics.questions import _PLAIN
from crossings.grading.scoring import messages
from crossings.grading.worksheets import _about
from crossings.items import score

ENGLISH = json.loads((words.HERE / "strings.en.json").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "pages"
    shutil.copytree(words.HERE, place)
    return place


def arabic(folder: Path, **changes: str | None) -> None:
    own = {k: f"ع {v}" for k, v in ENGLISH.items()} | changes
    own |= {f"work.waiting.{form}": "ع {count}" for form in ("zero", "two", "few", "many")}
    kept = {k: v for k, v in own.items() if v is not None}
    (folder / "strings.ar.json").write_text(json.dumps(kept), encoding="utf-8")


def test_what_is_shipped_has_no_problems() -> None:
    assert words.problems() == ()


def test_every_text_is_used() -> None:
    pages = "".join((words.HERE / p).read_text(encoding="utf-8") for p in words.PAGES)
    code = "".join(p.read_text(encoding="utf-8") for p in words.HERE.parent.glob("*.py"))
    parts = ("standing.", "status.", "ask.", "work.", "said.")
    for key in ENGLISH:
        name = key.removesuffix(".one").removesuffix(".other")
        there = f'"{name}"' in pages + code or key.startswith(parts)
        assert there, f"nobody asks for {key}"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("ar-EG,en;q=0.5", "ar"),
        ("en-GB,ar;q=0.9", "en"),
        ("fr, ar;q=0.3, en;q=0.1", "ar"),
        ("fr", "en"),
        ("ar;q=0, en", "en"),
        ("../../etc/passwd, *;q=x", "en"),
        ("," * 100_000, "en"),
    ],
)
def test_the_page_speaks_the_browsers_language(folder: Path, accepted: str, language: str) -> None:
    arabic(folder)
    words.languages.cache_clear()
    assert words.chosen(accepted[:5000], folder).language == language


def test_right_to_left_plurals_and_dates(folder: Path) -> None:
    arabic(folder, **{"status.right": None})
    words.of.cache_clear()
    found = words.of("ar", folder)
    assert found.direction == "rtl"
    assert found("status.right") == "Right", "English stands in"
    assert found("work.waiting", count=3) == "ع 3"
    assert "2031" in found.when("2031-05-04T10:00:00Z") or "٢٠٣١" in found.when(
        "2031-05-04T10:00:00Z"
    )
    english = words.of("en")
    assert english.when("2031-05-04T10:00:00Z").striptags() == "4 May 2031, 10:00 UTC"
    assert english.when("rubbish") == ""


def test_what_is_filled_in_is_escaped() -> None:
    filled = words.of("en")("page.title", name="<b>{name}</b>")
    assert filled == "Feedback for &lt;b&gt;{name}&lt;/b&gt;"


def test_slips_are_named(folder: Path) -> None:
    arabic(
        folder,
        **{"status.right": None, "status.rihgt": "x", "page.title": "ع {nmae}"},
    )
    page = folder / "feedback.html"
    page.write_text(
        page.read_text(encoding="utf-8") + '{{ t("page.titel") }}{{ t("nowhere." ~ name) }}',
        encoding="utf-8",
    )
    (folder / "strings.qqq.json").write_text(json.dumps(ENGLISH), encoding="utf-8")
    told = "\n".join(str(p) for p in words.problems(folder, folder))
    assert "`status.right` is not translated" in told
    assert "`status.rihgt` is not in strings.en.json" in told
    assert "`page.title` has {nmae}" in told
    assert "no text `page.titel`" in told
    assert "no text `nowhere.`" in told
    assert "no language `qqq`" in told
    (folder / "strings.ar.json").write_text("{", encoding="utf-8")
    assert "not valid JSON" in "\n".join(str(p) for p in words.problems(folder, folder))


RAISED = {"BadUploadError", "BadAnswersError", "NotGradableError", "RefusedError", "RegradeError"}
TOLD_TRAINEES = (
    "collect.py", "upload.py", "matching.py", "answers.py", "examine.py", "worksheets.py",
    "scoring/restore.py",
    "ledger/regrade.py", "sources/exchange.py", "sources/folder.py", "sources/moodle.py",
    "sources/reading.py", "sources/take.py",
)  # fmt: skip
REGRADE = ("_asked", "_regrade", "_same_origin", "_limited")
PUT_TOGETHER = 6
"""Sentences of `matching.py` that its code puts together of parts."""
FOR_TRAINERS = ("Say who answers", "The answer is over", "A decision is one of", "There is no req")


def sentences() -> set[str]:
    """What our code says to trainees, read out of the code itself; each slot holds a 7."""
    found = {*check_words.WHY.values(), check_words.NOT_PASSED, messages.TOO_LONG}
    found |= {messages.NO_ANSWER, messages.NOT_REACHED, messages.PERSON}
    found |= {text for texts in _PLAIN.values() for text in texts}
    found |= {
        text.replace("answers were", "request was") for text in (durable.FULL, durable.CLOSED)
    }
    found |= {_about(1), _about(7)}
    for name in TOLD_TRAINEES:
        found |= set(said_in(words.HERE.parent / name, RAISED, 0))
    found |= set(said_in(Path(score.__code__.co_filename), {"_nothing"}, 2, "malformed"))
    found |= set(said_in(words.HERE.parent / "routes.py", {"StopError"}, 1, within=REGRADE))
    found |= set(said_in(words.HERE.parent / "runner" / "run.py", {"_OverError"}, 1, "timed out"))
    # Put together of two texts in the code: as a trainee reads it.
    part = "7 and could not be interrupted"
    found = (found - {part}) | {f"it ran longer than 7 s{part[1:]}"}
    trainers = {text for text in found if text.startswith(FOR_TRAINERS)}
    return found - trainers


def said_in(
    path: Path, names: set[str], place: int, first: str = "", within: tuple[str, ...] = ()
) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = ((n, getattr(n, "name", "") or "") for n in ast.walk(tree))
    roots = [n for n, name in named if name in within] if within else [tree]
    for node in (n for root in roots for n in ast.walk(root)):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in names:
            continue
        if len(node.args) <= place or (first and first not in ast.unparse(node)):
            continue
        text = plain(node.args[place])
        if re.sub(r"[7\W]", "", text):
            yield text


def plain(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(p.value if isinstance(p, ast.Constant) else "7" for p in parts)  # type: ignore[misc]


def backwards(text: str) -> str:
    """Each word turned round, slots as they are: a language that nobody mistakes for English."""
    parts = re.split(r"(\{\w+\})", text)
    turned = (p if n % 2 else re.sub(r"[^\W\d_]+", lambda w: w[0][::-1], p) for n, p in
              enumerate(parts))  # fmt: skip
    return "".join(turned)


def made_language() -> words.Words:
    return words.Words("fr", {key: backwards(text) for key, text in ENGLISH.items()})


def test_every_sentence_of_the_code_can_be_translated() -> None:
    found = sentences()
    assert len(found) > 100
    turned = made_language()
    for said in sorted(found):
        assert turned.told(said) == backwards(said), said
        assert words.of("en").told(said) == said
    used = {backwards(said) for said in found}
    forms = [re.compile(re.sub(r"\\\{\w\\\}", ".+", re.escape(t)), re.DOTALL) for k, t in
             turned.texts.items() if k.startswith("said.")]  # fmt: skip
    unused = [form.pattern for form in forms if not any(form.fullmatch(said) for said in used)]
    assert len(unused) <= 9 + PUT_TOGETHER, f"nobody says these: {unused}"


@pytest.mark.parametrize(
    ("paths", "ids"),
    [
        (["x.ipynb"], {}),
        (["x.ipynb", "y.ipynb"], {}),
        (["\u0430.ipynb"], {}),  # a Cyrillic letter
        (["\u0430.ipynb", "y.ipynb"], {}),
        (["a.ipynb", "b.ipynb"], {"a": {"other"}}),
        (["a.ipynb", "b.ipynb"], {"a": {"second"}}),
    ],
)
def test_sentences_put_together_can_be_translated(
    paths: list[str], ids: dict[str, set[str]]
) -> None:
    wanted = {"a": {"first"}, "b": {"second"}}
    with pytest.raises(matching.BadUploadError) as refused:
        found = matching.chosen(paths, wanted, strict=True)
        matching.check_questions(found, ids, wanted)
    turned = made_language().told(str(refused.value))
    assert turned and "notebook" not in turned


def test_sentences_in_sentences_and_strangers_texts() -> None:
    turned = made_language()
    assert (
        turned.told("it is too large; there is no b.ipynb")
        == "ti si oot egral; ereht si on b.bnypi"
    )
    assert turned.told("Table: The value is not right yet.") == "Table: ehT eulav si ton thgir tey."
    assert turned.told("the notebook's question marks are damaged: it is too large").endswith(
        ": ti si oot egral"
    )
    assert turned.told("What an author wrote.", "What an author wrote.") == "What an author wrote."
    assert turned.told("Nobody translated this.") == "", "and no English is shown"
    assert turned.told("it is too large; Nobody translated this.") == "ti si oot egral"
    assert turned.told("there is no <b>{a}</b>") == "ereht si on <b>{a}</b>", "filled in once"
