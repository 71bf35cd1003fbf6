"""Our quick check of cell metadata says what nbgrader's own says, of every notebook it ships."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import nbgrader
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator

from crossings.grading.scoring.metadata import validator


def verdict(check: Any, node: Any) -> str:
    try:
        check.validate_nb(node)
    except Exception as error:
        return type(error).__name__
    return ""


def test_of_every_notebook_that_nbgrader_ships() -> None:
    said = []
    for path in sorted(Path(nbgrader.__file__).parent.rglob("*.ipynb")):
        try:
            node = nbformat.read(path, as_version=4)
        except Exception:
            continue
        theirs = verdict(MetadataValidator(), node)
        assert verdict(validator(), node) == theirs, path
        said.append(theirs)
    assert len(said) > 60 and {"", "SchemaTooOldError", "ValidationError"} <= set(said)


VALUES = (
    st.none() | st.booleans() | st.integers(-2, 5) | st.floats(-1, 2) | st.text(max_size=4)
    | st.sampled_from(["code", "markdown", "q1", "0" * 32])
)  # fmt: skip
META = st.fixed_dictionaries(
    {"schema_version": st.just(3), "grade": st.booleans(), "solution": st.booleans(),
     "locked": st.booleans()},
    optional={"points": VALUES, "grade_id": VALUES, "checksum": VALUES, "cell_type": VALUES,
              "task": VALUES, "more": VALUES},
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(META, st.sampled_from(["code", "markdown"]))
def test_of_any_metadata(meta: dict[str, Any], kind: str) -> None:
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    node = nbformat.v4.new_notebook(cells=[make("x", metadata={"nbgrader": meta})])
    assert verdict(validator(), node) == verdict(MetadataValidator(), node)
