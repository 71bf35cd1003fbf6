"""The preview as an author has it: started in a terminal, looked at in a browser, files saved."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from crossings.author.new.cases import new_case
from crossings.author.preview.target import TargetError, find_target
from crossings.workspace import ROOT
from tests.serving import PYTHON, course, environment, eventually, free_port
from tests.tiny_course import FILES, write_course

if TYPE_CHECKING:
    from playwright.sync_api import Page

WALK = "modules/demo/cases/walk.yml"
FIRST = "modules/demo/first.md"
TOC = """\
format: jb-book
root: book/welcome
parts:
  - caption: Demo
    chapters:
      - file: modules/demo/first
"""
MORE = {
    "_toc.yml": TOC,
    "book/welcome.md": "# Welcome\n\nRead [the first chapter](../modules/demo/first.md).\n",
}


class Running:
    """A preview that runs, and the course it shows."""

    def __init__(self, root: Path, process: subprocess.Popen[str], address: str) -> None:
        self.root, self.process, self.address = root, process, address
        self.site = address.split("/case/")[0].split("/modules/")[0].rstrip("/")

    def get(self, path: str = "", **options: Any) -> httpx.Response:
        return httpx.get(self.site + path if path else self.address, timeout=60, **options)

    def save(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")

    def state(self) -> str:
        return str(about(self.get())["state"])


def about(page: httpx.Response) -> Any:
    found = re.search(r'id="pv-about">(.*?)</script>', page.text, re.S)
    assert found
    return json.loads(found.group(1))


@contextmanager
def running(root: Path, *words: str, home: Path) -> Iterator[Running]:
    command = [*PYTHON, "preview", *words, "--port", str(free_port())]
    process = subprocess.Popen(
        command,
        cwd=root,
        env=environment(home, CROSSINGS_ROOT=str(root)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + (process.stderr.read() if process.stderr else "")
        preview = Running(root, process, found.group())
        eventually(lambda: answers(preview))
        yield preview
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def answers(preview: Running) -> bool:
    try:
        return preview.get("/favicon.ico").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = write_course(tmp_path / "a course", dict(MORE))
    shutil.copyfile(ROOT / "_config.yml", made / "_config.yml")
    return made


@pytest.fixture
def preview(root: Path, home: Path) -> Iterator[Running]:
    with running(root, "walk", home=home) as made:
        yield made


def wait_for(preview: Running, path: str, true: Callable[[httpx.Response], bool]) -> httpx.Response:
    def now() -> httpx.Response | None:
        page = preview.get(path)
        return page if true(page) else None

    found: httpx.Response = eventually(now)
    return found


# A case, in the browser


def start(page: Page) -> None:
    page.locator(".cx-buttons .cx-main").click()


@pytest.mark.browser
def test_a_saved_case_appears_by_itself_and_the_play_stays_where_it_is(
    root: Path, home: Path, page: Page
) -> None:
    new_case(root, "night", "demo")
    name = "modules/demo/cases/night.yml"
    with running(root, "night", home=home) as preview:
        page.goto(preview.address)
        page.get_by_text("lines still say TODO").wait_for()
        start(page)
        page.get_by_role("heading", name="The arrival").wait_for()
        start(page)
        page.get_by_role("heading", name="The first words").wait_for()

        preview.save(name, "title: The first words", "title: Words at the barrier")
        page.get_by_role("heading", name="Words at the barrier").wait_for()

        preview.save(name, "  first-words:", "  last-words:")
        page.get_by_text("unknown node `first-words`").wait_for()
        assert page.get_by_text("did you mean `last-words`").first.is_visible()
        assert f"{name}:" in page.locator(".pv-place").first.inner_text()
        assert "next: first-words" in page.locator(".pv-here").first.inner_text()

        preview.save(name, "  last-words:", "  first-words:")
        page.get_by_role("heading", name="Words at the barrier").wait_for()

        preview.save(name, "    next: first-words", "    next: pressure")
        page.get_by_role("heading", name="The other asks").wait_for()
        page.goto("about:blank")  # a page whose preview ends says so, also to the console


@pytest.mark.browser
def test_a_play_that_no_longer_fits_goes_back_to_where_it_does(
    preview: Running, page: Page
) -> None:
    page.goto(preview.address)
    start(page)
    page.get_by_text("Send her away").click()
    page.get_by_role("button", name="Decide").click()
    page.get_by_text("She leaves.").first.wait_for()
    preview.save(WALK, "{id: send,", "{id: send-off,")
    page.locator("#pv-moved:not([hidden])").wait_for()
    page.get_by_role("heading", name="A short walk").wait_for()
    preview.save(WALK, "title: A short walk", "title: A long walk")
    page.get_by_role("heading", name="A long walk").wait_for()


@pytest.mark.browser
def test_the_panel_follows_the_case(preview: Running, page: Page) -> None:
    page.goto(preview.address)
    page.get_by_text("No problems.").wait_for()
    preview.save(WALK, "cites: [LAW-1], to: safe", "cites: [LAW-7], to: safe")
    page.get_by_text("no provision in the law register `LAW-7`").wait_for()
    preview.save(WALK, "percent: [100, 100]", "percent: [0, 10]")
    page.get_by_text("it earns 100 percent").wait_for()
    preview.save(WALK, "percent: [0, 10]", "percent: [100, 100]")
    preview.save(WALK, "LAW-7", "LAW-1")
    page.get_by_text("No problems.").wait_for()
    assert page.locator(".pv-graph img").evaluate("image => image.naturalWidth > 0")


@pytest.mark.browser
def test_a_chapter_appears_by_itself(root: Path, home: Path, page: Page) -> None:
    with running(root, "demo/first", home=home) as preview:
        page.goto(preview.address, timeout=60_000)
        page.get_by_role("heading", name="First chapter").wait_for()
        page.get_by_text("What do you do first?").first.wait_for()
        preview.save(FIRST, "# First chapter", "# Another chapter")
        page.get_by_role("heading", name="Another chapter").wait_for()
        page.goto("about:blank")


# Without a browser


def test_what_is_broken_is_a_page_and_the_next_save_mends_it(preview: Running) -> None:
    assert "crossings.js" in preview.get().text
    for old, new, word in (
        ("title: A short walk", 'title: "A short walk', "not valid YAML"),
        ("minutes: 5", "minutes: five", "minutes"),
        ("id: walk", "id: wolk", "make them the same"),
        ("role: You", "rolle: You", "there is no such field"),
        ("start: gate", "start: gait", "did you mean `gate`"),
        ("objectives: [DE-1]", "objectives: []", "objectives"),
    ):
        preview.save(WALK, old, new)
        page = wait_for(preview, "", lambda r: "cannot be drawn yet" in r.text)
        assert word in page.text and WALK in page.text and "Traceback" not in page.text
        preview.save(WALK, new, old)
        wait_for(preview, "", lambda r: "pv-payload" in r.text)
    text = (preview.root / WALK).read_text(encoding="utf-8")
    (preview.root / WALK).unlink()
    assert "new case walk" in wait_for(preview, "", lambda r: "pv-payload" not in r.text).text
    (preview.root / WALK).write_text(text, encoding="utf-8")
    wait_for(preview, "", lambda r: "pv-payload" in r.text)


def test_news_of_a_save_reach_those_who_wait(preview: Running) -> None:
    before = preview.state()
    address = f"{preview.site}/_preview/events"
    with httpx.stream("GET", address, params={"seen": before}, timeout=30) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        next(lines)
        preview.save(WALK, "title: A short walk", "title: A long walk")
        assert next(line for line in lines if line.startswith("event:")) == "event: changed"
    assert preview.state() != before
    # Who comes late, with an old page, is told at once.
    with httpx.stream("GET", address, params={"seen": before}, timeout=30) as stream:
        assert any(line == "event: changed" for line in stream.iter_lines())


def test_a_chapter_is_the_page_of_the_book(root: Path, home: Path) -> None:
    with running(root, "first.md", home=home) as preview:
        page = preview.get()
        assert page.status_code == 200 and "First chapter" in page.text
        assert "cx-cite-law" in page.text and "crossings-mount" in page.text
        assert "Not in the preview" in page.text
        style = re.search(r'href="([^"]*crossings\.css[^"]*)"', page.text)
        assert style and httpx.get(httpx.URL(str(page.url)).join(style.group(1))).status_code == 200
        assert "Welcome" in preview.get("/book/welcome.html").text

        preview.save(FIRST, "{law}`LAW-1`", "{law}`LAW-9`")
        broken = wait_for(preview, "", lambda r: "cannot be drawn yet" in r.text)
        assert f"{FIRST}:10" in broken.text and "LAW-9" in broken.text
        preview.save(FIRST, "{law}`LAW-9`", "{law}`LAW-1`")
        wait_for(preview, "", lambda r: "cx-cite-law" in r.text)

        preview.save("modules/demo/items.yml", "What do you do first?", "What comes first?")
        wait_for(preview, "", lambda r: "What comes first?" in r.text)
        preview.save(FIRST, "Officers must", "TODO See [this](nowhere.md). Officers must")
        told = about(wait_for(preview, "", lambda r: "nowhere" in r.text))["problems"]
        assert any("nowhere" in p["message"] and p["line"] == 10 for p in told)
        assert any("unfinished" in p["message"] for p in told)

        preview.save(FIRST, "Officers must", "<script>hacked = 1</script> Officers must")
        page = wait_for(preview, "", lambda r: "hacked" in r.text)
        scripts = page.headers["content-security-policy"].split("script-src")[1].split(";")[0]
        digest = base64.b64encode(hashlib.sha256(b"hacked = 1").digest()).decode()
        assert "'sha256-" in scripts and digest not in scripts and "unsafe" not in scripts

        (root / "modules/demo/second.md").write_text("# Second\n", encoding="utf-8")
        page = preview.get("/modules/demo/second.html")
        assert "not in the table of contents" in page.text
        toc = root / "_toc.yml"
        toc.write_text(f"{TOC}      - file: modules/demo/second\n", encoding="utf-8")
        wait_for(
            preview,
            "/modules/demo/second.html",
            lambda r: "Second</h1>" in r.text or "Second<a" in r.text,
        )


def test_another_chapter_that_is_broken_is_no_obstacle(root: Path, home: Path) -> None:
    (root / "modules/demo/second.md").write_text("# Second\n\n{law}`NONE`\n", encoding="utf-8")
    (root / "_toc.yml").write_text(f"{TOC}      - file: modules/demo/second\n", encoding="utf-8")
    plan = root / "modules/demo/module.yml"
    text = plan.read_text(encoding="utf-8").replace("  - first\n", "  - first\n  - second\n")
    plan.write_text(text, encoding="utf-8")
    with running(root, "first", home=home) as preview:
        page = preview.get()
        assert "First chapter" in page.text and "cx-cite-law" in page.text
        assert any("NONE" in p["message"] for p in about(page)["problems"])


def test_figures_of_the_last_build_are_shown_while_their_code_is_the_same(
    root: Path, home: Path
) -> None:
    import nbformat
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    front = "jupytext: {text_representation: {extension: .md, format_name: myst}}\n"
    front += "kernelspec: {display_name: Python 3, language: python, name: python3}\n"
    cell = "\n```{code-cell} ipython3\nprint(6 * 7)\n```\n"
    text = FILES[FIRST].replace("---\n", f"---\n{front}", 1) + cell
    (root / FIRST).write_text(text, encoding="utf-8")
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    output = nbformat.v4.new_output("stream", text="forty-two\n")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("print(6 * 7)", outputs=[output], execution_count=1)],
        metadata=metadata,
    )
    cache = get_cache(str(root / "_build" / ".jupyter_cache"))
    cache.cache_notebook_bundle(CacheBundleIn(notebook, "first"), check_validity=False)
    with running(root, "first", home=home) as preview:
        page = preview.get()
        assert "forty-two" in page.text and "Figures come from the last build" in page.text
        preview.save(FIRST, "print(6 * 7)", "print(6 * 8)")
        page = wait_for(preview, "", lambda r: "forty-two" not in r.text)
        assert "not run" in page.text and "without figures" in page.text
        assert "Traceback" not in page.text and ">48<" not in page.text


def test_only_this_machine_and_only_our_scripts(preview: Running) -> None:
    page = preview.get()
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert preview.site.startswith("http://127.0.0.1:")
    assert preview.get("", headers={"Host": "evil.example"}).status_code == 400
    assert preview.get("/%2e%2e/%2e%2e/etc/passwd").status_code == 404
    assert preview.get("/_preview/site.py").status_code == 404
    text = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    preview.save(WALK, "text: A person stands at the gate.", f"text: {json.dumps(text)}")
    page = wait_for(preview, "", lambda r: "alert(1)" in r.text)
    assert "<script>alert" not in page.text and "<img src=x" not in page.text


def test_the_list_leads_to_every_case_and_page(root: Path, home: Path) -> None:
    with running(root, home=home) as preview:
        text = preview.get().text
        assert 'href="/case/demo/walk"' in text and 'href="/modules/demo/first.html"' in text
        assert preview.get("/nothing").status_code == 404
        assert preview.get("/nothing.html").status_code == 404
        assert "svg" in preview.get("/case/demo/walk/graph.svg").headers["content-type"]


@pytest.mark.skipif(sys.platform == "win32", reason="sends the signals of POSIX")
@pytest.mark.parametrize(("number", "name"), [(signal.SIGINT, "first"), (signal.SIGTERM, "walk")])
def test_it_ends_cleanly(root: Path, home: Path, tmp_path: Path, number: int, name: str) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(scratch))
        with running(root, name, home=home) as preview:
            assert preview.get().status_code == 200
            assert any(scratch.iterdir()) == (name == "first")
            with httpx.stream("GET", f"{preview.site}/_preview/events", timeout=30):
                preview.process.send_signal(number)
                told, errors = preview.process.communicate(timeout=30)
    assert preview.process.returncode == 0, errors
    assert "has ended" in told and errors == ""
    assert not any(scratch.iterdir())


def test_a_taken_port_is_no_obstacle(root: Path, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*PYTHON, "preview", "walk", "--port", str(port)]
        process = subprocess.Popen(
            command,
            env=environment(home, CROSSINGS_ROOT=str(root)),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
        process.communicate(timeout=30)
    assert re.search(r"http://127\.0\.0\.1:(\d+)/", line) and f":{port}/" not in line


# Names


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (None, "/"),
        ("walk", "/case/demo/walk"),
        ("demo/walk", "/case/demo/walk"),
        (WALK, "/case/demo/walk"),
        ("walk.yml", "/case/demo/walk"),
        ("first", "/modules/demo/first.html"),
        ("demo/first", "/modules/demo/first.html"),
        (FIRST, "/modules/demo/first.html"),
        ("book/welcome", "/book/welcome.html"),
    ],
)
def test_a_page_has_many_names(root: Path, name: str | None, path: str) -> None:
    assert find_target(root, name, root / "modules/demo/cases").path == path


def test_a_name_that_is_none_or_two(root: Path, home: Path) -> None:
    with pytest.raises(TargetError, match="did you mean `walk`"):
        find_target(root, "wolk", root)
    new_case(root, "first", "demo")
    with pytest.raises(TargetError, match=r"2 things .*demo/first"):
        find_target(root, "first", root / "book")
    assert find_target(root, FIRST, root).kind == "page"
    done = course("preview", "wolk", home=home, CROSSINGS_ROOT=str(root))
    assert done.returncode == 2 and "walk" in done.stderr and "Traceback" not in done.stderr


def test_authors_see_the_whole_law_register(root: Path, home: Path) -> None:
    (root / "book/law.md").write_text("# Law\n\n```{law-register}\n```\n", encoding="utf-8")
    items = (root / "modules/demo/items.yml").read_text(encoding="utf-8")
    (root / "modules/demo/items.yml").write_text(items.replace("LAW-2", "LAW-1"), encoding="utf-8")
    chapter = (root / FIRST).read_text(encoding="utf-8").replace("{law}`may wait <LAW-2>`", "wait")
    (root / FIRST).write_text(chapter, encoding="utf-8")
    toc = (root / "_toc.yml").read_text(encoding="utf-8")
    (root / "_toc.yml").write_text(toc + "      - file: book/law\n", encoding="utf-8")
    with running(root, "walk", home=home) as preview:
        page = preview.get("/book/law.html").text
    assert 'id="cx-law-1"' in page and 'id="cx-law-2"' in page
    assert page.count("no page uses it yet") == 1
