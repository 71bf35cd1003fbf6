"""What goes round every answer of the learner site: security headers, patience with an end.

Errors are answers too, so this wraps the whole application and not only its routes.
"""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COMMON = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_BASE = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'; style-src 'self' 'unsafe-inline'; "
)
STRICT = (_BASE + "script-src 'self'").encode()
"""For everything that may hold what a learner sent: no inline script runs."""
BOOK = (_BASE + "script-src 'self' 'unsafe-inline'").encode()
"""For the built book, whose theme has small inline scripts; it holds no learner's text."""
LIVE = ("/drill", "/work", "/feedback", "/api")

CHUNK_PATIENCE = 30.0
"""Seconds to wait for the next piece of a request's body."""
BODY_PATIENCE = 600.0
"""Seconds for a whole body: 20 MB on a very slow network."""


class Guard:
    """Adds the security headers to every answer, and gives up on a body that does not come."""

    def __init__(
        self, inner: ASGIApp, chunk: float = CHUNK_PATIENCE, body: float = BODY_PATIENCE
    ) -> None:
        self.inner, self.chunk, self.body = inner, chunk, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        live = scope["path"].startswith(LIVE)
        added = {**_COMMON, b"content-security-policy": STRICT if live else BOOK}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                present = {name.lower() for name, _ in headers}
                missing = ((k, v) for k, v in added.items() if k not in present)
                message["headers"] = [*headers, *missing]
            await send(message)

        await self.inner(scope, self._patient(receive), guarded)

    def _patient(self, receive: Receive) -> Receive:
        end = time.monotonic() + self.body
        whole = False

        async def received() -> Message:
            nonlocal whole
            if whole:  # what comes now is only the news that the other side went away
                return await receive()
            wait = min(self.chunk, max(0.0, end - time.monotonic()))
            try:
                message = await asyncio.wait_for(receive(), wait)
            except TimeoutError:
                return {"type": "http.disconnect"}
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        return received
