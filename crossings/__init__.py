"""Crossings: a course kit on mixed migration.

In a notebook:

    from crossings import dataset, indicators, show
    show("trafficking-identification/night-crew-at-north-quay")   # play a case
    records = dataset("screening-records")                        # a data frame
    indicators()                                                  # how signs combine
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossings.curriculum.datasets import read as dataset
    from crossings.player.indicator_tool import indicators
    from crossings.player.widget import show

__all__ = ["dataset", "indicators", "show"]


def __getattr__(name: str) -> Any:
    """Import on first use: the server and the checker need neither pandas nor widgets."""
    if name == "dataset":
        from crossings.curriculum.datasets import read

        return read
    if name == "show":
        from crossings.player.widget import show

        return show
    if name == "indicators":
        from crossings.player.indicator_tool import indicators

        return indicators
    raise AttributeError(f"module `crossings` has no `{name}`")
