"""What the learner site loads: it runs for weeks on an old laptop beside everything else."""

from __future__ import annotations

import json
import subprocess
import sys

from crossings.workspace import ROOT

FOR_STAFF = ("fpdf", "matplotlib", "nbconvert", "nbgrader", "openpyxl", "pandas", "PIL", "scipy")


def test_the_learner_site_loads_nothing_that_only_staff_need() -> None:
    """All of it together took 140 MB and a second and a half of every start."""
    program = "import crossings.server.learner, json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(json.loads(done.stdout)) & set(FOR_STAFF) == set()
