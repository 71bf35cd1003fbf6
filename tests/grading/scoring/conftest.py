"""One warm sandbox for all tests of scoring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossings.grading.runner import Runner
from tests.grading.scoring.running import runner


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Runner]:
    with runner() as started:
        yield started
