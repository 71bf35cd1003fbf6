"""The runner stands alone in its room, and what runs inside stands alone in the runner."""

from __future__ import annotations

import pytest

from tests.test_house import PACKAGE, imports

RUNNER = PACKAGE / "grading" / "runner"


@pytest.mark.parametrize("path", sorted(RUNNER.rglob("*.py")), ids=lambda p: p.name)
def test_the_runner_imports_nothing_of_the_rest_of_marking(path: object) -> None:
    allowed = ("crossings.grading.runner", "crossings.workspace")
    if "inside" in path.parts:  # type: ignore[attr-defined]
        allowed = ()
    for name in imports(path):  # type: ignore[arg-type]
        assert not name.startswith("crossings") or name.startswith(allowed or ("-",)), name
