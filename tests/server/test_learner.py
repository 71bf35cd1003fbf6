"""The learner site as the class network meets it: one real process, all kinds of requests."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from crossings.book.build import site
from crossings.curriculum import Course, current
from crossings.workspace import ROOT
from tests.serving import Served

pytestmark = pytest.mark.xdist_group("served")

PAGES = ("/", "/drill/", "/work/", "/feedback/", "/api/health")
EVERYWHERE = (*PAGES, "/no-such-page", "/api/nothing", "/work/no/sheet", "/drill/page/none.js")


@pytest.fixture(scope="module")
def phone(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.learner, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def course() -> Course:
    return current()


def raw(served: Served, request: bytes, seconds: float = 10.0) -> bytes:
    """Send bytes that no HTTP client would send; returns the answer until the site closes."""
    host, port = served.learner.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=seconds) as wire:
        wire.sendall(request)
        parts = []
        try:
            while part := wire.recv(65536):
                parts.append(part)
                if b"\r\n\r\n" in part:
                    break
        except OSError:
            pass
    return b"".join(parts)


# Headers


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_security_headers(phone: httpx.Client, path: str) -> None:
    headers = phone.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "object-src 'none'" in policy or "default-src 'none'" in policy
    assert "frame-ancestors" in policy
    assert "server" not in headers
    if path.startswith(("/drill", "/work", "/feedback", "/api")):
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert scripts and "unsafe" not in scripts[1]


def test_method_errors_and_odd_methods_too(phone: httpx.Client) -> None:
    for method in ("POST", "PUT", "DELETE", "TRACE", "PROPFIND", "OPTIONS"):
        answer = phone.request(method, "/book/welcome.html")
        assert answer.status_code == 405, method
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert phone.get("/api/drill/join").status_code in (404, 405)


def test_the_page_for_a_lost_learner_is_ours_and_shows_nothing_of_the_address(
    phone: httpx.Client,
) -> None:
    answer = phone.get("/%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status_code == 404
    assert "This page does not exist" in answer.text
    assert "alert(1)" not in answer.text


# Files


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/..%2f..%2fpyproject.toml",
        "/%2e%2e/%2e%2e/pyproject.toml",
        "/_static/..%2f..%2f..%2fpyproject.toml",
        "/..%5c..%5cpyproject.toml",
        "//etc/passwd",
        "/_static/%00.css",
        "/drill/page/..%2f..%2f..%2fpyproject.toml",
        "/drill/page/../routes.py",
        "/work/assets/..%2fpages.py",
        "/work/notebook/..%2f..%2fsource/screening-data.zip",
        "/feedback/..%2f..%2ftrainees",
        "/" + "a" * 5000,
        "/" + "a/" * 500,
    ],
)
def test_no_way_out_of_the_folders(served: Served, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw(served, request.encode())
    assert answer.split(b" ", 2)[1] in (b"400", b"404", b"307", b"303"), answer[:200]
    assert b"hatchling" not in answer and b"root:" not in answer


@pytest.mark.parametrize(
    "path",
    [
        "/.crossings-stamp",
        "/.buildinfo",
        "/_static",
        "/_static/",
        "/_images/",
        "/drill/page/",
        "/modules/",
        "/objects.inv",
        "/_sources/book/welcome.md",
        "/modules/trafficking-identification/items.yml",
        "/modules/trafficking-identification/what-trafficking-is.md",
        "/exercises/source/screening-data/screening-data.ipynb",
        "/var/drills.sqlite",
        "/grading/gradebook.db",
    ],
)
def test_no_listing_and_no_source(phone: httpx.Client, path: str) -> None:
    answer = phone.get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert "Index of" not in answer.text


def test_an_icon_is_there_for_browsers_that_ask_unasked(phone: httpx.Client) -> None:
    answer = phone.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"


def test_a_huge_address_and_huge_headers_are_refused_not_served(served: Served) -> None:
    line = b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = raw(served, line)
    assert not answer or answer.split(b" ", 2)[1] in (b"400", b"404", b"414", b"431")
    head = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 500_000 + b"\r\n\r\n"
    answer = raw(served, head)
    assert not answer or answer.split(b" ", 2)[1] in (b"400", b"431")
    assert httpx.get(f"{served.learner}/api/health").text == "ok"


def test_a_part_of_a_file_and_its_head(phone: httpx.Client) -> None:
    whole = phone.get("/book/welcome.html", headers={"Accept-Encoding": "identity"})
    part = phone.get(
        "/book/welcome.html", headers={"Range": "bytes=0-99", "Accept-Encoding": "identity"}
    )
    assert part.status_code == 206 and part.content == whole.content[:100]
    past = phone.get("/book/welcome.html", headers={"Range": "bytes=99999999-"})
    assert past.status_code == 416
    head = phone.head("/book/welcome.html", headers={"Accept-Encoding": "identity"})
    assert head.status_code == 200 and head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))


def test_a_second_visit_costs_no_second_download(phone: httpx.Client) -> None:
    first = phone.get("/book/welcome.html")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-encoding"] == "gzip"
    again = phone.get("/book/welcome.html", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    assert again.headers["content-security-policy"]
    named = re.search(r'href="((?:\.\./)?_static/[^"]+\.css\?v=[^"]+)"', first.text)
    assert named
    asset = phone.get("/" + named[1].removeprefix("../"))
    assert asset.status_code == 200 and "immutable" in asset.headers["cache-control"]


# Slow and wrong


def test_a_body_that_never_comes_does_not_hold_up_the_others(served: Served) -> None:
    host, port = served.learner.removeprefix("http://").split(":")
    held = []
    try:
        for _ in range(50):
            wire = socket.create_connection((host, int(port)), timeout=10)
            wire.sendall(
                b"POST /api/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000\r\n\r\n{"
            )
            held.append(wire)
        page = httpx.get(f"{served.learner}/book/welcome.html", timeout=60)
        assert page.status_code == 200
    finally:
        for wire in held:
            wire.close()


def test_news_of_a_drill_is_not_held_back_by_compression(
    phone: httpx.Client, served: Served
) -> None:
    from crossings.drills.log import DrillLog
    from crossings.drills.trainer import open_drill

    log = DrillLog(served.data / "var" / "drills.sqlite")
    try:
        run = open_drill(log, current(), "trafficking-identification/signs-and-myths")
        code = log.openings()[0].payload["code"]
        assert run
    finally:
        log.close()
    seat = phone.post(
        "/api/drill/join", json={"code": code, "name": "Wen", "key": "key-of-the-test"}
    ).json()
    with phone.stream(
        "GET", "/api/drill/stream", params={"token": seat["token"]}, timeout=5
    ) as news:
        assert news.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in news.headers
        lines = news.iter_lines()
        data = next(line for line in lines if line.startswith("data:"))
    assert json.loads(data.removeprefix("data:"))["status"] == "lobby"


@pytest.mark.parametrize("code", ["", "NOPE", "....", "<b>", "A" * 5000, None, 7, ["x"]])
def test_a_wrong_join_code_is_one_sentence(phone: httpx.Client, code: Any) -> None:
    answer = phone.post("/api/drill/join", json={"code": code, "name": "Wen", "key": "k" * 16})
    assert answer.status_code == 404
    assert "no drill with this code" in answer.json()["message"]


# What must not be reachable


def secrets_of(course: Course) -> dict[str, list[str]]:
    """Words of each worksheet item that only its key holds."""
    found: dict[str, list[str]] = {}
    for module in course.modules.values():
        for sheet in module.worksheets.values():
            for name in sheet.item_ids:
                item = module.items[name]
                texts = [item.rationale, getattr(item, "model_answer", None)]
                texts += [getattr(o, "feedback", None) for o in item.options or ()]
                long = [" ".join(t.split()) for t in texts if t and len(t) > 30]
                assert long, f"{name} has no text to look for"
                found[name] = long
    assert found
    return found


def test_the_keys_of_worksheets_are_nowhere_on_the_site(
    phone: httpx.Client, course: Course, served: Served
) -> None:
    hidden = secrets_of(course)
    bodies = {
        str(p.relative_to(site(ROOT))): p.read_bytes()
        for p in site(ROOT).rglob("*")
        if p.is_file() and p.suffix in {".html", ".js", ".json", ".css", ".csv", ".svg", ".txt"}
    }
    for module in course.modules.values():
        for sheet in module.worksheets:
            bodies[f"/work/{module.id}/{sheet}"] = phone.get(f"/work/{module.id}/{sheet}").content
    for path in ("/work/", "/work/notebook/screening-data", "/api/submissions"):
        bodies[path] = phone.get(path).content
    assert len(bodies) > 20
    for place, body in bodies.items():
        text = _plain(body)
        for name, texts in hidden.items():
            for words in texts:
                assert words[:60] not in text, f"the key of {name} is in {place}"
    page = json.loads(_data_of(phone.get(_sheet_path(course)).text))
    for item in page["items"]:
        assert not {"rationale", "answer", "accept", "model_answer", "correct"} & set(item)
        for option in item.get("options") or ():
            assert not {"correct", "target", "feedback", "misconception"} & set(option)


def _sheet_path(course: Course) -> str:
    return next(f"/work/{m.id}/{w}" for m in course.modules.values() for w in m.worksheets)


def _data_of(page: str) -> str:
    found = re.search(r'id="w-data">(.*?)</script>', page, re.S)
    assert found
    return found[1]


def _plain(body: bytes) -> str:
    import html

    text = body.decode("utf-8", "replace").replace("\\u003c", "<").replace('\\"', '"')
    return " ".join(html.unescape(text).split())


def test_the_released_notebook_holds_no_solution(phone: httpx.Client) -> None:
    import io
    import zipfile

    packed = phone.get("/work/notebook/screening-data/screening-data.zip")
    assert packed.status_code == 200
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert not [n for n in archive.namelist() if ".." in Path(n).parts]
        notebook = next(n for n in archive.namelist() if n.endswith(".ipynb"))
        text = archive.read(notebook).decode()
    assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN TESTS" not in text
