"""Cells come out of the runner as they come out of a real kernel run by nbclient, as nbgrader does."""

from __future__ import annotations

import base64
import copy
import os
import re
import sys
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.preprocessors import Execute

from crossings.grading.runner import Limits, Runner, Task
from crossings.grading.runner.bubble import MOUNTED
from crossings.kernels import begun
from tests.grading.runner.conftest import cells

CASES = {
    "result": "1 + 1",
    "nothing": "x = 1",
    "semicolon": "x;",
    "prints": "print('a'); print('b', end='')\nimport sys\nprint('err', file=sys.stderr)\nprint('c')",
    # A kernel reads these in a thread, and late: what it had not read would be in the next cell.
    "c level": "import os, time\nprint('before')\nos.write(1, b'raw\\n')\nos.write(2, b'raw error\\n')\n"
    "time.sleep(1)",
    "a program": "!echo hello; echo error >&2; exit 3",
    "its exit code": "_exit_code",
    "assigned": "lines = !printf 'a\\nb\\n'\nlines",
    "line magic": "%pwd\n%timeit -n1 -r1 -q pass",
    "cell magic": "%%capture caught\nprint('unseen')",
    "captured": "caught.stdout",
    "bash": "%%bash\necho from bash",
    "writefile": "%%writefile note.txt\nhello",
    "read back": "open('note.txt').read()",
    "unknown magic": "%no_such_magic",
    "frame": "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "series": "pd.Series([1.5, 2.5], name='s')",
    "display": "from IPython.display import HTML, Markdown, display\n"
    "display(HTML('<b>x</b>'), 'text')\nHTML('<i>y</i>')",
    "metadata": "display(HTML('<b>x</b>'), metadata={'text/html': {'isolated': True}})",
    "update": "handle = display('first', display_id='an-id')\nhandle.update('second')",
    "update from far": "handle.update('third')\ndisplay('fourth', display_id='an-id')",
    "clear": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "clear later": "print('old')\nclear_output(wait=True)\nprint('new')",
    "clear never": "print('old')\nclear_output(wait=True)",
    "error": "def divide(a):\n    return a / 0\n\nprint('so far')\ndivide(1)",
    "syntax": "if True print('x')",
    "indentation": "  x = 1\n y = 2",
    "chained": "try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError('v') from e",
    "assertion": "assert 1 == 2, 'not equal'",
    "own error": "class Odd(Exception):\n    pass\nraise Odd('strange\\nlines')",
    "exit": "import sys\nsys.exit('bye')",
    "interrupt": "raise KeyboardInterrupt",
    "warning": "import warnings\nwarnings.warn('careful')",
    "input": "input('name? ')",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\n'waited'",
    "await error": "async def fails():\n    raise RuntimeError('later')\nawait fails()",
    "running loop": "asyncio.get_running_loop().is_running()",
    "task": "done = []\nasync def later():\n    done.append(1)\ntask = asyncio.ensure_future(later())\nawait task\ndone",
    "run": "asyncio.run(later())",
    "inline": "%matplotlib inline",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('t')",
    "two figures": "for n in range(2):\n    plt.figure(figsize=(1 + n, 1))\n    plt.plot([n])\nplt.show()\nprint('after')",
    "closed": "figure, axes = plt.subplots()\nplt.close(figure)",
    "shown": "figure",
    "figures left": "plt.get_fignums()",
    "in and out": "Out[1], In[1], _i1, len(In)",
    "underscore": "7",
    "underscores": "_ + 1",
    "name": "__name__, __doc__",
    "help": "len?",
    "pickle": "import pickle\nclass Kept:\n    pass\ntype(pickle.loads(pickle.dumps(Kept()))) is Kept",
    "thread": "import threading\nt = threading.Thread(target=print, args=('from a thread',))\nt.start(); t.join()",
    "thread error": "t = threading.Thread(target=lambda: None)\nt.start(); t.join()",
    "fork": "import os\npid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)[1]",
    "surrogate": "print('\\ud800'.encode('utf-8', 'replace'))",
    "long": "list(range(2000))",
    "mimebundle": "class B:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'p', 'application/json': {'a': [1, None, True]}}\nB()",
    "bad repr": "class R:\n    def __repr__(self):\n        raise ValueError('no')\nR()",
    "ansi": "print('\\x1b[31mred\\x1b[0m\\r over')",
    "progress": "import sys\nfor n in range(3):\n    sys.stdout.write(f'\\r{n}')\n    sys.stdout.flush()",
    "no buffer": "hasattr(sys.stdout, 'buffer'), sys.stdout.isatty(), sys.stdout.encoding",
    "hidden": "get_ipython().run_cell('1/0', silent=True).success",
    "no traceback": "get_ipython().showtraceback = lambda *a, **k: None\n1/0",
}  # fmt: skip
"""Each is one cell of the same notebook, in this order."""


