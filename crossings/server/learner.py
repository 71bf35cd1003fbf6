"""The learner site: the book, drills, worksheets, the inbox, feedback. It executes nothing.

Run as a process of its own: `python -m crossings.server.learner --host H --port N`.
"""

from __future__ import annotations

import argparse
import gc
from contextlib import suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from crossings.book import STATIC
from crossings.book.build import site
from crossings.curriculum import Course, load
from crossings.drills.routes import drill_routes
from crossings.grading.routes import work_routes
from crossings.server.book_files import BookFiles
from crossings.server.headers import Guard
from crossings.server.parent import end_with_parent, read_secret
from crossings.workspace import ROOT, Workspace

ICON = STATIC / "icon.svg"
_KEEP = {"Cache-Control": "public, max-age=86400"}


def app(course: Course, workspace: Workspace, book: Path) -> ASGIApp:
    """The site as one application."""
    inner = Starlette(
        routes=[
            Route("/api/health", health),
            Route("/favicon.ico", icon),
            *drill_routes(course, workspace),
            *work_routes(course, workspace),
            Mount("/api", not_found_here),
            Mount("/", BookFiles(book)),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=800, compresslevel=6)],
        exception_handlers={404: not_found, 500: broken},
    )
    return Guard(inner)


async def health(request: Request) -> Response:
    """For the supervisor: the site answers."""
    return PlainTextResponse("ok")


async def icon(request: Request) -> Response:
    """Our icon, for browsers and pages that do not name one."""
    return FileResponse(ICON, media_type="image/svg+xml", headers=_KEEP)


async def not_found_here(scope: Scope, receive: Receive, send: Send) -> None:
    """Under /api there are no pages, whatever the method."""
    await JSONResponse({"error": "not found"}, 404)(scope, receive, send)


async def not_found(request: Request, error: Exception) -> Response:
    return HTMLResponse(_PAGE.format(title="This page does not exist", text=_LOST), status_code=404)


async def broken(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/api"):
        return JSONResponse({"error": _OURS}, 500)
    return HTMLResponse(_PAGE.format(title="Something went wrong", text=_OURS), status_code=500)


_OURS = "The mistake is ours, not yours. Nothing that was saved is lost. Try again in a moment."

_LOST = "Check the address, or start again at the beginning of the course."
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<link rel="stylesheet" href="/_static/crossings/crossings.css">
<body style="background:var(--paper);color:var(--ink);font-family:var(--sans);padding:12vh 1.5rem;
max-width:34rem;margin:auto;line-height:1.55;font-size:1.125rem">
<main><h1 style="font-size:1.6rem">{title}</h1>
<p>{text}</p><p><a style="color:var(--sea)" href="/">To the beginning</a></p></main></body>
</html>"""


def more_files() -> None:
    """Let this process open as many connections as it may be allowed to.

    Systems start programs with 1,024 or 256; a participant of a drill has two connections open.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS calls its limit infinite and refuses that number.
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main() -> None:
    import uvicorn

    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--with-parent", action="store_true")
    options = parser.parse_args()
    more_files()
    if options.with_parent:
        read_secret()
        end_with_parent()
    if not (site(ROOT) / "index.html").is_file():
        parser.error("the book is not built yet; run: ./course build")
    application = app(load(ROOT), Workspace.current(), site(ROOT))
    # The course stays as long as the site: no answer waits while it is searched for rubbish.
    gc.collect()
    gc.freeze()
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
