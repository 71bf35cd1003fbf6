"""Sphinx kept warm: it reads the book once, then draws one page in some tenths of a second.

The set-up is that of Jupyter Book, so a page looks as in the built book. Code cells are not run:
figures of the last build are shown while their code is the same.
"""

from __future__ import annotations

import io
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossings.book.pages import FOR_AUTHORS
from crossings.book.source import give_course
from crossings.curriculum import Course, Problem
from crossings.curriculum.problem import relative

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CONFIG, TOC = "_config.yml", "_toc.yml"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WARNING = re.compile(
    r"^(?:(?P<file>.+?):(?:(?P<line>\d+):)? )?(?:WARNING|ERROR|SEVERE): (?P<text>.*)$"
)
_OURS_NOT = ("thebe_config", "search index couldn't be loaded", "pygments_style")
"""Warnings that come of drawing one page only."""


class PressError(Exception):
    """Sphinx cannot start or draw; the message says why."""


class NotListedError(PressError):
    """The page is not in the table of contents."""


@dataclass(frozen=True)
class Printed:
    """A page of the book."""

    html: str
    warnings: tuple[Problem, ...]
    """What the build, which takes warnings for errors, would stop at."""
    cells: int
    """Code cells of the page."""
    figures: bool
    """True where the outputs of the cells are those of the last build."""


class Press:
    """Not for several threads: Sphinx keeps its tables in the process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stack = ExitStack()
        self._app: Sphinx | None = None
        self._told = io.StringIO()
        self._made_of: Any = None
        self.folder: Path | None = None
        """Where the pages, their static files and images lie; None before the first page."""

    def page(self, name: str, course: Course) -> Printed:
        """Draw the page `name` (`modules/x/y`) from its file and the course as they are now.

        Raises:
            PressError: where Sphinx cannot.
        """
        try:
            app = self._ready(course)
            if name not in app.env.found_docs:
                raise NotListedError(f"the page {name} is not in the table of contents")
            self._told.truncate(0)
            self._told.seek(0)
            figures, cells = self._read(app, name)
            html = self._written(app, name)
        except PressError:
            raise
        except Exception as error:  # whatever an extension throws is one message to the author
            raise PressError(_reason(error, self.root)) from error
        return Printed(html, self._warnings(), cells, figures)

    def close(self) -> None:
        """Give back what Sphinx and its folder hold."""
        self._stack.close()
        self._app = self.folder = None

    def _ready(self, course: Course) -> Sphinx:
        """The warm Sphinx; a new one where the table of contents or the set-up has changed."""
        made_of = [(self.root / f).read_bytes() for f in (CONFIG, TOC)]
        if self._app is None or made_of != self._made_of:
            self.close()
            self._stack = ExitStack()
            self._made_of = made_of
            self._app = self._started(course)
        give_course(self._app, course)
        return self._app

    def _started(self, course: Course) -> Sphinx:
        from jupyter_book.config import get_final_config
        from sphinx.util.docutils import docutils_namespace, patch_docutils

        made = tempfile.TemporaryDirectory(prefix="course-preview-")
        folder = Path(self._stack.enter_context(made))
        config, _ = get_final_config(
            user_yaml=self.root / CONFIG,
            cli_config={"latex_individualpages": False},
            sourcedir=self.root,
            use_external_toc=True,
        )
        config |= {"nb_execution_mode": "off", "keep_warnings": False, FOR_AUTHORS: True}
        self._stack.enter_context(patch_docutils(None))
        self._stack.enter_context(docutils_namespace())
        app = _warm(
            course,
            srcdir=str(self.root),
            confdir=None,
            outdir=str(folder / "html"),
            doctreedir=str(folder / "doctrees"),
            buildername="html",
            confoverrides=config,
            status=None,
            warning=self._told,
            freshenv=True,
        )
        self._read_all(app)
        builder: Any = app.builder
        builder.prepare_writing(set(app.env.found_docs))
        builder.copy_static_files()
        app.emit("build-finished", None)
        self.folder = Path(app.outdir)
        return app

    def _read_all(self, app: Sphinx) -> None:
        """Titles, terms and labels of every page; one that cannot be read spares the others."""
        from docutils import nodes

        app.env.find_files(app.config, app.builder)
        app.emit("env-get-outdated", app.env, set(app.env.found_docs), set(), set())
        for name in sorted(app.env.found_docs):
            try:
                app.builder.read_doc(name)
            except Exception:  # its author sees why on its own page
                app.env.titles.setdefault(name, nodes.title("", name))
                app.env.longtitles.setdefault(name, nodes.title("", name))
        app.emit("env-updated", app.env)

    def _read(self, app: Sphinx, name: str) -> tuple[bool, int]:
        """Read one page again. True, and the number of code cells, where the outputs of the last
        build still belong to them."""
        figures, cells = self._outputs(app, name)
        env: Any = app.env
        env.mystnb_config = env.mystnb_config.copy(execution_mode="cache" if figures else "off")
        app.emit("env-purge-doc", env, name)
        env.clear_doc(name)
        app.builder.read_doc(name)
        return figures, cells

    def _outputs(self, app: Sphinx, name: str) -> tuple[bool, int]:
        from myst_nb.core.read import create_nb_reader

        env: Any = app.env
        path = env.doc2path(name)
        text = Path(path).read_text(encoding="utf-8")
        reader = create_nb_reader(path, env.myst_config, env.mystnb_config, text)
        if reader is None:
            return False, 0
        notebook = reader.read(text)
        cells = sum(cell["cell_type"] == "code" for cell in notebook.cells)
        folder = Path(env.mystnb_config.execution_cache_path or "")
        kept = self.root / "_build" / ".jupyter_cache"
        if not cells or not kept.is_dir():
            return False, cells
        if folder != kept:
            env.mystnb_config = env.mystnb_config.copy(execution_cache_path=str(kept))
        from jupyter_cache import get_cache

        try:
            get_cache(str(kept)).match_cache_notebook(notebook)
        except KeyError:
            return False, cells
        return True, cells

    def _written(self, app: Sphinx, name: str) -> str:
        builder: Any = app.builder
        builder.prepare_writing({name})
        tree = app.env.get_and_resolve_doctree(name, builder)
        builder.write_doc_serialized(name, tree)
        builder.write_doc(name, tree)
        builder.copy_image_files()
        return Path(builder.get_outfilename(name)).read_text(encoding="utf-8")

    def _warnings(self) -> tuple[Problem, ...]:
        found: list[Problem] = []
        for line in _COLOUR.sub("", self._told.getvalue()).splitlines():
            match = _WARNING.match(line)
            if match is None or any(word in line for word in _OURS_NOT):
                continue
            file = relative(Path(match["file"] or CONFIG), self.root)
            hint = "the build stops at this"
            found.append(Problem(file, int(match["line"] or 0), match["text"], hint))
        return tuple(dict.fromkeys(found))


def _warm(course: Course, **options: Any) -> Sphinx:
    """A Sphinx that has its course from the beginning."""
    from sphinx.application import Sphinx

    class WithCourse(Sphinx):
        def __init__(self, **given: Any) -> None:
            give_course(self, course)
            super().__init__(**given)

    return WithCourse(**options)


def _reason(error: Exception, root: Path) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].replace(f"{root}/", "")
