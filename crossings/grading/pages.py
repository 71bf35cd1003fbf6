"""The pages of handing in and feedback. Everything is escaped; scripts and styles are files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import mistune
from markupsafe import Markup

from crossings.grading import words
from crossings.player.documents import assets as player_assets
from crossings.player.documents import to_json_script

HERE = Path(__file__).resolve().parent / "pages"
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_markdown = mistune.create_markdown(escape=True)

STATUS = {"right": "✓", "partly": "◐", "wrong": "✗", "empty": "–", "waiting": "…"}
"""A shape for each, beside its word: colour alone says nothing."""


@cache
def assets() -> dict[str, tuple[bytes, str]]:
    """The files that pages link, by name: content and media type."""
    texts = dict(player_assets())
    texts |= {p.name: p.read_text(encoding="utf-8") for p in HERE.iterdir() if p.suffix in _TYPES}
    return {n: (t.encode("utf-8"), _TYPES[Path(n).suffix]) for n, t in texts.items()}


def asset(name: str) -> str:
    """The address of an asset; it changes with the content, so browsers may keep it for long."""
    content, _ = assets()[name]
    return f"/work/assets/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def prose(text: str) -> Markup:
    """An author's Markdown as HTML; raw HTML in it is shown as text."""
    return Markup(_markdown(text))


def when(stamp: str) -> str:
    """A time stamp as people read it, in UTC; "" where there is none."""
    try:
        return datetime.fromisoformat(stamp.replace("Z", "+00:00")).strftime("%d %B %Y, %H:%M UTC")
    except ValueError:
        return ""


def moment(stamp: str) -> Markup:
    """A time stamp as an element that local.js turns into the reader's own time."""
    return Markup('<time class="w-when" datetime="{}">{}</time>').format(stamp, when(stamp))


def sentence(text: str) -> str:
    """The first letter large; the rest as it is, file names too."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """Points with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@cache
def _environment() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"asset": asset, "status": STATUS, "t": words.of(words.ENGLISH), "nonce": ""}
    found.filters |= {
        "prose": prose,
        "sentence": sentence,
        "strong": Markup("<strong>{}</strong>").format,
        "isolated": Markup("<bdi>{}</bdi>").format,
        "when": when,
        "moment": moment,
        "number": number,
        "json_script": lambda value: Markup(to_json_script(value)),
    }
    return found


def render(page: str, **values: Any) -> str:
    """The page `page` with `values`; every text in them is escaped."""
    return _environment().get_template(page).render(**values)
