"""The JavaScript engine, run in quickjs, called with and answering plain JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import quickjs

import crossings

ENGINE = Path(crossings.__file__).parent / "player" / "engine.js"

# ASCII on both ways: half a surrogate pair would not survive the border between the languages.
_CALL = r"""
let doc = null;
function call(name, args, kept) {
  let result;
  try {
    const given = JSON.parse(args);
    if (kept) given[0] = doc;
    result = { value: CrossingsEngine[name](...given) };
  } catch (error) {
    if (!(error instanceof CrossingsEngine.IllegalAction)) throw error;
    result = { illegal: error.message };
  }
  return JSON.stringify(result).replace(/[^\x00-\x7f]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}
"""


class Twin:
    """`twin.view(doc, state)` calls `CrossingsEngine.view`; illegal actions raise `Illegal`."""

    def __init__(self) -> None:
        self._context = quickjs.Context()
        self._context.eval(ENGINE.read_text(encoding="utf-8"))
        self._context.eval(_CALL)
        self._call = self._context.get("call")
        self._doc: Any = None

    def keep(self, doc: Any) -> None:
        """Hand over a document once; later calls with the same object do not send it again."""
        self._context.eval("0, function (text) { doc = JSON.parse(text); }")(json.dumps(doc))
        self._doc = doc

    def __getattr__(self, name: str) -> Any:
        def called(*args: Any) -> Any:
            kept = bool(args) and self._doc is not None and args[0] is self._doc
            sent = (None, *args[1:]) if kept else args
            result = json.loads(self._call(name, json.dumps(sent), kept))
            if "illegal" in result:
                raise Illegal(result["illegal"])
            return result.get("value")

        return called


class Illegal(Exception):  # noqa: N818 - as in the engine
    """The JavaScript engine refused an action."""
