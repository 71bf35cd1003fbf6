"""The drill's pages and its API on the learner site. Nothing here can execute what it is sent."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from crossings.curriculum.model import Course
from crossings.drills.address import join_address, learner_address, qr_svg
from crossings.drills.limits import whose
from crossings.drills.log import DrillLog
from crossings.drills.names import typed_code
from crossings.drills.replies import Refused
from crossings.drills.service import DrillService
from crossings.workspace import Workspace

PAGE = Path(__file__).parent / "page"
TOKENS = Path(__file__).parent.parent / "player" / "tokens.css"
LARGEST_BODY = 16_384
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Handler = Callable[[Request], Awaitable[Response]]


def drill_routes(course: Course | None, workspace: Workspace) -> list[BaseRoute]:
    """Routes under /drill/ and /api/drill/ for the drills in the workspace's log.

    A run carries its own content in the log, so `course` is not read; it is in the signature
    because every room of the learner site is given it.
    """
    del course
    return service_routes(DrillService(lambda: DrillLog(workspace.drills)), workspace)


def service_routes(service: DrillService, workspace: Workspace) -> list[BaseRoute]:
    def api(work: Callable[..., Awaitable[Response]]) -> Handler:
        return _answering(partial(work, service))

    return [
        Route("/drill", _to_page),
        Route("/drill/", partial(_page, "index.html")),
        Route("/drill/projector", partial(_page, "projector.html")),
        Route("/drill/tokens.css", _tokens),
        Route("/drill/qr.svg", partial(_qr, workspace)),
        Route("/drill/picture/{name}", partial(_picture, service)),
        Mount("/drill/page", StaticFiles(directory=PAGE)),
        Route("/api/drill/join", api(_join), methods=["POST"]),
        Route("/api/drill/rejoin", api(_rejoin), methods=["POST"]),
        Route("/api/drill/answer", api(_answer), methods=["POST"]),
        Route("/api/drill/view", api(_view)),
        Route("/api/drill/stream", api(_stream)),
        Route("/api/drill/projector", api(partial(_projector, workspace))),
        Route("/api/drill/projector/stream", api(partial(_projector_stream, workspace))),
    ]


# Pages


async def _to_page(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/drill/{query}")


async def _page(name: str, request: Request) -> Response:
    return FileResponse(PAGE / name, media_type="text/html", headers=_HEADERS)


async def _tokens(request: Request) -> Response:
    return FileResponse(TOKENS, media_type="text/css", headers={"Cache-Control": "no-cache"})


async def _qr(workspace: Workspace, request: Request) -> Response:
    code = typed_code(request.query_params.get("code", ""))
    svg = qr_svg(join_address(_site(workspace, request), code), "QR code of the join page")
    svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "no-cache"})


async def _picture(service: DrillService, request: Request) -> Response:
    found = service.picture(request.url.path)
    if found is None:
        return Response(status_code=404)
    head, _, content = found.partition(";base64,")
    kept = {"Cache-Control": "private, max-age=86400, immutable"}
    # An SVG that is opened as a page of its own runs nothing either.
    inert = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    media = head.removeprefix("data:")
    return Response(base64.b64decode(content), media_type=media, headers=kept | inert)


def _site(workspace: Workspace, request: Request) -> str:
    return learner_address(workspace) or str(request.base_url).rstrip("/")


# API


def _answering(work: Handler) -> Handler:
    """Turn what `work` refuses into JSON that the page can show."""

    async def handle(request: Request) -> Response:
        try:
            return await work(request)
        except Refused as refused:
            headers = {"Retry-After": str(refused.wait)} if refused.wait else None
            body = {"error": refused.code, "message": refused.message}
            if refused.wait:
                body["wait"] = str(refused.wait)
            return JSONResponse(body, refused.status, headers)
        except ClientDisconnect:
            return Response(status_code=400)

    return handle


async def _join(service: DrillService, request: Request) -> Response:
    body = await _body(request)
    wanted = (body.get("code"), body.get("name"), body.get("key"))
    return _json(await service.join(*wanted, _who(request), body.get("device")))


async def _rejoin(service: DrillService, request: Request) -> Response:
    body = await _body(request)
    wanted = (body.get("code"), body.get("seat_code"))
    return _json(await service.rejoin(*wanted, _who(request), body.get("device")))


async def _answer(service: DrillService, request: Request) -> Response:
    body = await _body(request)
    wanted = (body.get(k) for k in ("token", "step", "response", "n", "key", "decide"))
    return _json(await service.answer(*wanted))


async def _view(service: DrillService, request: Request) -> Response:
    return _json(await service.view(request.query_params.get("token")))


async def _stream(service: DrillService, request: Request) -> Response:
    news = await service.listen(request.query_params.get("token"))
    return StreamingResponse(_lines(news), media_type="text/event-stream", headers=_STREAM)


async def _projector(workspace: Workspace, service: DrillService, request: Request) -> Response:
    view = await service.projector(request.query_params.get("key"))
    return _json(view | {"join": _site(workspace, request)})


async def _projector_stream(
    workspace: Workspace, service: DrillService, request: Request
) -> Response:
    news = await service.listen_projector(request.query_params.get("key"))
    more = {"join": _site(workspace, request)}
    return StreamingResponse(_lines(news, more), media_type="text/event-stream", headers=_STREAM)


async def _lines(
    news: AsyncIterator[dict[str, Any] | None], more: dict[str, Any] | None = None
) -> AsyncIterator[str]:
    yield "retry: 1500\n\n"
    async for view in news:
        if view is None:
            yield ": still here\n\n"
            continue
        text = json.dumps(view | (more or {}), ensure_ascii=True, separators=(",", ":"))
        yield f"data: {text}\n\n"


def _json(value: Any) -> Response:
    return JSONResponse(value, headers={"Cache-Control": "no-store"})


def _who(request: Request) -> str:
    return whose(request.client.host) if request.client else "unknown"


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; too much, or anything else, is refused."""
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise Refused(413, "size", f"The request is over {LARGEST_BODY // 1024} KB.")
        parts.append(chunk)
    try:
        value = json.loads(b"".join(parts), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused(400, "json", "The request is not valid JSON.") from None
    if not isinstance(value, dict):
        raise Refused(400, "json", "The request must be a JSON object.")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
