"""A kernel that ends before it begins, as one does whose port another program took."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from crossings.book.build import BuildError, build, site
from crossings.kernels import TRIES

PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# One page

```{code-cell} python
print("the sum is", 40 + 2)
```
"""
KERNEL = """import os, pathlib, sys
tries = pathlib.Path(__file__).with_name("tries")
tries.write_text(tries.read_text() + "x")
if len(tries.read_text()) < NEEDED:
    sys.exit("[IPKernelApp] ERROR | no port")
os.execv(sys.executable, [sys.executable, "-m", "ipykernel_launcher", *sys.argv[1:]])
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of one page, and a Python kernel that begins as `begins_in_try` says."""
    root = tmp_path / "book"
    root.mkdir()
    (root / "_config.yml").write_text("title: One\nexecute: {execute_notebooks: cache}\n")
    (root / "_toc.yml").write_text("format: jb-book\nroot: page\n")
    (root / "page.md").write_text(PAGE)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    return root


def begins_in_try(book: Path, number: int) -> Path:
    """Prepare the kernel; returns the file that gets a letter for each time it was started."""
    place = book.parent / "data" / "kernels" / "python3"
    place.mkdir(parents=True)
    (place / "start.py").write_text(KERNEL.replace("NEEDED", str(number)))
    argv = [sys.executable, str(place / "start.py"), "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (place / "kernel.json").write_text(json.dumps(spec))
    (place / "tries").write_text("")
    return place / "tries"


def test_the_book_is_built_when_a_kernel_begins_in_a_later_try(book: Path) -> None:
    tries = begins_in_try(book, 2)
    build(book)
    assert "the sum is 42" in (site(book) / "page.html").read_text(encoding="utf-8")
    assert 2 <= len(tries.read_text()) <= TRIES


def test_a_kernel_that_never_begins_is_said_and_not_what_it_writes_itself(book: Path) -> None:
    tries = begins_in_try(book, TRIES + 1)
    with pytest.raises(BuildError) as caught:
        build(book)
    assert "Kernel died before replying" in str(caught.value)
    assert "IPKernelApp" not in str(caught.value)
    assert len(tries.read_text()) == TRIES


def test_a_page_that_fails_is_not_tried_again(book: Path) -> None:
    tries = begins_in_try(book, 1)
    (book / "page.md").write_text(PAGE.replace("40 + 2", "40 / 0"))
    with pytest.raises(BuildError) as caught:
        build(book)
    assert "page.md: WARNING: Executing notebook failed" in str(caught.value)
    assert len(tries.read_text()) < TRIES
