"""Texts of a case in SugarCube's markup, so that no text of an author becomes code."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from typing import Any

from crossings.cases.variants import PLACE

_MARKUP = re.compile(
    r"[<\[\\*]|(?<!\w)%|(?<=\0)'|[/']$|&(?=#?\w+;)|\$(?=[A-Za-z_$])|(?<!\w)_(?=[A-Za-z])|''|//|__|==|~~|\^\^|@@|\{\{\{"
    r"|\"{3}|/[*%]|--|^[!#>|;:]",
    re.MULTILINE,
)
_OURS = re.compile(r"(\*\*[^*]+\*\*|\*[^*\s][^*]*\*)")
"""Bold and italic in a case, as the player draws them."""

_BRACE = "\ufdd0"
"""Stands for the `{` of something in braces that is no variant; no text can hold it."""


def hidden(value: Any, variants: Container[str]) -> Any:
    """Plain data whose texts keep `{word}` as words, unless `word` is one of `variants`."""
    if isinstance(value, str):
        return PLACE.sub(lambda m: m[0] if m[1] in variants else f"{_BRACE}{m[1]}}}", value)
    if isinstance(value, list):
        return [hidden(v, variants) for v in value]
    if isinstance(value, dict):
        return {key: hidden(v, variants) for key, v in value.items()}
    return value


def literal(text: str) -> str:
    """`text` as it is: whatever SugarCube would take for markup stands as character references."""
    told = _MARKUP.sub(lambda m: "".join(f"&#{ord(c)};" for c in m.group()), text)
    return told.replace(_BRACE, "{")


def marked(text: str) -> str:
    """A text of a case: bold, italic, lists and variants become SugarCube's."""
    lines = (_line(line) for line in text.split("\n"))
    return "\n".join(lines)


def _line(line: str) -> str:
    bullet = "* " if line.startswith("- ") else ""
    rest = line[2:] if bullet else line
    parts = _OURS.split(rest)
    told = "".join(_part(part, n % 2 == 1, not (bullet or n)) for n, part in enumerate(parts))
    return bullet + told


def _part(part: str, styled: bool, first: bool) -> str:
    if not styled:
        return _varied(part if first else f"\0{part}").replace("\0", "")
    mark, width = ("''", 2) if part.startswith("**") else ("//", 1)
    inner = _varied(f"\0{part[width:-width]}").replace("\0", "")
    # A mark of the same kind inside would end it.
    return mark + re.sub(r"['/]", lambda m: f"&#{ord(m.group())};", inner) + mark


def _varied(text: str) -> str:
    pieces = PLACE.split(text)
    return "".join(
        f"<<= $cx_{piece}>>" if n % 2 else literal(piece) for n, piece in enumerate(pieces)
    )


def quoted(text: str) -> str:
    """`text` as a string of TwineScript without any character that markup could take."""
    plain = json.dumps(text.replace(_BRACE, "{"), ensure_ascii=False)
    return plain[0] + re.sub(r"[\[\]<>|$'&]|\\\"|->|<-", _code, plain[1:-1]) + plain[-1]


def _code(match: re.Match[str]) -> str:
    text = '"' if match.group() == '\\"' else match.group()
    return "".join(f"\\u{ord(c):04x}" for c in text)


def link(words: str, target: str) -> str:
    """A link that Twine draws as an arrow. The words are a string expression, which SugarCube
    evaluates: so no word is taken for code and variants can stand in them."""
    pieces = PLACE.split(" ".join(words.split()))
    told = [f"$cx_{p}" if n % 2 else quoted(p) for n, p in enumerate(pieces) if p]
    return f"[[{' + '.join(told)}->{target}]]"
