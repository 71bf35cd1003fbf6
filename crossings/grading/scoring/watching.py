"""From what the probes saw to signals: facts told beside the learner's code, not proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crossings.grading.scoring.prepare import Look
from crossings.grading.scoring.signals import Signal, shown

_EQUAL = {
    "equals everything": ("strong", "says that it equals anything it is compared with"),
    "derived": ("strong", "is of a class made in the notebook that changes how numbers or texts "
                          "compare"),
    "class": ("strong", "is a class that changes how classes compare"),
}  # fmt: skip
_HOOKS = {
    "sys.settrace": "code is traced line by line",
    "sys.setprofile": "every call is watched by a hook",
    "sys.displayhook": "how values are shown was changed",
    "sys.meta_path": "how modules are imported was changed",
    "sys.path_hooks": "how modules are imported was changed",
    "threading.settrace": "new threads are traced",
    "shell": "how cells are run was changed",
    "errors": "errors are caught before they are reported",
    "source transformers": "the text of cells is changed before it is run",
    "display": "what cells display is changed on its way",
    "value shown": "the value of a cell is changed before it is shown",
    "user_ns": "the notebook's builtins were exchanged",
    "watch": "the examiner's watch was taken away",
}


def signals_of(name: str, look: Look | None, outputs: list[Any]) -> Iterator[Signal]:
    """What the probes round the test `name` say."""
    if look is None:
        return
    if look.before is None or look.after is None:
        where = "before" if look.before is None else "after"
        text = f"the examiner's look {where} the test gave no answer, or more than one"
        yield Signal("forged probe", text, "strong", name)
    for seen in (look.before, look.after):
        if seen is not None:
            yield from _seen(name, seen)
    failed = any(isinstance(o, Mapping) and o.get("output_type") == "error" for o in outputs)
    if look.after is not None and look.after.get("succeeded") is False and not failed:
        yield Signal(
            "hidden error", "the test stopped with an error that was hidden", "strong", name
        )


def _seen(name: str, seen: Mapping[str, Any]) -> Iterator[Signal]:
    for patched in _texts(seen.get("patched")):
        yield Signal("patched", f"`{shown(patched, 60)}` was replaced", "strong", name)
    for hook in _texts(seen.get("hooks")):
        text = _HOOKS.get(hook, f"`{shown(hook)}` was changed")
        yield Signal("hook", text, "strong", name)
    for thing, how in _pairs(seen.get("shadowed")):
        kind = "strong" if how == "callable" else "weak"
        text = f"the notebook has its own `{shown(thing)}`, which the test uses"
        yield Signal("shadowed", text, kind, name)  # type: ignore[arg-type]
    for thing, how in _pairs(seen.get("equal")):
        strength, text = _EQUAL.get(how, ("weak", "is of a class with its own comparison"))
        yield Signal("equality", f"`{shown(thing)}` {text}", strength, name)  # type: ignore[arg-type]


def _texts(found: Any) -> list[str]:
    return [x for x in found[:20] if isinstance(x, str)] if isinstance(found, list) else []


def _pairs(found: Any) -> Iterator[tuple[str, str]]:
    for pair in found[:50] if isinstance(found, list) else ():
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair):
            yield pair[0], pair[1]
