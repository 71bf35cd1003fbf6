"""One HTML file that holds a case or a quiz with its player: it opens from `file://`, on a phone,
without a network, and asks no origin for anything.

A strict Content-Security-Policy stands in the file: only the one script and the one style sheet
whose hashes it names are run, and nothing is fetched, framed or sent.
"""

from __future__ import annotations

import base64
import hashlib
import html

from crossings.curriculum.model import Course, Module
from crossings.exchange.report import ExchangeError
from crossings.player.documents import Payload, case_payload, mount, quiz_payload, script, style

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
CREDIT = "The Crossings authors"

_STYLE = """
body { margin: 0; padding: clamp(0.5rem, 3vw, 1.5rem); background: var(--paper); color: var(--ink);
  font-family: var(--sans); line-height: 1.55; }
.cx-file-head, .cx-file-foot { max-inline-size: var(--measure); margin-inline: auto; }
.cx-file-head h1 { margin-block: 0.5rem; font-family: var(--serif); font-size: 1.7rem;
  line-height: 1.2; }
.cx-file-head p, .cx-file-foot p { margin-block: 0.35rem; }
.cx-file-note { padding: 0.75rem 1rem; background: var(--ok-soft);
  border-inline-start: 4px solid var(--ok); border-radius: 4px; }
.cx-file-foot { padding-block: 0.75rem; color: var(--muted); font-size: 0.85rem; }
.cx-file-foot a { color: var(--sea); }
@media print { body { padding: 0; } }
"""


def case_page(course: Course, ref: str, language: str = "en") -> str:
    """The case `ref` (`module/id`) as a whole HTML document.

    Raises:
        KeyError: when there is no such case.
    """
    case = course.case(ref)
    # The player's first page has title, summary, minutes and content note: one heading is enough.
    head = f'<h1 class="cx-sr">{html.escape(case.title)}</h1>'
    version = f"Case {ref}, version {case.version}."
    return _page(case.title, head, version, case_payload(course, ref), language)


def quiz_page(course: Course, module: Module, language: str = "en") -> str:
    """The practice items of `module` as a whole HTML document.

    Items of tests, drills and worksheets stay out: this file shows the keys of what it holds.

    Raises:
        ExchangeError: when the module has no practice item.
    """
    ids = [name for name, item in module.items.items() if "practice" in item.use]
    if not ids:
        raise ExchangeError(f"module `{module.id}` has no item for practice")
    minutes = max(1, round(sum(module.items[i].seconds for i in ids) / 60))
    title, note = f"{module.file.title}: questions", module.file.content_note
    lines = [module.file.summary, f"{len(ids)} questions, about {minutes} minutes."]
    head = f'<div class="cx-file-head"><h1>{html.escape(title)}</h1>'
    head += "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    head += f'<p class="cx-file-note">{html.escape(note)}</p></div>' if note else "</div>"
    payload = quiz_payload(course, module.id, ids, name="practice")
    return _page(title, head, f"Module {module.id}.", payload, language)


def _page(title: str, head: str, version: str, payload: Payload, language: str) -> str:
    code, look = script(language), style() + _STYLE
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(code, look)}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n"
        # An icon of its own, so that no browser asks for one.
        '<link rel="icon" href="data:,">\n'
        f"<style>{look}</style>\n</head>\n<body>\n"
        f"<main>{head}{mount(payload)}</main>\n"
        f'<footer class="cx-file-foot">{_credits(version)}</footer>\n'
        f"<script>{code}</script>\n</body>\n</html>\n"
    )


def _credits(version: str) -> str:
    licence = f'<a rel="license" href="{LICENCE_URL}">{LICENCE}</a>'
    return (
        f"<p>{html.escape(version)} {html.escape(CREDIT)}; content {licence}: share and adapt it, "
        "and name the authors. Player: BSD-3-Clause.</p>"
        "<p>Places and people are invented. This file works offline and sends nothing.</p>"
    )


def policy(code: str, look: str) -> str:
    """The Content-Security-Policy of a page with this script and this style sheet."""
    return (
        f"default-src 'none'; script-src '{_hash(code)}'; style-src '{_hash(look)}'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
