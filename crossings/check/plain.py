"""Things as plain JSON: what a check carries out of the learner's process.

Only exact builtin, numpy and pandas types are written down. An object of any other type, and one
of a class *derived* from those, becomes `{"unsupported": "its type"}`: its own methods could say
anything. Whoever reads the JSON runs nothing of the learner's.

    None, True, 3, 2.5, "text", [1, 2]      as they are
    {"float": "nan"}                        nan, inf, -inf
    {"int": "12345678901234567890"}         over 63 bits
    {"tuple": [...]}  {"set": [...]}  {"dict": [[key, value], ...]}
    {"array": [...], "dtype": "f"}          numpy; the letter is numpy's kind
    {"frame": {"columns", "index", "names", "dtypes", "data"}}   a Series has `"series": true` too
    {"date"} {"datetime"} {"seconds"} {"complex"} {"bytes"} {"label"}
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_BYTES = 1_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 20
MAX_TEXT = 100_000


class _TooLargeError(Exception):
    pass


def encode(thing: object) -> Any:
    """`thing` as JSON values, at most MAX_BYTES long when written."""
    try:
        found = _Encoder().any(thing, 0)
        size = len(json.dumps(found, allow_nan=False))
    except _TooLargeError:
        return {"too large": MAX_VALUES}
    return found if size <= MAX_BYTES else {"too large": size}


def type_name(thing: object) -> str:
    """The name of a type, short and printable; a learner's class may have any name."""
    kind = type(thing)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in name[:80])


def unsupported(what: str) -> dict[str, str]:
    return {"unsupported": what}


class _Encoder:
    """Counts what it writes, so that a huge thing is given up early."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def any(self, thing: Any, depth: int) -> Any:
        self._take(1)
        if depth > MAX_DEPTH:
            raise _TooLargeError
        kind = type(thing)
        if thing is None or kind is bool:
            return thing
        simple = _SIMPLE.get(kind)
        if simple is not None:
            return simple(thing)
        if kind in (list, tuple, set, frozenset, dict, range):
            return self._collection(thing, kind, depth)
        module = str(kind.__module__).split(".")[0]
        if module == "numpy":
            return self._numpy(thing, depth)
        if module == "pandas":
            return self._pandas(thing, depth)
        return unsupported(type_name(thing))

    def many(self, things: Any, depth: int) -> list[Any]:
        return [self.any(thing, depth) for thing in things]

    def _take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise _TooLargeError

    def _collection(self, thing: Any, kind: type, depth: int) -> Any:
        self._take(len(thing))
        if kind is list:
            return self.many(thing, depth + 1)
        if kind in (tuple, range):
            return {"tuple": self.many(thing, depth + 1)}
        if kind is dict:
            pairs = [[self.any(k, depth + 1), self.any(v, depth + 1)] for k, v in thing.items()]
            return {"dict": pairs}
        return {"set": sorted(self.many(thing, depth + 1), key=json.dumps)}

    def _numpy(self, thing: Any, depth: int) -> Any:
        np = sys.modules.get("numpy")
        if np is None or type(thing) not in _numpy_types(np):
            return unsupported(type_name(thing))
        if isinstance(thing, np.generic):
            return _numpy_scalar(np, thing)
        self._take(thing.size)
        if thing.dtype.kind in "Mm":
            flat = [_numpy_scalar(np, x) for x in thing.ravel()]
            return {"array": flat, "dtype": "M", "shape": list(thing.shape)}
        values = self.many(thing.ravel().tolist(), depth + 1)
        return {"array": values, "dtype": thing.dtype.kind, "shape": list(thing.shape)}

    def _pandas(self, thing: Any, depth: int) -> Any:
        pd = sys.modules.get("pandas")
        if pd is None:
            return unsupported(type_name(thing))
        kind = type(thing)
        if thing is pd.NaT or thing is pd.NA:
            return {"float": "nan"}
        if kind is pd.Timestamp:
            return {"datetime": thing.isoformat()}
        if kind is pd.Timedelta:
            return {"seconds": thing.total_seconds()}
        if kind in (pd.Interval, pd.Period):
            return {"label": str(thing)}
        if kind is pd.DataFrame:
            return {"frame": self._frame(pd, thing, depth)}
        if kind is pd.Series:
            return {"frame": self._frame(pd, thing.to_frame(), depth), "series": True}
        if isinstance(thing, pd.Index) and kind in _index_types(pd):
            return self.many(thing.tolist(), depth + 1)
        if kind is getattr(pd.arrays, kind.__name__, None):
            return self.many(thing.tolist(), depth + 1)
        return unsupported(type_name(thing))

    def _frame(self, pd: Any, frame: Any, depth: int) -> dict[str, Any]:
        self._take(frame.size)
        columns = [frame.iloc[:, i] for i in range(frame.shape[1])]
        return {
            "columns": self.many(frame.columns.tolist(), depth + 1),
            "index": self.many(frame.index.tolist(), depth + 1),
            "names": [str(n) if n is not None else None for n in frame.index.names],
            "dtypes": [_dtype(column) for column in columns],
            "data": [self._column(pd, column, depth) for column in columns],
        }

    def _column(self, pd: Any, column: Any, depth: int) -> list[Any]:
        values = column.tolist()
        gone = pd.isna(column).tolist()
        found = (None if g else self.any(v, depth + 1) for v, g in zip(values, gone, strict=True))
        return list(found)


def _dtype(column: Any) -> str:
    """A family of dtypes: `int`, `float`, `bool`, `text`, `time` or the dtype's own name."""
    name = str(column.dtype).lower()
    families = {"int": "int", "uint": "int", "float": "float", "bool": "bool", "str": "text",
                "object": "text", "datetime": "time", "timedelta": "time"}  # fmt: skip
    return next((family for start, family in families.items() if name.startswith(start)), name)


