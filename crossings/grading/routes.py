"""The learner site's routes for handing in and for feedback. Nothing here executes anything."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from crossings.curriculum.model import Course, Module, Worksheet
from crossings.grading import (
    answers,
    due,
    durable,
    feedback,
    inbox,
    pages,
    release,
    trainees,
    words,
)
from crossings.grading.job import notebook_title
from crossings.grading.ledger import LedgerError
from crossings.grading.ledger.regrade import RegradeError, ask
from crossings.grading.limits import Guesses
from crossings.grading.notebooks import wanted
from crossings.grading.reading import ReadingDesk, address_of
from crossings.grading.upload import MAX_UPLOAD, Wanted
from crossings.workspace import Workspace

Handler = Callable[[Any, Request], Awaitable[Response]]
_REQUEST = 20_000
"""Bytes of a request to look at a mark again."""
_ENVELOPE = 100_000
"""Bytes of a file hand-in that are not the file: field names, name, code."""
MAX_TOGETHER = 50
"""Files that can be chosen at once; a folder with more goes into a zip."""


class StopError(Exception):
    """Ends a request with a status and a sentence for the learner."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def work_routes(course: Course, workspace: Workspace) -> list[BaseRoute]:
    """Worksheets, notebooks, the inbox and feedback of one course in one workspace."""
    inbox.sweep(workspace)
    desk = Desk(course, workspace)
    return [
        Route("/work/", desk.list),
        Route("/work", desk.to_list),
        Route("/work/assets/{name}", desk.asset),
        Route("/work/notebook/{assignment}", desk.notebook),
        Route("/work/notebook/{assignment}/{file}", desk.download),
        Route("/work/{module}/{worksheet}", desk.worksheet),
        Route("/api/submissions", desk.submit, methods=["POST"]),
        Route("/api/submissions/file", desk.submit_file, methods=["POST"]),
        Route("/api/regrade", desk.regrade, methods=["POST"]),
        *ReadingDesk(course, workspace, desk.guesses).routes(),
    ]


def answered(handler: Handler) -> Handler:
    """Turn everything that can go wrong with a hand-in into one JSON sentence."""

    @wraps(handler)
    async def safe(desk: Any, request: Request) -> Response:
        try:
            return await handler(desk, request)
        except StopError as error:
            return _said(error.status, str(error))
        except inbox.RefusedError as error:
            missing = getattr(error, "missing", ())
            return _said(422, str(error), **({"missing": list(missing)} if missing else {}))
        except durable.NotSavedError as error:
            return _said(error.status, str(error))

    return safe


def _said(status: int, message: str, **more: Any) -> Response:
    headers = {"Cache-Control": "no-store"}
    if status == 413:
        headers["Connection"] = "close"
    return JSONResponse({"error": message, **more}, status, headers)


