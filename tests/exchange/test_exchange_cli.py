"""The commands: what a user types, what is written, and every mistake as one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossings.cases.model import Case
from crossings.items import Item
from tests.exchange.profile import unpacked
from tests.reading import read_yaml
from tests.serving import course as run
from tests.tiny_course import write_course


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def own(tmp_path: Path) -> str:
    return str(write_course(tmp_path / "own course"))


def test_a_case_goes_out_and_a_story_comes_in(home: Path, own: str, tmp_path: Path) -> None:
    twee, page = tmp_path / "a b" / "walk.twee", tmp_path / "walk.html"
    done = run("case", "export", "walk", "--to", "twee", "--out", str(twee), home=home,
               CROSSINGS_ROOT=own)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "caps (harm) have no effect in Twine" in done.stdout and twee.is_file()
    done = run("case", "export", "demo/walk", "--to", "html", "--out", str(page), home=home,
               CROSSINGS_ROOT=own)  # fmt: skip
    assert done.returncode == 0 and "<!doctype html>" in page.read_text(encoding="utf-8")
    text = twee.read_text(encoding="utf-8").replace("A short walk", "Another walk")
    twee.write_text(text, encoding="utf-8")
    done = run("case", "import", str(twee), "--module", "demo", home=home, CROSSINGS_ROOT=own)
    assert done.returncode == 0, done.stderr
    draft = Path(own) / "modules/demo/cases/another-walk.yml"
    Case.model_validate(read_yaml(draft))
    again = run("case", "import", str(twee), "--module", "demo", home=home, CROSSINGS_ROOT=own)
    assert again.returncode == 2 and "is there already" in again.stderr
    check = run("check", home=home, CROSSINGS_ROOT=own)
    assert check.returncode == 2 and "unfinished: `TODO" in check.stderr


def test_items_go_out_and_come_in(home: Path, own: str, tmp_path: Path) -> None:
    package, out = tmp_path / "items.zip", tmp_path / "new" / "items.yml"
    done = run("items", "export", "demo", "--to", "qti", str(package), home=home,
               CROSSINGS_ROOT=own)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "item `ws-1`: reserved for a worksheet" in done.stdout
    assert "test.xml" in unpacked(package.read_bytes())
    done = run("items", "import", str(package), "--module", "demo", "--out", str(out), home=home,
               CROSSINGS_ROOT=own)  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [Item.model_validate(d) for d in read_yaml(out)]
    assert {i.id for i in found} >= {"q-1-2", "pre-1-2"}
    assert "item `ws-1`: left out" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["case", "export", "wakl", "--to", "twee"], "did you mean"),
        (["case", "export", "walk", "--to", "pdf"], "choose twee or html"),
        (["case", "export", "walk", "--to", "html", "--out", "/dev/null/x.html"], "cannot write"),
        (["case", "import", "none.twee", "--module", "demo"], "cannot read none.twee"),
        (["case", "import", "none.twee", "--module", "dmeo"], "no module `dmeo`"),
        (["items", "export", "demo", "--to", "csv"], "choose qti or html"),
        (["items", "import", "none.zip", "--module", "demo", "--out", "x.yml"], "cannot read"),
    ],
    ids=lambda v: " ".join(v[:5]) if isinstance(v, list) else None,
)
def test_mistakes_are_one_message(home: Path, own: str, arguments: list[str], words: str) -> None:
    done = run(*arguments, home=home, CROSSINGS_ROOT=own)
    assert done.returncode == 2 and words in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1
