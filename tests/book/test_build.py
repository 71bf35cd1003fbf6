"""The course's own book, built as `./course build` builds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossings.book.build import is_current, site
from crossings.curriculum import current
from crossings.workspace import ROOT
from tests.conftest import BOOK
from tests.serving import built_book

pytestmark = pytest.mark.xdist_group(BOOK)


def test_the_book_is_built_without_a_warning_and_has_a_page_for_each_chapter(
    tmp_path: Path,
) -> None:
    built_book(tmp_path / "home")
    assert is_current(ROOT)
    written = [c.path for m in current().modules.values() for c in m.chapters]
    assert len(written) > 40
    for chapter in written:
        assert (site(ROOT) / chapter.relative_to(ROOT)).with_suffix(".html").is_file(), chapter
