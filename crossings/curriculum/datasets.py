"""Datasets: where they are, and reading one as a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossings.curriculum.model import Dataset
from crossings.curriculum.problem import Problem, nearest, relative
from crossings.workspace import ROOT

if TYPE_CHECKING:
    import pandas as pd


def find(root: Path) -> tuple[dict[str, Dataset], list[Problem]]:
    """All datasets under `root/datasets`: each folder with a `datapackage.json`."""
    found: dict[str, Dataset] = {}
    problems: list[Problem] = []
    for package in sorted((root / "datasets").glob("*/datapackage.json")):
        name = relative(package, root)
        try:
            data = json.loads(package.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            line = getattr(error, "lineno", 0)
            problems.append(Problem(name, line, f"not valid JSON: {error}", "check the commas"))
            continue
        problems.extend(_incomplete(package, data, name))
        found[package.parent.name] = Dataset(
            id=package.parent.name,
            title=str(data.get("title") or package.parent.name),
            description=str(data.get("description", "")),
            synthetic=bool(data.get("crossings", {}).get("synthetic", False)),
            files=tuple(str(r.get("path", "")) for r in data.get("resources", [])),
        )
    return found, problems


def _incomplete(package: Path, data: Any, name: str) -> list[Problem]:
    problems = []
    if data.get("name") != package.parent.name:
        problems.append(
            Problem(name, 0, "`name` is not the folder's name", f"write `{package.parent.name}`")
        )
    problems.extend(
        Problem(
            name,
            0,
            f"the file `{resource.get('path')}` is missing",
            "add the file, or take the resource out",
        )
        for resource in data.get("resources", [])
        if not (package.parent / str(resource.get("path", ""))).is_file()
    )
    synthetic = data.get("crossings", {}).get("synthetic", False)
    if synthetic and not (package.parent / "generate.py").is_file():
        problems.append(
            Problem(
                name,
                0,
                "synthetic data without its generator",
                "commit `generate.py` with its seed beside it",
            )
        )
    return problems


def read(name: str, resource: str | None = None, root: Path = ROOT) -> pd.DataFrame:
    """The main table of the dataset `name` (or its file `resource`) as a data frame.

    Raises:
        ValueError: where there is no such dataset or file; the message names the near ones.
    """
    import pandas as pd

    datasets, _ = find(root)
    if name not in datasets:
        raise ValueError(f"no dataset `{name}`: {nearest(name, datasets)}")
    files = datasets[name].files
    if resource is not None and resource not in files:
        raise ValueError(f"no file `{resource}` in dataset `{name}`: {nearest(resource, files)}")
    return pd.read_csv(root / "datasets" / name / (resource or files[0]))
