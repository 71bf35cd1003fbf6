"""The words of QTI content as the plain text of our items, and what was left out of them."""

from __future__ import annotations

from collections.abc import Callable, Container

from crossings.exchange.qti.tree import Element, local

Lost = Callable[[str], None]
_BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "tr"}
_PLAIN = {"span", "qti-content-body", "qti-prompt", "qti-item-body", "td", "th", "tbody", "table",
          "a", "sub", "sup", "code", "q", "cite", "qti-layout-row", "qti-layout-col"}  # fmt: skip
_TOLD = {
    "table": "a table became lines of text",
    "sub": "raised or lowered text is plain",
    "sup": "raised or lowered text is plain",
    "a": "the address of a link",
}
_LEFT = {
    "img": "an image",
    "object": "an object",
    "math": "a formula (MathML)",
    "audio": "a sound",
    "video": "a film",
    "picture": "an image",
    "svg": "a drawing",
}


def words(element: Element, lost: Lost, skip: Container[str] = ()) -> str:
    """The text below `element`, a line a paragraph; elements named in `skip` are passed over."""
    parts: list[str] = []
    _told(element, parts, lost, skip)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _told(element: Element, parts: list[str], lost: Lost, skip: Container[str]) -> None:
    parts.append(_flat(element.text))
    for child in element:
        name = local(child)
        if name not in skip:
            _one(child, name, parts, lost, skip)
        parts.append(_flat(child.tail))


def _one(child: Element, name: str, parts: list[str], lost: Lost, skip: Container[str]) -> None:
    if name == "br":
        parts.append("\n")
    elif name in ("strong", "b"):
        parts.append(_marked(child, "**", lost, skip))
    elif name in ("em", "i"):
        parts.append(_marked(child, "*", lost, skip))
    elif name in _LEFT:
        lost(f"not carried over: {_LEFT[name]}")
        alt = " ".join(child.get("alt", "").split())
        parts.append(f"[{alt}]" if alt else "")
    elif name in _BLOCKS:
        parts.append("\n- " if name == "li" else "\n")
        _told(child, parts, lost, skip)
        parts.append("\n")
    elif name:
        if name in _TOLD:
            lost(_TOLD[name])
        elif name not in _PLAIN:
            lost(f"not carried over: `{name}`; its text is kept")
        _told(child, parts, lost, skip)
        parts.append(" " if name in ("td", "th") else "")


def _marked(child: Element, mark: str, lost: Lost, skip: Container[str]) -> str:
    inner = words(child, lost, skip).replace("\n", " ")
    return f"{mark}{inner}{mark}" if inner else ""


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\t", " ").replace("\r", " ")
