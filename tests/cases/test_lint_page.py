"""The page for authors has every code that the checks use."""

from __future__ import annotations

import re
from pathlib import Path

import crossings

PACKAGE = Path(crossings.__file__).parent
PAGE = PACKAGE.parent / "docs" / "formats" / "case-lint.md"
CODE = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')
SOURCES = [
    *sorted((PACKAGE / "cases" / "checks").glob("*.py")),
    PACKAGE / "curriculum" / "check.py",
    PACKAGE / "player" / "catalogue.py",
]


def test_every_code_is_explained() -> None:
    used = {code for path in SOURCES for code in CODE.findall(path.read_text(encoding="utf-8"))}
    told = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE.read_text(encoding="utf-8")))
    assert len(used) > 35
    assert used <= told, sorted(used - told)
