"""Looking, inside the learner's process, for signs that the tests themselves were acted on.

The examiner runs `start()` before the learner's first cell and `look(…)` before and after each
test. What is found crosses as plain data; the examiner alone decides what it means.

What this can see: names of Python and of the libraries that tests lean on that are bound to
something else than at the start; objects among the names a test uses that claim to equal anything;
hooks on tracing, imports, errors, displays and cell sources. What it cannot see: code that puts
everything back before it is looked for, memory written through ctypes, and anything that replaces
this module's own insides first. It runs where the learner's code runs. Tests that must hold against
that use `crossings.check`, whose expected values are never in this process.
"""

from __future__ import annotations

import builtins
import os
import sys
import threading
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crossings.check.record import MARKING

MIME = "application/vnd.crossings.watch+json"
WATCHED = (
    "builtins",
    "math",
    "statistics",
    "json",
    "operator",
    "functools",
    "unittest.case",
    "numpy",
    "numpy.testing",
    "pandas",
    "pandas.testing",
    "pandas.api.types",
    "matplotlib.pyplot",
    "crossings.check",
    "crossings.check.record",
    "crossings.check.plain",
    "crossings.check.axes",
    "crossings.check.calls",
)
CLASSES = (
    ("pandas", "DataFrame"),
    ("pandas", "Series"),
    ("pandas", "Index"),
    ("matplotlib.axes", "Axes"),
    ("unittest.case", "TestCase"),
)
_CLASS_NAMES = frozenset(".".join(pair) for pair in CLASSES)
OTHERS = frozenset({"get_ipython", "display", "exit", "quit", "open", "_", "__", "___", "input"})
"""Builtins that IPython itself sets."""
MOST = 20
_COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__sub__", "__rsub__",
                "__abs__", "__bool__", "__len__", "__contains__", "__instancecheck__",
                "__array__", "__array_ufunc__", "__class__")  # fmt: skip


def start() -> None:
    """Remember how things are now. A second call is an error: it would hide what happened."""
    if _start:
        raise RuntimeError("the examiner's watch is already set")
    os.environ |= {MARKING: "1", "NBGRADER_EXECUTION": "autograde"}
    _start["owners"] = list(_owners())
    _start["classes"] = _classes()
    _start["modules"] = [(m, sys.modules[m]) for m in WATCHED if m in sys.modules]
    _start["hooks"] = _hooks(_shell())


_start: dict[str, Any] = {}
_kept: dict[str, Any] = {}


def keep(names: Iterable[str]) -> None:
    """Remember what a locked cell of the assignment has just bound to these names."""
    space = _shell().user_ns
    _kept.update({name: space[name] for name in names if name in space})


def look(token: str, names: Iterable[str] = ()) -> None:
    """Show what differs from the start; `names` are those that the coming test uses."""
    from IPython.display import display

    display({MIME: report(token, names), "text/plain": ""}, raw=True)  # type: ignore[no-untyped-call]


def report(token: str, names: Iterable[str] = ()) -> dict[str, Any]:
    shell = _shell()
    space = shell.user_ns if shell is not None else {}
    found: dict[str, Any] = {
        "token": token,
        "patched": [],
        "shadowed": [],
        "equal": [],
        "hooks": [],
    }
    if not _start:
        found["hooks"] = ["watch"]
        return found
    found["patched"] = _patched()[:MOST]
    for name in list(names)[:200]:
        if name in _kept and space.get(name) is not _kept[name]:
            solid = callable(_kept[name]) or type(_kept[name]) is types.ModuleType
            found["shadowed"].append([name, "callable" if solid else "value"])
        elif name in space and hasattr(builtins, name):
            kind = "callable" if callable(space[name]) else "value"
            if space[name] is not getattr(builtins, name):
                found["shadowed"].append([name, kind])
        elif name in space:
            why = _odd(space[name])
            if why:
                found["equal"].append([name, why])
    before = _start["hooks"]
    found["hooks"] = [name for name, state in _hooks(shell).items() if state != before.get(name)]
    last = getattr(shell, "last_execution_succeeded", None)
    found["succeeded"] = last if isinstance(last, bool) else None
    return found


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    return get_ipython()


@dataclass(frozen=True)
class _Owner:
    """A module or class as it was: what its names were bound to, and the code of its functions."""

    name: str
    space: Mapping[str, Any]
    bound: tuple[tuple[str, Any], ...]
    codes: tuple[tuple[str, Any, Any], ...]
    closed: bool
    """Whether a new name in it counts, as it does in Python's builtins."""

    def changed(self) -> list[str]:
        space = self.space
        found = [name for name, thing in self.bound if space.get(name, _GONE) is not thing]
        # pandas keeps some accessors in the class only from their first use on.
        found = [n for n in found if n in space or not self.name.startswith("pandas.")]
        found += [name for name, function, code in self.codes if function.__code__ is not code]
        return [f"{self.name}.{name}" for name in dict.fromkeys(found)]


_GONE = object()


def _owners() -> Iterator[_Owner]:
    for module in WATCHED:
        found = sys.modules.get(module)
        if found is not None:
            yield _owner(module, vars(found), closed=module == "builtins")
    for module, name in CLASSES:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type):
            yield _owner(f"{module}.{name}", vars(kind), closed=False)


def _owner(name: str, space: Mapping[str, Any], *, closed: bool) -> _Owner:
    bound = [(n, thing) for n, thing in list(space.items()) if callable(thing) and _counts(name, n)]
    codes = [(n, f, f.__code__) for n, thing in bound for f in _wrapped(thing)]
    return _Owner(name, space, tuple(bound), tuple(codes), closed)