def _numpy_types(np: Any) -> set[type]:
    scalars = set(np.sctypeDict.values()) if hasattr(np, "sctypeDict") else set()
    return scalars | {np.ndarray}


def _index_types(pd: Any) -> set[type]:
    names = ("Index", "RangeIndex", "MultiIndex", "DatetimeIndex", "TimedeltaIndex",
             "CategoricalIndex", "PeriodIndex", "IntervalIndex")  # fmt: skip
    return {getattr(pd, name) for name in names}


def _numpy_scalar(np: Any, thing: Any) -> Any:
    if isinstance(thing, np.datetime64 | np.timedelta64):
        return {"float": "nan"} if np.isnat(thing) else {"label": str(thing)}
    plain = thing.item()
    simple = _SIMPLE.get(type(plain))
    if type(plain) is bool:
        return plain
    return simple(plain) if simple else unsupported(type_name(thing))


def _float(thing: float) -> Any:
    if math.isfinite(thing):
        return thing
    return {"float": "nan" if math.isnan(thing) else "inf" if thing > 0 else "-inf"}


def _int(thing: int) -> Any:
    if -(2**63) <= thing < 2**63:
        return thing
    return {"int": str(thing)} if thing.bit_length() <= 10_000 else unsupported("a huge int")


def _str(thing: str) -> Any:
    if len(thing) > MAX_TEXT:
        return {"too large": len(thing)}
    try:
        thing.encode("utf-8")
    except UnicodeEncodeError:
        return unsupported("text with broken characters")
    return thing


def _bytes(thing: bytes) -> Any:
    return {"bytes": thing.hex()} if len(thing) <= MAX_TEXT else {"too large": len(thing)}


_SIMPLE: dict[type, Any] = {
    int: _int,
    float: _float,
    str: _str,
    bytes: _bytes,
    complex: lambda z: {"complex": [_float(z.real), _float(z.imag)]},
    Decimal: lambda d: _float(float(d)),
    Fraction: lambda f: {"label": str(f)} if f.denominator.bit_length() < 999 else unsupported("f"),
    dt.date: lambda d: {"date": d.isoformat()},
    dt.datetime: lambda d: {"datetime": d.isoformat()} if _plain_zone(d) else unsupported("time"),
    dt.timedelta: lambda d: {"seconds": d.total_seconds()},
}


def _plain_zone(moment: dt.datetime) -> bool:
    """A time zone is an object whose methods run; only the standard library's own are asked."""
    return moment.tzinfo is None or type(moment.tzinfo).__module__ in ("datetime", "zoneinfo")
