"""Jupyter kernels that ended before they began are started again.

A kernel is told free ports before it runs. Where another program takes one in that moment, the
kernel ends at once. Jupyter's server then starts it again with other ports; nbclient, which
Jupyter Book and the check of an assignment's solution use, does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

NOT_BEGUN = "Kernel died before replying to kernel_info"
"""What jupyter_client says of such a kernel."""
TRIES = 3


def told_begun(run: Callable[[], T], said: Callable[[T], str]) -> T:
    """As `begun`, where what ran says in its text that a kernel did not begin: a program, mostly.

    What the last try gives is returned, whatever it says.
    """
    for _ in range(TRIES - 1):
        done = run()
        if NOT_BEGUN not in said(done):
            return done
    return run()


def begun(run: Callable[[], T]) -> T:
    """What `run` returns; it is run anew, up to `TRIES` times, while its kernel does not begin.

    Raises:
        RuntimeError: no kernel began in the last try either.
    """
    for _ in range(TRIES - 1):
        try:
            return run()
        except RuntimeError as error:
            if NOT_BEGUN not in str(error):
                raise
    return run()
