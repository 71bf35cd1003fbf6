"""Files of the course as data, by the quick loader that the course itself uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from crossings.curriculum.files import LOADER


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), LOADER)
