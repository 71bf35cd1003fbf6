"""Configuration of nbgrader for this course; plain `nbgrader …` works in this folder.

The workspace is the folder above this one, unless CROSSINGS_WORKSPACE names another.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

c = get_config()  # noqa: F821  (given by traitlets)

_here = Path(__file__).resolve().parent
_workspace = Path(os.environ.get("CROSSINGS_WORKSPACE") or _here.parent).resolve()
_gradebook = _workspace / "grading" / "gradebook.db"
_gradebook.parent.mkdir(parents=True, exist_ok=True)

# nbgrader starts `alembic` by name; without an activated environment it is not on PATH.
_programs = str(Path(sys.executable).parent)
if _programs not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([_programs, os.environ.get("PATH", os.defpath)])

c.CourseDirectory.course_id = "crossings"
c.CourseDirectory.root = str(_workspace / "exercises")
c.CourseDirectory.db_url = "sqlite:///" + _gradebook.as_posix()

# A submitted notebook must not run scripts in the marker's browser. nbgrader's page for marking
# leaves Markdown as it is even when told to sanitise, so the filters are replaced as well.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "markdown2html": "crossings.grading.inert.markdown",
    "clean_html": "crossings.grading.inert.clean",
}
c.HTMLExporter.preprocessors = [
    "crossings.grading.inert.Inert",
    # Above each answer in formgrader, how a person marks it.
    "crossings.grading.rubrics.shown.Rubrics",
]

# nbconvert loads a part of the page for marking from the internet; ours comes first and does not.
_ours = str(Path(find_spec("crossings.grading").submodule_search_locations[0]) / "share")
if _ours not in os.environ.get("JUPYTER_PATH", "").split(os.pathsep):
    _others = [p for p in [os.environ.get("JUPYTER_PATH", "")] if p]
    os.environ["JUPYTER_PATH"] = os.pathsep.join([_ours, *_others])

# One cell may run for 30 seconds, and say at most this much.
c.Execute.timeout = 30
c.LimitOutput.max_lines = 500
c.LimitOutput.max_traceback = 100