@pytest.fixture(scope="module")
def both(
    runner: Runner, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    notebook = cells(*CASES.values())
    (ran,) = runner.run([Task("ours", notebook, {}, Limits())])
    assert ran.outcome == "ran", ran.reason
    assert ran.notebook is not None
    theirs = nbformat.from_dict(copy.deepcopy(notebook))
    place = {"metadata": {"path": str(tmp_path_factory.mktemp("kernel"))}}
    client = NotebookClient(
        theirs, kernel_name="python3", allow_errors=True, timeout=60, resources=place
    )
    client.on_cell_executed = lambda **told: Execute.on_cell_executed(None, **told)
    # A kernel that finds itself in a test does not catch what is written below Python.
    untested = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
    begun(lambda: client.execute(env=untested))
    pairs = zip(ran.notebook["cells"], theirs["cells"], strict=True)
    return dict(zip(CASES, pairs, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_a_cell_comes_out_the_same(both: dict[str, Any], name: str) -> None:
    ours, theirs = (_comparable(cell) for cell in both[name])
    assert ours == theirs


def test_execution_counts_are_the_same(both: dict[str, Any]) -> None:
    counts = [tuple(cell["execution_count"] for cell in pair) for pair in both.values()]
    assert all(ours == theirs for ours, theirs in counts), counts


def test_the_executed_notebook_is_valid(runner: Runner) -> None:
    (ran,) = runner.run([Task("ours", cells(*CASES.values()), {}, Limits())])
    nbformat.validate(ran.notebook)


def _comparable(cell: dict[str, Any]) -> list[Any]:
    """The outputs; texts of a stream as one, because a kernel sends the two in any order."""
    texts: dict[str, str] = {}
    others = []
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            texts[output["name"]] = texts.get(output["name"], "") + output["text"]
        else:
            others.append(_plain(output))
    return [*sorted(_plain(texts).items()), *others]


def _plain(value: Any) -> Any:
    """Without what differs between any two runs: paths of code, addresses, bytes of pictures."""
    if isinstance(value, dict):
        return {key: _picture(v) if key == "image/png" else _plain(v) for key, v in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        text = re.sub(r"\x1b\[[0-9;]*m", "", value)
        for place in (f"{MOUNTED}/from{sys.prefix}", sys.prefix):  # it may hold spaces
            text = text.replace(place, "/venv")
        text = re.sub(r"(/tmp)?/ipykernel_\d+/\d+\.py", "CELL", text)
        text = re.sub(r"'/[^']*'|~?/[\w./~-]+", "PATH", text)
        text = re.sub(r"0x[0-9a-f]+", "0x", text)
        # A traceback goes through the machinery that raised: its frames are each kernel's own.
        return re.sub(
            r"(?s)File PATH:\d+, in (ipykernel|Kernel|_no_input).*?(?=\n\w+Error:|\Z)", "", text
        )
    return value


def _picture(encoded: str) -> tuple[bytes, int]:
    body = base64.b64decode(encoded)
    return body[:24], len(body)  # the signature, width and height
