"""XML in both directions: a short way to build elements, a careful way to read strangers' files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as Tree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from crossings.exchange.report import ExchangeError

Element = Tree.Element
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
QTI_XSD = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
MOST_DEPTH = 120
"""Elements inside one another; an item has about ten."""

_STYLES = re.compile(r"(\*\*[^*]+\*\*|\*[^*\s][^*]*\*)")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def made(name: str, attributes: dict[str, str] | None = None, *inside: Element | str) -> Element:
    """An element of a QTI document; texts and elements in `inside` follow one another."""
    element = Tree.Element(name, dict(attributes or {}))
    for part in inside:
        added(element, part)
    return element


def added(element: Element, part: Element | str) -> None:
    if not isinstance(part, str):
        element.append(part)
        return
    text = _NOT_XML.sub("\ufffd", part)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def styled(text: str) -> list[Element | str]:
    """The text of an item as inline content: `**bold**` and `*italic*` become elements."""
    parts: list[Element | str] = []
    for n, part in enumerate(_STYLES.split(text)):
        if n % 2 and part.startswith("**"):
            parts.append(made("strong", None, part[2:-2]))
        elif n % 2:
            parts.append(made("em", None, part[1:-1]))
        elif part:
            parts.append(part)
    return parts


def paragraphs(text: str) -> list[Element]:
    """One `p` a line, as the player draws texts."""
    return [made("p", None, *styled(line)) for line in text.split("\n") if line.strip()]


def document(root: Element) -> bytes:
    """The document as UTF-8, indented where that changes no text."""
    _indent(root, 0)
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _indent(element: Element, depth: int) -> None:
    """White space only between elements: where text stands, every space counts."""
    if not len(element) or (element.text or "").strip() or element.tag in ("p", "li"):
        return
    if any((child.tail or "").strip() for child in element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    element[-1].tail = "\n" + "  " * depth


def parsed(data: bytes, name: str) -> Element:
    """The root of a stranger's document. No DTD, no entities, nothing from elsewhere.

    Raises:
        ExchangeError: when it is no XML, has a DTD or is nested absurdly deep.
    """
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise ExchangeError(f"{name}: it has a DTD or entities, which are not read") from None
    except (Tree.ParseError, ValueError, LookupError) as error:
        raise ExchangeError(f"{name}: not XML: {error}") from None
    edge, depth = [root], 0
    while edge:
        depth += 1
        if depth > MOST_DEPTH:
            raise ExchangeError(f"{name}: elements stand too deep in one another")
        edge = [child for element in edge for child in element]
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def find(element: Element, *names: str) -> Iterator[Element]:
    """Every element below with one of the names."""
    return (e for e in element.iter() if local(e) in names)


def first(element: Element, *names: str) -> Element | None:
    return next(find(element, *names), None)


def text_of(element: Element | None) -> str:
    """All text inside, white space made single."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
