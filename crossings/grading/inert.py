"""Submitted notebooks in the marker's browser: shown, never run.

Named in exercises/nbgrader_config.py. nbgrader's formgrader renders Markdown without sanitising
it, whatever `sanitize_html` says; these filters close that gap.
"""

from __future__ import annotations

import re
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor

_PLAIN = """
a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure
h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre s small span strong sub summary sup
table tbody td tfoot th thead tr u ul
"""
_TAGS = frozenset(_PLAIN.split())
_ATTRIBUTES = {
    "*": ["class", "title", "dir", "lang"],
    "a": ["href"],
    "img": ["src", "alt", "width", "height"],
    "td": ["colspan", "rowspan", "align"],
    "th": ["colspan", "rowspan", "align", "scope"],
}
_ELSEWHERE = re.compile(r"<img\b(?![^>]*\bsrc\s*=\s*[\"']?data:image/)[^>]*>", re.IGNORECASE)
"""A picture that is not in the notebook itself; what bleach would leave of it is an empty frame."""
_STYLE = CSSSanitizer(allowed_css_properties=["text-align"])


def _allowed(tag: str, name: str, value: str) -> bool:
    """Only what the table allows, and only images that ask nothing of another computer."""
    if tag == "img" and name == "src":
        return value.startswith("data:image/") and not value.startswith("data:image/svg")
    return name in _ATTRIBUTES["*"] or name in _ATTRIBUTES.get(tag, [])


def clean(element: Any) -> str:
    """HTML without scripts, handlers, frames, forms or requests to anywhere."""
    text = element.decode("utf-8", "replace") if isinstance(element, bytes) else str(element)
    text = _ELSEWHERE.sub(" ", text)
    cleaned: str = bleach.clean(
        text,
        tags=_TAGS,
        attributes=_allowed,
        protocols=["http", "https", "mailto", "data"],
        css_sanitizer=_STYLE,
        strip=False,
    )
    return cleaned.replace('href="data:', 'href="#data:')


def markdown(source: str) -> str:
    """Markdown as clean HTML; raw HTML in it is shown as text."""
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(source))


class Inert(Preprocessor):
    """Drops from a copy of the notebook what pages have no use for and browsers might act on."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        nb.metadata.pop("widgets", None)
        nb.metadata.pop("title", None)
        for cell in nb.cells:
            cell.pop("attachments", None)
            kept = cell.metadata.get("nbgrader")
            cell.metadata = type(cell.metadata)()
            if kept is not None:
                cell.metadata["nbgrader"] = kept
            for output in cell.get("outputs", []):
                _plain(output)
        return nb, resources


def _plain(output: Any) -> None:
    """Keep text, tables and bitmap pictures of an output; a trace of what was dropped stays."""
    if "metadata" in output:
        output["metadata"] = type(output["metadata"])()
    if "data" not in output:
        return
    kept = {
        kind: value
        for kind, value in output["data"].items()
        if kind in ("text/plain", "text/html", "text/markdown", "image/png", "image/jpeg")
    }
    output["data"] = type(output["data"])(kept or {"text/plain": "(an output that is not shown)"})
