from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossings.cases import Case, document
from tests.reading import read_yaml

from .twin import Twin

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def twin() -> Twin:
    return Twin()


@pytest.fixture
def small_data() -> dict[str, Any]:
    """The fixture case as data, for tests that break it."""
    data: dict[str, Any] = read_yaml(HERE / "small.yml")
    return data


@pytest.fixture
def sound_data() -> dict[str, Any]:
    """The fixture case in which the checks find nothing, for tests that put a mistake into it."""
    data: dict[str, Any] = read_yaml(HERE / "sound.yml")
    return data


@pytest.fixture
def small(small_data: dict[str, Any]) -> Case:
    return Case.model_validate(small_data)


@pytest.fixture
def doc(small: Case) -> dict[str, Any]:
    return document(small)