class Desk:
    """The handlers; `course` and `workspace` do not change while the site runs."""

    def __init__(self, course: Course, workspace: Workspace) -> None:
        self.course = course
        self.workspace = workspace
        self.guesses = Guesses()

    async def to_list(self, request: Request) -> Response:
        return RedirectResponse("/work/")

    async def asset(self, request: Request) -> Response:
        found = pages.assets().get(request.path_params["name"])
        if found is None:
            return _lost("There is no such file.")
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(found[0], media_type=found[1], headers=kept)

    async def list(self, request: Request) -> Response:
        modules = sorted(self.course.modules.values(), key=lambda m: m.file.order)
        sheets = [
            {
                "id": sheet.id,
                "module": module.id,
                "title": sheet.title,
                "module_title": module.file.title,
                "minutes": sheet.minutes,
                "questions": len(sheet.item_ids),
                "due": self._due(sheet.id),
            }
            for module in modules
            for sheet in module.worksheets.values()
        ]
        notebooks = [
            {"id": name, "title": notebook_title(self.course, name), "due": self._due(name)}
            for name in self.course.exercises
        ]
        return HTMLResponse(pages.render("list.html", sheets=sheets, notebooks=notebooks))

    async def worksheet(self, request: Request) -> Response:
        module = self.course.modules.get(request.path_params["module"])
        sheet = module.worksheets.get(request.path_params["worksheet"]) if module else None
        if module is None or sheet is None:
            return _lost("There is no such worksheet.")
        return HTMLResponse(_worksheet_page(self.course, module, sheet, self._due(sheet.id)))

    async def notebook(self, request: Request) -> Response:
        name = request.path_params["assignment"]
        if name not in self.course.exercises:
            return _lost("There is no such notebook.")
        files = self._released(name)
        expected = [f"{notebook}.ipynb" for notebook in self._wanted(name)]
        page = pages.render(
            "notebook.html",
            title=notebook_title(self.course, name),
            assignment=name,
            ready=bool(files),
            notebooks=expected,
            files=[f for f in files if not f.endswith(".ipynb")],
            limit=MAX_UPLOAD // 1_000_000,
            due=self._due(name),
            data={
                "kind": "notebook",
                "assignment": name,
                "limit": MAX_UPLOAD,
                "several": len(expected) > 1,
            },
        )
        return HTMLResponse(page)

    def _due(self, assignment: str) -> dict[str, Any] | None:
        by = due.of(self.workspace, self.course, assignment)
        if by is None:
            return None
        return {"at": due.stamp(by), "passed": by < datetime.now(UTC)}

    async def download(self, request: Request) -> Response:
        name = request.path_params["assignment"]
        files = self._released(name) if name in self.course.exercises else {}
        if not files or request.path_params["file"] != f"{name}.zip":
            return _lost("There is no such file.")
        packed = await run_in_threadpool(_packed, name, files)
        return Response(packed, media_type="application/zip")

    def _released(self, name: str) -> dict[str, bytes]:
        folder = self.workspace.exercises / "release" / name
        paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()]
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}

    @answered
    async def submit(self, request: Request) -> Response:
        _same_origin(request)
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
            raise StopError(415, "Answers are sent as JSON.")
        body = b"".join([part async for part in _limited(request, answers.MAX_BYTES)])
        try:
            sent = answers.parse(body)
        except answers.BadAnswersError as error:
            raise StopError(400, f"Not handed in: {error}.") from None
        sheet = self._sheet(_text(sent, "assignment"))
        return await self._take(
            request,
            inbox.receive,
            (self.workspace, sheet.id, _text(sent, "name"), answers.responses(sent)),
            version=_version(sent, sheet),
            number=_text(sent, "number"),
            code=_text(sent, "code"),
            key=_text(sent, "key"),
        )

    @answered
    async def submit_file(self, request: Request) -> Response:
        _same_origin(request)
        fields, sent = await _form(request)
        assignment = fields.get("assignment", "")
        who = {name: fields.get(name, "") for name in ("number", "code", "key")}
        name = fields.get("name", "")
        if assignment not in self.course.exercises:
            sheet = self._sheet(assignment)
            if len(sent) > 1:
                raise StopError(422, "Not handed in: hand in one file, answers.json.")
            given = _answers_file(sent[0][1], sheet)
            return await self._take(
                request,
                inbox.receive,
                (self.workspace, sheet.id, name, answers.responses(given)),
                version=_version(given, sheet),
                **who,
            )
        return await self._take(
            request,
            inbox.receive_files,
            (self.workspace, assignment, name, sent),
            wanted=self._wanted(assignment),
            partial=fields.get("partial") == "yes",
            **who,
        )

    async def _take(
        self, request: Request, take: Callable[..., inbox.Receipt], given: Any, **more: Any
    ) -> Response:
        address = address_of(request)
        if more["code"].strip() and self.guesses.blocked(address):
            raise StopError(429, "Too many wrong codes. Wait ten minutes, then try again.")
        try:
            receipt = await run_in_threadpool(take, *given, **more)
        except trainees.UnknownCodeError:
            self.guesses.wrong(address)
            raise StopError(
                422,
                "Nobody has this private code. Check each letter; or leave the field empty to "
                "hand in as a new trainee.",
            ) from None
        return JSONResponse(asdict(receipt), 201, {"Cache-Control": "no-store"})

    def _sheet(self, name: str) -> Worksheet:
        try:
            return release.find_worksheet(self.course, name)[1]
        except KeyError:
            raise StopError(404, "There is no such worksheet. Reload the page.") from None

    def _wanted(self, assignment: str) -> Wanted:
        """The notebooks to hand in, each with the grade ids of its questions."""
        folder = self.course.root / "exercises" / "source" / assignment
        return wanted(folder, assignment)

    @answered
    async def regrade(self, request: Request) -> Response:
        """A trainee asks to look at a mark again; acknowledged when it is on the disk. What goes
        wrong is said in the language of the feedback page."""
        try:
            return await self._asked(request)
        except (StopError, durable.NotSavedError) as error:
            plain = str(error).replace("answers were", "request was")
            language = words.chosen(request.headers.get("accept-language", ""))
            raise StopError(error.status, language.told(plain)) from error

    async def _asked(self, request: Request) -> Response:
        _same_origin(request)
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
            raise StopError(415, "A request is sent as JSON.")
        address = address_of(request)
        if self.guesses.blocked(address):
            raise StopError(429, "Too many wrong codes. Wait ten minutes, then try again.")
        body = b"".join([part async for part in _limited(request, _REQUEST)])
        try:
            sent = answers.parse(body)
        except answers.BadAnswersError:
            raise StopError(400, "Not sent: this is not a request.") from None
        return await run_in_threadpool(self._regrade, sent, address)

    def _regrade(self, sent: dict[str, Any], address: str) -> Response:
        trainee = trainees.by_code(self.workspace, _text(sent, "code"))
        if trainee is None:
            self.guesses.wrong(address)
            raise StopError(422, "Nobody has this private code. Open your feedback again.")
        given = feedback.by_code(self.workspace, trainee.code) or {}
        assignment = _text(sent, "assignment")
        if assignment not in given.get("assignments", {}):
            raise StopError(404, "This has not been marked yet.")
        about = (assignment, trainee.student, _text(sent, "question"))
        try:
            made = ask(self.workspace, *about, _text(sent, "text"), _text(sent, "key"))
        except RegradeError as error:
            raise StopError(error.status, str(error)) from None
        except LedgerError:
            raise StopError(503, durable.CLOSED.replace("answers were", "request was")) from None
        return JSONResponse(made.plain(), 201, {"Cache-Control": "no-store"})


