"""Light assets: the theme without its 530 KiB icon script, our styles, datasets to download.

The theme's own files stay in the folder `_static`; the pages do not ask for those they do not
need. `docs/decisions/0004-light-pages.md` has the numbers.
"""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sphinx.util.images import get_image_size

from crossings.book.law import MARK as LAW_MARK
from crossings.book.law import SCRIPT as LAW_SCRIPT
from crossings.book.source import course_of
from crossings.player.documents import APART, write_assets

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from crossings.curriculum.model import Dataset

HERE = Path(__file__).parent
OURS = "crossings"
"""The folder of our files under `_static`."""

STYLES = ("crossings.css", "book.css")
PLAYER_SCRIPT = "crossings.js"
_UNUSED = (
    "sphinx-thebe", "sphinx-design", "togglebutton", "design-tabs", "clipboard", "copybutton",
    "fontawesome",
)  # fmt: skip

_IMAGE = re.compile(r'<img [^>]*src="(?:[^">]*/)?(?P<name>[^"/>]+)"[^>]*>')
_THEBE = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>\s*<script>kernelName[^<]*</script>', re.S
)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _templates)
    app.connect("builder-inited", _styles)
    app.connect("html-page-context", _lighten, priority=900)
    # Before the table of contents writes a first page of its own, where there is none yet.
    app.connect("build-finished", _copy, priority=400)


def dataset_uri(docname: str, dataset: Dataset) -> str:
    """The address of a dataset's main table, seen from the page `docname`."""
    up = "../" * docname.count("/")
    return f"{up}_static/{OURS}/datasets/{dataset.id}/{dataset.files[0]}"


def _templates(app: Sphinx, config: Config) -> None:
    """Put our `layout.html`, and the theme's list of scripts without the icons, before its own."""
    import pydata_sphinx_theme

    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
    made = Path(app.doctreedir) / "crossings-templates"
    macros = (theme / "static" / "webpack-macros.html").read_text(encoding="utf-8")
    lean = re.sub(r"\s*<script[^>]*fontawesome[^>]*></script>", "", macros)
    (made / "static").mkdir(parents=True, exist_ok=True)
    (made / "static" / "webpack-macros.html").write_text(lean, encoding="utf-8")
    config.templates_path = [str(HERE / "templates"), str(made), *config.templates_path]


def _styles(app: Sphinx) -> None:
    """Our styles come after the theme's."""
    for name in STYLES:
        app.add_css_file(f"{OURS}/{name}", priority=900)


def _lighten(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Drop what the page does not use; add ours."""
    for key in ("script_files", "css_files"):
        context[key] = [f for f in context.get(key, []) if not _unused(f)]
    if "body" in context:
        body = _THEBE.sub("", context["body"])
        context["body"] = _IMAGE.sub(lambda found: _light_image(app, found), body)
    scripts = ["book.js", *(_scripts(doctree) if doctree is not None else ())]
    context["crossings_scripts"] = [f"_static/{OURS}/{name}" for name in scripts]


def _light_image(app: Sphinx, found: re.Match[str]) -> str:
    """The image's tag, so that it loads when it is near, and its place is kept free until then."""
    tag = found.group()
    name = unquote(found["name"])
    source = next((path for path, called in app.builder.images.items() if called == name), None)
    size = get_image_size(str(Path(app.srcdir) / source)) if source else None
    if size is None or " width=" in tag or " style=" in tag:
        return tag.replace("<img ", '<img loading="lazy" ', 1)
    return tag.replace("<img ", f'<img loading="lazy" width="{size[0]}" height="{size[1]}" ', 1)


def _unused(file: Any) -> bool:
    """Whether a script or style serves a feature that our pages do not have. Thebe also comes as
    inline scripts, which have a body and no file name."""
    body = str((getattr(file, "attributes", None) or {}).get("body", ""))
    return "THEBE" in body.upper() or any(u in str(file) for u in _UNUSED)


def _scripts(doctree: nodes.document) -> tuple[str, ...]:
    """What the page's cases, quizzes, other mounts and lists of law need."""
    from docutils import nodes as kinds

    raws = [raw.astext() for raw in doctree.findall(kinds.raw)]
    law = (LAW_SCRIPT,) if any(LAW_MARK in text for text in raws) else ()
    return (*law, *_player_scripts([t for t in raws if "crossings-mount" in t]))


def _player_scripts(mounts: list[str]) -> tuple[str, ...]:
    if not mounts:
        return ()
    apart = (
        name
        for kind, name in APART.items()
        if any(f'data-kind="{kind}"' in text for text in mounts)
    )
    return (PLAYER_SCRIPT, *apart)


def _copy(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    target = static / OURS
    target.mkdir(parents=True, exist_ok=True)
    write_assets(target)
    for file in (HERE / "static").iterdir():
        shutil.copyfile(file, target / file.name)
    for dataset in course_of(app.env).datasets.values():
        for name in dataset.files:
            place = target / "datasets" / dataset.id / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(app.srcdir) / "datasets" / dataset.id / name, place)
    (static / "scripts" / "fontawesome.js").unlink(missing_ok=True)
    _write_entrance(app)
    _remove_stale(app)


def _write_entrance(app: Sphinx) -> None:
    """The page at the site's root, which leads to the first one. The theme's has no icon, so that
    browsers ask for one that is not there, and nothing to click where refreshing is turned off."""
    first = f"{app.config.root_doc}.html"
    if first != "index.html":
        page = _ENTRANCE.format(title=escape(app.config.project), first=escape(first))
        (Path(app.outdir) / "index.html").write_text(page, encoding="utf-8")


_ENTRANCE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={first}">
<title>{title}</title>
<link rel="icon" href="_static/crossings/icon.svg" type="image/svg+xml">
<p><a href="{first}">{title}</a></p>
</html>
"""


def _remove_stale(app: Sphinx) -> None:
    """Take away pages of an earlier build whose chapter is gone: nobody would notice that they
    are old."""
    kept = app.env.found_docs | {"index", "search", "genindex"}
    for page in Path(app.outdir).rglob("*.html"):
        name = page.relative_to(app.outdir).with_suffix("").as_posix()
        if not name.startswith("_static/") and name not in kept:
            page.unlink()
