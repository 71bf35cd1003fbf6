"""answers.json: what a learner answered, as data. Read with suspicion, scored, put into words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crossings.items import Item, Score, score

FILE = "answers.json"
MAX_BYTES = 2_000_000
MAX_DEPTH = 8


class BadAnswersError(ValueError):
    """The answers cannot be read; the message says why, in words for a learner."""


def parse(body: bytes) -> dict[str, Any]:
    """`body` as a JSON object, or BadAnswersError.

    Size, depth, number format and lone surrogates are settled here, so that whatever passes can
    be written, hashed and compared without surprises.
    """
    if len(body) > MAX_BYTES:
        raise BadAnswersError("the answers are over 2 MB: shorten them and hand in again")
    try:
        data = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BadAnswersError("the answers are not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise BadAnswersError("the answers are not valid JSON") from None
    if not isinstance(data, dict):
        raise BadAnswersError("the answers are not a JSON object")
    cleaned: dict[str, Any] = _clean(data, MAX_DEPTH)
    return cleaned


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _clean(value: Any, depth: int) -> Any:
    if depth < 0:
        raise BadAnswersError("the answers are nested too deeply")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(k): _clean(v, depth - 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_clean(v, depth - 1) for v in value]
    return value


def clean_text(text: str) -> str:
    """`text` with lone surrogates, which no file can hold, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def canonical(content: Any) -> bytes:
    """The one spelling of `content` that its SHA-256 is taken over."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def responses(document: Mapping[str, Any]) -> dict[str, Any]:
    """The responses by item id in an answers.json document; empty where there are none."""
    found = document.get("answers")
    return dict(found) if isinstance(found, Mapping) else {}


def read(path: Path) -> dict[str, Any]:
    """The document in `path`, which must be a plain file, or BadAnswersError."""
    if path.is_symlink() or not path.is_file():
        raise BadAnswersError(f"there is no {FILE}")
    with path.open("rb") as handle:
        return parse(handle.read(MAX_BYTES + 1))


def points(item_json: str) -> float:
    """Points of the answer in ./answers.json to the item: called by the hidden test of a released
    worksheet, so that nbgrader's partial credit comes from the same scoring as everything else.
    """
    item = Item.model_validate_json(item_json)
    try:
        given = responses(read(Path(FILE))).get(item.id)
    except BadAnswersError:
        return 0.0
    return score(item, given).points


def in_words(item: Item, response: Any, result: Score | None = None) -> str:
    """What the learner answered, as plain text for people; "" where there is no answer."""
    result = result or score(item, response)
    if result.status in ("empty", "malformed"):
        return ""
    texts = {o.id: o.text for o in item.options}
    targets = {t.id: t.text for t in item.targets}
    if item.kind == "single":
        return texts[response["choice"]]
    if item.kind in ("multiple", "hotspot"):
        return "\n".join(f"• {o.text}" for o in item.options if o.id in response["choices"])
    if item.kind == "order":
        return "\n".join(f"{n}. {texts[i]}" for n, i in enumerate(response["order"], 1))
    if item.kind in ("match", "grid"):
        placed = response["pairs"]
        return "\n".join(
            f"{o.text} → {targets[placed[o.id]] if o.id in placed else '(left out)'}"
            for o in item.options
        )
    if item.kind == "number":
        return f"{response['number']} {item.unit or ''}".strip()
    return str(response["text"])