def _lost(message: str) -> Response:
    page = pages.render("lost.html", message=message)
    return HTMLResponse(page, 404)


def _worksheet_page(
    course: Course, module: Module, sheet: Worksheet, by: dict[str, Any] | None
) -> str:
    shown = {item["id"]: item for item in release.public_items(course, module.id, sheet)}
    parts: list[dict[str, Any]] = []
    for part in sheet.parts:
        if part.text is not None:
            parts.append({"text": part.text})
            continue
        item = shown[str(part.item)]
        parts.append(
            {
                "text": None,
                "id": item["id"],
                "number": sum(p["text"] is None for p in parts) + 1,
                "points": item["points"],
                "person": item["kind"] == "text",
                "rubric": item.pop("rubric", []),
            }
        )
    data = {
        "kind": "worksheet",
        "assignment": sheet.id,
        "version": sheet.version,
        "limit": answers.MAX_BYTES,
        "items": list(shown.values()),
    }
    return pages.render(
        "worksheet.html",
        sheet=sheet,
        module_title=module.file.title,
        parts=parts,
        count=len(shown),
        due=by,
        limit=answers.MAX_BYTES // 1_000_000,
        data=data,
    )


def _packed(name: str, files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(f"{name}/{path}", content)
    return made.getvalue()


def _answers_file(body: bytes, sheet: Worksheet) -> dict[str, Any]:
    """The document in an uploaded answers.json, for a worksheet done in a notebook."""
    try:
        found = answers.parse(body)
    except answers.BadAnswersError as error:
        raise StopError(422, f"Not handed in: {error}. Hand in answers.json.") from None
    if not isinstance(found.get("answers"), dict):
        raise StopError(422, "Not handed in: this file holds no answers. Hand in answers.json.")
    if found.get("assignment", sheet.id) != sheet.id:
        raise StopError(
            422,
            "Not handed in: this file holds the answers to another worksheet. Choose the "
            f"answers.json that lies beside the notebook of “{sheet.title}”.",
        )
    return found


def _version(sent: dict[str, Any], sheet: Worksheet) -> int:
    """The version of the worksheet that was answered, as the page or the form says it."""
    found = sent.get("version")
    return found if type(found) is int else sheet.version


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name, "")
    return value if isinstance(value, str) else ""


def _same_origin(request: Request) -> None:
    """Refuse a hand-in that another site's page makes a browser send."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    same = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if site not in ("same-origin", "none") or not same:
        raise StopError(403, "Hand in from the page of the course itself.")


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """The body in parts; stops as soon as it is too long, without reading the rest."""
    too_long = StopError(
        413, f"Not handed in: this is over {limit // 1_000_000} MB, which is the most we take."
    )
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > limit:
        raise too_long
    seen = 0
    try:
        async for part in request.stream():
            seen += len(part)
            if seen > limit:
                raise too_long
            yield part
    except ClientDisconnect:
        raise StopError(400, "The connection ended before everything had arrived.") from None


async def _form(request: Request) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
    """Text fields, and files with their names, of a multipart body; temporary files have none."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise StopError(415, "A file is sent as multipart/form-data.")
    body = _limited(request, MAX_UPLOAD + _ENVELOPE)
    parser = MultiPartParser(
        request.headers, body, max_files=MAX_TOGETHER, max_fields=10, max_part_size=_ENVELOPE
    )
    try:
        with durable.explained():
            form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError):
        raise StopError(400, "The file did not arrive whole. Try again.") from None
    try:
        files = [f for f in form.getlist("file") if isinstance(f, UploadFile) and f.filename]
        if not files:
            raise StopError(422, "Choose your file first.")
        fields = {k: v for k, v in form.items() if isinstance(v, str)}
        sent = [(str(file.filename), await file.read()) for file in files]
    finally:
        await form.close()
    if sum(len(content) for _, content in sent) > MAX_UPLOAD:
        what = "the file is" if len(sent) == 1 else "the files are"
        raise StopError(413, f"Not handed in: {what} over {MAX_UPLOAD // 1_000_000} MB.")
    return {k: answers.clean_text(v) for k, v in fields.items()}, sent
