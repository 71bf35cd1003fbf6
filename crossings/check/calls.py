"""Trying a function on many inputs, each call caught by itself."""

from __future__ import annotations

import builtins
import copy
from collections.abc import Callable, Iterable
from typing import Any

from crossings.check.plain import encode, unsupported

MOST_CALLS = 500


def try_all(function: Any, inputs: Iterable[Any], watch_inputs: bool) -> Any:
    """`{"calls": [...]}`: what each call gave or raised, and whether it changed its inputs.

    An input that is a tuple holds the positional arguments, a dict the named ones; anything else
    is the only argument.
    """
    if not callable(function):
        return unsupported("no function")
    found = []
    for given in list(inputs)[:MOST_CALLS]:
        positional, named = _arguments(given)
        before = encode([*positional, named]) if watch_inputs else None
        result = caught(lambda p=positional, n=named: function(*p, **n))  # type: ignore[misc]
        if watch_inputs:
            result["changed"] = encode([*positional, named]) != before
        found.append(result)
    return {"calls": found}


def caught(call: Callable[[], Any]) -> dict[str, Any]:
    """`{"gave": …}`, or `{"raised": name}` where the call stopped with an error."""
    try:
        return {"gave": encode(call())}
    except Exception as error:
        return {"raised": error_name(error)}


def error_name(error: BaseException) -> str:
    """The error's name, if it is one of Python's own; any other is `Error`."""
    name = type(error).__name__
    own = getattr(builtins, name, None)
    return name if own is type(error) else "Error"


def _arguments(given: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    fresh = copy.deepcopy(given)
    if type(given) is tuple:
        return fresh, {}
    if type(given) is dict and given and all(type(key) is str for key in given):
        return (), fresh
    return (fresh,), {}
