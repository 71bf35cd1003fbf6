"""One running course for the tests of both sites; they only look, so they share it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import Served


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("a served course")
    running = Served(folder / "class data", folder / "home")
    try:
        yield running.wait_until_open()
    finally:
        try:
            running.stop()
        finally:
            running.kill()
