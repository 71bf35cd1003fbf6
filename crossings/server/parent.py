"""How a door hangs on the process that started it: by its standard input."""

from __future__ import annotations

import os
import signal
import threading
import time

LAST_RESORT = 10.0
"""Seconds that an orderly end may take before everything is killed."""


def read_secret() -> str:
    """The first line of standard input.

    A secret that comes this way stands in no command line and no environment, where other
    programs of the machine, or notebooks that this process starts, could read it.
    """
    found = bytearray()
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        found += byte
    return found.decode("utf-8").strip()


def end_with_parent() -> None:
    """Stop this process when its parent goes, however it goes: then our standard input ends."""

    def wait() -> None:
        # Straight from the descriptor: a buffered reader's lock breaks the interpreter's end.
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_RESORT)
        if os.name == "posix" and os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()
