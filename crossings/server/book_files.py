"""The built book as the learner site serves it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ALWAYS_ASK = "no-cache"
"""The browser keeps its copy but asks whether it is still right: an answer of 200 bytes."""
FOR_A_YEAR = "public, max-age=31536000, immutable"
HIDDEN = ("objects.inv", "genindex.html")
"""Sphinx's files for other builds; no learner needs them."""


class BookFiles(StaticFiles):
    """Static files that a weak phone fetches once; nothing hidden, no lists of folders."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, follow_symlink=False)

    def get_path(self, scope: Scope) -> str:
        path = super().get_path(scope)
        parts = Path(path).parts
        dotted = any(part.startswith(".") and part != "." for part in parts)
        template = parts[:1] == ("_static",) and path.endswith(".html")  # the theme's, half drawn
        if dotted or template or path in HIDDEN:
            raise HTTPException(404)
        return path

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        # Sphinx names the content of styles and scripts in the query: `theme.css?v=3f1a…`.
        named = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = FOR_A_YEAR if named else ALWAYS_ASK
        return response