def _counts(owner: str, name: str) -> bool:
    """Private names of libraries change as they work; IPython sets some of Python's own."""
    if owner == "builtins":
        return name not in OTHERS
    return not name.startswith("_") or owner in _CLASS_NAMES


def _wrapped(thing: Any) -> Iterator[Any]:
    """A function, and those that it is wrapped round."""
    for _ in range(8):
        if type(thing) is not types.FunctionType:
            return
        yield thing
        thing = thing.__dict__.get("__wrapped__")


def _patched() -> list[str]:
    found = []
    for owner in _start["owners"]:
        found += owner.changed()
        if owner.closed:
            known = {name for name, _ in owner.bound} | OTHERS
            found += [f"{owner.name}.{n}" for n in owner.space if n not in known and
                      callable(owner.space[n])]  # fmt: skip
    found += [f"sys.modules {m}" for m, was in _start["modules"] if sys.modules.get(m) is not was]
    return found + _overridden()


def _overridden() -> list[str]:
    """Names that a watched class has got since the start and that hide one it inherited."""
    found = []
    for kind, names in _start["classes"]:
        if len(vars(kind)) > len(names):
            new = vars(kind).keys() - names
            hides = (n for n in new if any(n in vars(base) for base in kind.__mro__[1:]))
            found += [f"{kind.__name__}.{name}" for name in sorted(hides)]
    return found


def _classes() -> list[tuple[type, frozenset[str]]]:
    kinds = [getattr(sys.modules.get(module), name, None) for module, name in CLASSES]
    return [(kind, frozenset(vars(kind))) for kind in kinds if isinstance(kind, type)]


def _odd(thing: Any, depth: int = 0) -> str:
    """Why an object cannot be trusted to compare itself; "" where nothing is odd."""
    kind = type(thing)
    if depth < 2 and kind in (list, tuple, set, frozenset, dict):
        inside = list(thing.values() if kind is dict else thing)[:100]
        return next((why for one in inside if (why := _odd(one, depth + 1))), "")
    if isinstance(thing, type):
        return "class" if type(thing) is not type and _is_own(type(thing)) else ""
    if not _is_own(kind):
        return ""
    own = {name for base in kind.__mro__ if _is_own(base) for name in vars(base)}
    if not own.intersection(_COMPARISONS):
        return ""
    try:
        if thing == _NOTHING:
            return "equals everything"
    except Exception:
        return "own comparison"
    derived = any(base in _PLAIN or not _is_own(base) for base in kind.__mro__[:-1])
    return "derived" if derived else "own comparison"


_PLAIN = (int, float, str, bytes, list, tuple, dict, set, frozenset)


def _is_own(kind: type) -> bool:
    """Whether a class was made in the notebook: no installed module has it under its own name."""
    if not kind.__flags__ & _HEAP:
        return False
    name = vars(kind).get("__module__")
    module = sys.modules.get(name) if type(name) is str else None
    if name == "__main__" or module is None:
        return True
    found: Any = module
    for part in kind.__qualname__.split("."):
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    return found is not kind


_HEAP = 1 << 9
"""CPython's flag of classes made while a program runs; others are written in C."""


class _Nothing:
    """Equal to nothing but itself."""


_NOTHING = _Nothing()


def _hooks(shell: Any) -> dict[str, Any]:
    """Places where code can step between a test and its outcome."""
    found: dict[str, Any] = {
        "sys.settrace": sys.gettrace(),
        "sys.setprofile": sys.getprofile(),
        "sys.displayhook": type(sys.displayhook),
        "sys.meta_path": [id(x) for x in sys.meta_path if _is_own(_class(x))],
        "sys.path_hooks": [id(x) for x in sys.path_hooks if _is_own(_class(x))],
        "threading.settrace": getattr(threading, "_trace_hook", None),
    }
    if shell is None:
        return found
    kind = type(shell)
    found |= {
        "shell": (kind, sorted(set(vars(shell)) & _METHODS), [getattr(kind, m) for m in _WATCH]),
        "errors": (shell.custom_exceptions, shell.CustomTB.__func__)
        if hasattr(shell.CustomTB, "__func__")
        else (shell.custom_exceptions, shell.CustomTB),
        "source transformers": [
            [id(x) for x in shell.ast_transformers],
            [id(x) for x in shell.input_transformers_post],
            [id(x) for x in shell.input_transformer_manager.cleanup_transforms],
            [id(x) for x in shell.input_transformer_manager.line_transforms],
            [id(x) for x in shell.input_transformer_manager.token_transformers],
        ],
        "display": (type(shell.display_pub), sorted(set(vars(shell.display_pub)) & {"publish"})),
        "value shown": (type(shell.displayhook), sorted(set(vars(shell.displayhook)) & _SHOWN)),
        "user_ns": shell.user_ns.get("__builtins__") in (builtins, vars(builtins)),
    }
    return found


_METHODS = frozenset({"run_cell", "run_code", "run_ast_nodes", "showtraceback", "_showtraceback",
                      "showsyntaxerror", "run_cell_async", "_run_cell"})  # fmt: skip
_WATCH = ("run_cell", "run_code", "run_ast_nodes", "showtraceback", "_showtraceback")
_SHOWN = frozenset({"__call__", "write_output_prompt", "compute_format_data", "finish_displayhook"})


def _class(thing: Any) -> type:
    return thing if isinstance(thing, type) else type(thing)
