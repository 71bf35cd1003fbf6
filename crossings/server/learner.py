"""The learner site: the book, drills, worksheets, the inbox, feedback. It executes nothing.

Run as a process of its own: `python -m crossings.server.learner --host H --port N`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crossings.book.build import site
from crossings.curriculum import Course, load
from crossings.drills.routes import drill_routes
from crossings.grading.routes import work_routes
from crossings.workspace import ROOT, Workspace

_COMMON = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}
_BASE = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
_BASE += "frame-ancestors 'none'; form-action 'self'; style-src 'self' 'unsafe-inline'; "
STRICT = (_BASE + "script-src 'self'").encode()
"""For pages that hold anything a learner sent: no inline script runs."""
BOOK = (_BASE + "script-src 'self' 'unsafe-inline'").encode()
"""For the built book, whose theme has small inline scripts; it holds no learner's text."""
LIVE = ("/drill", "/work", "/feedback", "/api")


def app(course: Course, workspace: Workspace, book: Path) -> Starlette:
    """The site as one application."""
    return Starlette(
        routes=[
            Route("/api/health", health),
            *drill_routes(course, workspace),
            *work_routes(course, workspace),
            Mount("/", StaticFiles(directory=book, html=True)),
        ],
        middleware=[Middleware(GuardHeaders), Middleware(GZipMiddleware, minimum_size=800)],
        exception_handlers={404: not_found, 500: broken},
    )


class GuardHeaders:
    """Adds the security headers to every answer."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        live = scope["path"].startswith(LIVE)
        added = {**_COMMON, b"content-security-policy": STRICT if live else BOOK}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                present = {name for name, _ in headers}
                message["headers"] = [
                    *headers,
                    *((k, v) for k, v in added.items() if k not in present),
                ]
            await send(message)

        await self.inner(scope, receive, guarded)


async def health(request: Request) -> Response:
    """For the supervisor: the site answers."""
    return PlainTextResponse("ok")


async def not_found(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/api"):
        return PlainTextResponse("not found", status_code=404)
    return HTMLResponse(_PAGE.format(title="This page does not exist", text=_LOST), status_code=404)


async def broken(request: Request, error: Exception) -> Response:
    text = "The mistake is ours, not yours. Nothing that was saved is lost. Try again in a moment."
    return HTMLResponse(_PAGE.format(title="Something went wrong", text=text), status_code=500)


_LOST = "Check the address, or start again at the beginning of the course."
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="stylesheet" href="/_static/crossings/crossings.css">
<body style="background:var(--paper);color:var(--ink);font-family:var(--sans);padding:12vh 1.5rem;
max-width:34rem;margin:auto;line-height:1.55;font-size:1.125rem"><h1 style="font-size:1.6rem">{title}</h1>
<p>{text}</p><p><a style="color:var(--sea)" href="/">To the beginning</a></p></body></html>"""


def end_with_parent() -> None:
    """Stop this process when its parent goes, however it goes: then our standard input ends."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def main() -> None:
    import uvicorn

    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--with-parent", action="store_true")
    options = parser.parse_args()
    if options.with_parent:
        end_with_parent()
    application = app(load(ROOT), Workspace.current(), site(ROOT))
    uvicorn.run(
        application,
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
