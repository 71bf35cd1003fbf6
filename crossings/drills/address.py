"""Where learners find the course, as a QR code and in words."""

from __future__ import annotations

import json
import os
from urllib.parse import urlsplit

import segno

from crossings.workspace import Workspace


def learner_address(workspace: Workspace) -> str | None:
    """The learner site's address: CROSSINGS_LEARNER_URL, or what the running course wrote down."""
    given = os.environ.get("CROSSINGS_LEARNER_URL", "").strip()
    if not given:
        try:
            text = (workspace.var / "serve.json").read_text(encoding="utf-8")
            given = str(json.loads(text).get("learner", ""))
        except (OSError, ValueError, AttributeError):
            return None
    return given.rstrip("/") if _is_web(given) else None


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def join_address(learner: str, code: str) -> str:
    return f"{learner}/drill/?code={code}"


def projector_address(learner: str, key: str) -> str:
    return f"{learner}/drill/projector?key={key}"


def qr_svg(address: str, title: str) -> str:
    """`address` as a QR code, dark on white whatever the theme, so that phones read it."""
    svg: str = segno.make(address, error="m").svg_inline(
        scale=8, border=3, dark="#1B2530", light="#FFFFFF", omitsize=True, title=title
    )
    return svg
