"""A small course, built by plain `jupyter-book build` as its users would."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from crossings.book.build import JUPYTER_BOOK
from crossings.environment import child_environment
from tests.tiny_course import FILES, write_course

ROOT = Path(__file__).resolve().parents[2]
TOC = """\
format: jb-book
root: book/welcome
chapters:
  - file: modules/demo/first
  - file: modules/demo/trainer-guide
  - file: book/syllabus
  - file: book/law
  - file: book/glossary
  - file: book/sources
"""
MORE = """
```{content-note}
This is hard to read.
```

```{atwork} Night shift
A bus arrives.
```

```{never}
- Send anybody away.
```

```{keypoints}
- Ask first.
```

See {term}`ask`.
"""

GUIDE = """\
# Trainer's guide: a demo module

## Half a day

Ask as {law}`LAW-1` says.

## Handouts

:::{handout} Five questions
:lines: 4
Write *before* you talk.

| question | who asks |
| --- | --- |
| safe? | you |
:::

Words between.

:::{handout} A second sheet
Short.
:::

## Role cards

:::{rolecard} The officer
You are tired. The bus is late.
:::

:::{rolecard} The traveller
You do not say who paid.
:::

:::{rolecard} The interpreter
You know nobody here.
:::
"""


def jupyter_book(root: Path) -> subprocess.CompletedProcess[str]:
    command = [*JUPYTER_BOOK, "build", str(root), "-W", "--keep-going"]
    return subprocess.run(
        command, cwd=root.parent, env=child_environment(), capture_output=True,
        text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of the small course, in a folder with a space in its name."""
    root = tmp_path_factory.mktemp("a book") / "the course"
    write_course(root, {"modules/demo/first.md": FILES["modules/demo/first.md"] + MORE})
    (root / "modules/demo/glossary.yml").write_text(
        "- {term: ask, meaning: To put a question., cites: [LAW-1, LAW-2], sources: [DOC-1]}\n",
        encoding="utf-8",
    )
    (root / "modules/demo/trainer-guide.md").write_text(GUIDE, encoding="utf-8")
    shutil.copyfile(ROOT / "_config.yml", root / "_config.yml")
    (root / "_toc.yml").write_text(TOC, encoding="utf-8")
    (root / "book").mkdir()
    (root / "book" / "welcome.md").write_text("# Welcome\n\nRead {law}`LAW-1`.\n", encoding="utf-8")
    for page in ("syllabus", "law", "glossary", "sources"):
        shutil.copyfile(ROOT / "book" / f"{page}.md", root / "book" / f"{page}.md")
    done = jupyter_book(root)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "_build" / "html"
