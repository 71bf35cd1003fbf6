"""The Sphinx extension that draws the course: directives, roles, generated pages, light assets.

`_config.yml` names it, so plain `jupyter-book build .` gives the whole book.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STATIC = Path(__file__).parent / "static"


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    from crossings.book import (
        activities,
        assets,
        boxes,
        citations,
        finder,
        law,
        pages,
        ratifications,
        source,
    )

    source.setup(app)
    boxes.setup(app)
    citations.setup(app)
    activities.setup(app)
    pages.setup(app)
    law.setup(app)
    finder.setup(app)
    ratifications.setup(app)
    assets.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
