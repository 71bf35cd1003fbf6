"""Texts of a case in SugarCube's markup, so that no text of an author becomes code."""

from __future__ import annotations

import json
import re

from crossings.cases.variants import PLACE

_MARKUP = re.compile(
    r"[<\[\\*]|(?<!\w)%|(?<=\0)'|[/']$|&(?=#?\w+;)|\$(?=[A-Za-z_$])|(?<!\w)_(?=[A-Za-z])|''|//|__|==|~~|\^\^|@@|\{\{\{"
    r"|\"{3}|/[*%]|--|^[!#>|;:]",
    re.MULTILINE,
)
_OURS = re.compile(r"(\*\*[^*]+\*\*|\*[^*\s][^*]*\*)")
"""Bold and italic in a case, as the player draws them."""


def literal(text: str) -> str:
    """`text` as it is: whatever SugarCube would take for markup stands as character references."""
    return _MARKUP.sub(lambda m: "".join(f"&#{ord(c)};" for c in m.group()), text)


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
    plain = json.dumps(text, ensure_ascii=False)
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
