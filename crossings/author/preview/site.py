"""The preview as a web application on this machine alone: pages, their problems, news of saves."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import jinja2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from crossings.author.preview.case import draw_case, graph_of
from crossings.author.preview.chapter import draw_chapter
from crossings.author.preview.desk import Reader
from crossings.author.preview.drawn import Drawn, Undrawn, excerpts
from crossings.author.preview.linting import Linter
from crossings.author.preview.press import Press
from crossings.author.preview.target import Target, pages
from crossings.author.preview.watch import watch
from crossings.book import STATIC
from crossings.curriculum import Problem
from crossings.curriculum.cases import references
from crossings.player.documents import script, style, to_json_script

HERE = Path(__file__).parent / "page"
HEARTBEAT = 0.3
"""Seconds after which a listener looks whether the preview ends."""
_BASE = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
)
STRICT = _BASE + "script-src 'self'; style-src 'self'"
"""For our own pages, with whatever an author wrote in a case."""
PICTURE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_INLINE = re.compile(r"<script(?P<about>[^>]*)>(?P<text>.*?)</script>", re.S)
_ARTICLE = re.compile(r"<article\b.*</article>", re.S)

Result = TypeVar("Result")
_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE, encoding="utf-8"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)
_TEMPLATES.filters["script"] = to_json_script


class Preview:
    """One running preview: what draws, and who waits for news."""

    def __init__(self, root: Path, closing: Callable[[], bool]) -> None:
        self.root, self._closing = root, closing
        self._reader, self._press, self._linter = Reader(root), Press(root), Linter(root)
        self._one = ThreadPoolExecutor(1, thread_name_prefix="preview")
        self._run = secrets.token_hex(4)
        self._saves = 0
        self._news = asyncio.Event()

    @property
    def state(self) -> str:
        """Names the state of the files: a page that was drawn in another one is old."""
        return f"{self._run}-{self._saves}"

    def app(self) -> Starlette:
        routes = [
            Route("/", self.everything),
            Route("/favicon.ico", self.icon),
            Route("/_preview/events", self.events),
            Route("/_preview/{name}", self.asset),
            Route("/case/{module}/{id}", self.case),
            Route("/case/{module}/{id}/problems", self.problems),
            Route("/case/{module}/{id}/graph.svg", self.graph),
            Route("/{name:path}.html", self.chapter),
            Route("/{name:path}", self.file),
        ]
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
        return Starlette(routes=routes, middleware=[hosts], lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch(self.root, self._changed))
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            self._linter.end()
            await self._alone(self._press.close)
            self._one.shutdown(cancel_futures=True)

    async def _changed(self, files: frozenset[Path]) -> None:
        self._saves += 1
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _alone(self, work: Callable[[], Result]) -> Result:
        """Drawing happens in one thread: Sphinx allows no two."""
        return await asyncio.get_running_loop().run_in_executor(self._one, work)

    async def _drawn(self, name: str, work: Callable[[], Drawn | Undrawn]) -> Drawn | Undrawn:
        """What was drawn; a mistake that nobody thought of is a page too, and no end."""
        try:
            return await self._alone(work)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            hint = "save again; if it stays, ./course check may say why"
            return Undrawn(name, (Problem(name, 0, f"cannot be drawn: {told}", hint),))

    # Pages

    async def everything(self, request: Request) -> Response:
        """The list of what can be shown."""
        cases = [Target("case", r) for r in references(self.root)]
        modules: dict[str, list[Target]] = {}
        listed = sorted(pages(self.root), key=lambda p: p.startswith("book/"))
        for target in [*cases, *(Target("page", p) for p in listed)]:
            parts = target.name.removeprefix("modules/").split("/")
            modules.setdefault(parts[0], []).append(target)
        return self._page("list.html", title="All pages and cases", modules=modules)

    async def case(self, request: Request) -> Response:
        reference = f"{request.path_params['module']}/{request.path_params['id']}"
        state, begun = self.state, time.perf_counter()
        drawn = await self._drawn(reference, partial(draw_case, self._reader, reference))
        about: dict[str, Any] = {"state": state, "ready": _drawn_in(begun)}
        if isinstance(drawn, Undrawn):
            return self._undrawn(drawn, about)
        about |= {
            "problems": [asdict(p) for p in drawn.problems],
            "lint": f"{request.url.path}/problems",
        }
        return self._page("case.html", title=drawn.title, about=about, payload=drawn.content,
                          path=request.url.path)  # fmt: skip

    async def chapter(self, request: Request) -> Response:
        state, begun = self.state, time.perf_counter()
        name = request.path_params["name"]
        if name not in pages(self.root):
            return self._lost()
        drawn = await self._drawn(name, partial(draw_chapter, self._reader, self._press, name))
        about: dict[str, Any] = {"state": state, "ready": _drawn_in(begun)}
        if isinstance(drawn, Undrawn):
            return self._undrawn(drawn, about)
        about["problems"] = [asdict(p) for p in drawn.problems]
        told = {"about": about, "left_out": drawn.left_out, "bare": drawn.bare}
        dock = _TEMPLATES.get_template("dock.html").render(told)
        html = drawn.content.replace("</body>", f"{dock}</body>", 1)
        return HTMLResponse(html, headers=_headers(_theme_policy(drawn.content)))

    def _undrawn(self, drawn: Undrawn, about: dict[str, Any]) -> Response:
        found = excerpts(drawn.problems, self.root)
        about |= {"problems": [], "ready": "Waiting for your next save"}
        return self._page("broken.html", title=drawn.title, about=about, excerpts=found)

    def _lost(self) -> Response:
        return self._page("lost.html", status=404, title="No such page")

    def _page(self, template: str, *, status: int = 200, **words: Any) -> Response:
        words.setdefault("about", {"state": self.state, "ready": "", "problems": []})
        html = _TEMPLATES.get_template(template).render(**words)
        return HTMLResponse(html, status, headers=_headers(STRICT))

    # What pages ask for

    async def problems(self, request: Request) -> Response:
        """What a trial of the case shows; `null` where a later one took its place."""
        reference = f"{request.path_params['module']}/{request.path_params['id']}"
        found = await asyncio.to_thread(self._linter.problems, reference)
        return JSONResponse(found, headers=_headers(STRICT))

    async def graph(self, request: Request) -> Response:
        reference = f"{request.path_params['module']}/{request.path_params['id']}"
        svg = await self._alone(partial(graph_of, self._reader, reference))
        if svg is None:
            return self._lost()
        return Response(svg, media_type="image/svg+xml", headers=_headers(PICTURE))

    async def events(self, request: Request) -> Response:
        """News of saves, as an EventSource reads them."""
        seen = request.query_params.get("seen", "")
        headers = _headers(STRICT) | {"X-Accel-Buffering": "no"}
        return StreamingResponse(self._told(seen), media_type="text/event-stream", headers=headers)

    async def _told(self, seen: str) -> AsyncIterator[str]:
        yield "retry: 700\n\n"
        while not self._closing():
            news = self._news
            if self.state != seen:
                seen = self.state
                yield f"event: changed\ndata: {seen}\n\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), HEARTBEAT)

    async def asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        made = {"crossings.css": ("text/css", style), "crossings.js": ("text/javascript", script)}
        if name in made:
            kind, text = made[name]
            return Response(text(), media_type=kind, headers=_headers(STRICT))
        if name not in ("preview.css", "preview.js"):
            return self._lost()
        return FileResponse(HERE / name, headers=_headers(STRICT))

    async def icon(self, request: Request) -> Response:
        return FileResponse(STATIC / "icon.svg", headers=_headers(PICTURE))

    async def file(self, request: Request) -> Response:
        """Static files and images of the pages that Sphinx draws."""
        folder = self._press.folder
        path = (folder / request.path_params["name"]).resolve() if folder else None
        if folder is None or path is None or not path.is_relative_to(folder) or not path.is_file():
            return self._lost()
        return FileResponse(path, headers=_headers(STRICT))


def _drawn_in(begun: float) -> str:
    return f"Drawn in {time.perf_counter() - begun:.2f} s"


def _headers(policy: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _theme_policy(html: str) -> str:
    """The policy of a chapter: the theme's own small scripts run, by what they say; none that
    stands in the text does."""
    hashes = []
    for found in _INLINE.finditer(_ARTICLE.sub("", html)):
        if "src=" not in found["about"] and "json" not in found["about"]:
            digest = hashlib.sha256(found["text"].encode()).digest()
            hashes.append(f"'sha256-{base64.b64encode(digest).decode()}'")
    allowed = " ".join(["'self'", *dict.fromkeys(hashes)])
    return f"{_BASE}script-src {allowed}; style-src 'self' 'unsafe-inline'"
