"""From one app to the app beside it: the address of a page, and what its address asks for.

Apps are notebooks in one folder. Voila tells each at which address it was opened, in the words of
CGI; in JupyterLab, or where Voila serves one notebook alone, there is no page beside it.
"""

from __future__ import annotations

import os
from urllib.parse import parse_qs, urlencode

CONSOLE, DEBRIEF = "console.ipynb", "debrief.ipynb"


def debrief(run: str) -> str | None:
    """The address of the debrief of `run`, seen from the console; None where nothing serves it."""
    here = os.environ.get("SCRIPT_NAME", "")
    if not here.endswith(f"/{CONSOLE}"):
        return None
    return f"{DEBRIEF}?{urlencode({'drill': run})}"


def wanted() -> str | None:
    """The run that the address of this page names: anything may stand there."""
    asked = parse_qs(os.environ.get("QUERY_STRING", ""))
    return asked.get("drill", [None])[0]
