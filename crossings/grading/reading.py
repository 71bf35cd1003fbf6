"""The learner site's routes for reading feedback and taking certificates home."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from crossings.curriculum.model import Course
from crossings.grading import feedback, pages, trainees, words
from crossings.grading.feedback_page import feedback_page
from crossings.grading.ledger import LedgerError
from crossings.grading.limits import Guesses
from crossings.workspace import Workspace


def policy(nonce: str = "") -> str:
    """The Content-Security-Policy of a page that shows what strangers wrote.

    Should markup ever slip in: only scripts with the nonce run, nothing turns text into markup,
    nothing is loaded or sent elsewhere, and the page cannot open windows by itself.
    """
    scripts = f"'nonce-{nonce}'" if nonce else "'none'"
    # Without `allow-same-origin` the page could not load its own style. That scripts are allowed
    # here lets nothing run: `script-src` decides.
    allowed = "allow-scripts allow-same-origin allow-forms allow-downloads allow-popups"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'" if nonce else "connect-src 'none'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            f"sandbox {allowed}",
        )
    )


def address_of(request: Request) -> str:
    return request.client.host if request.client else "?"


class ReadingDesk:
    """The handlers; `guesses` is shared with handing in: a code is a code."""

    def __init__(self, course: Course, workspace: Workspace, guesses: Guesses) -> None:
        self.course = course
        self.workspace = workspace
        self.guesses = guesses

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/feedback/", self.ask),
            Route("/feedback", self.ask),
            Route("/feedback/{code}", self.feedback),
            Route("/feedback/{code}/{file}", self.certificate),
        ]

    async def ask(self, request: Request) -> Response:
        typed = request.query_params.get("code", "").strip()
        if not typed:
            return _code_page(request)
        code = trainees.tidy_code(typed)
        if code:
            return RedirectResponse(f"/feedback/{code}", 303)
        return _code_page(request, "code.form", 404)

    async def feedback(self, request: Request) -> Response:
        found = await self._behind(request)
        if isinstance(found, Response):
            return found
        nonce = secrets.token_urlsafe(16)
        said = _words(request)
        page = await run_in_threadpool(feedback_page, self.workspace, found, said, nonce)
        return _page(page, said, nonce=nonce)

    async def _behind(self, request: Request) -> dict[str, Any] | Response:
        """What lies behind the code of the address, or the page that says why nothing does."""
        address = address_of(request)
        if self.guesses.blocked(address):
            return _code_page(request, "code.blocked", 429)
        code = request.path_params["code"]
        found = await run_in_threadpool(feedback.by_code, self.workspace, code)
        if found is None:
            self.guesses.wrong(address)
            return _code_page(request, "code.unknown", 404)
        return found

    async def certificate(self, request: Request) -> Response:
        """A trainee's own certificate: PDF, PNG or JSON."""
        # Drawing needs a second of imports and memory that a class without certificates keeps.
        from crossings.grading.awards import served
        from crossings.grading.awards.paper import PaperError

        found = await self._behind(request)
        if isinstance(found, Response):
            return found
        student, file = str(found.get("student", "")), request.path_params["file"]
        try:
            made = await run_in_threadpool(served.file, self.course, self.workspace, student, file)
        except PaperError:
            return _code_page(request, "award.paper", 404)
        except LedgerError:
            made = None
        if made is None:
            return _code_page(request, "award.lost", 404)
        content, media, name = made
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": policy(),
        }
        return Response(content, media_type=media, headers=headers)


def _words(request: Request) -> words.Words:
    return words.chosen(request.headers.get("accept-language", ""))


def _code_page(request: Request, problem: str = "", status: int = 200) -> Response:
    said = _words(request)
    told = said(problem) if problem else ""
    return _page(pages.render("code.html", t=said, problem=told), said, status)


def _page(page: str, said: words.Words, status: int = 200, nonce: str = "") -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": said.language,
        "Content-Security-Policy": policy(nonce),
        "Vary": "Accept-Language",
    }
    return HTMLResponse(page, status, headers)
