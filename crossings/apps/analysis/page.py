"""The analysis as markup for the desk, and as one HTML file that asks nothing of anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crossings.apps.analysis import sections
from crossings.apps.analysis.sections import View
from crossings.apps.parts import esc
from crossings.look import TOKENS

_APPS = Path(__file__).resolve().parent.parent / "apps.css"
_PAGE = """
body { margin: 0; background: var(--paper); }
.cxa { max-width: 1100px; padding: 24px 16px 48px; }
@media (max-width: 600px) { .cxa .cxa-big { font-size: 24px; } }
@media (max-width: 600px) { .cxa .cxa-question { font-size: 18px; } }
@media print { .cxa { max-width: none; } h2 { break-after: avoid; } }
@media print { tr, svg { break-inside: avoid; } }
"""


def markup(view: View) -> str:
    """All sections that have something to say."""
    if view.cohort.totals.dropna().empty:
        said = f"<p class='cxa-big'>{esc(sections.headline(view))}</p>"
        return said + (sections.help_now(view) if view.cohort.apart else "")
    return "".join(
        [
            f"<p class='cxa-big'>{esc(sections.headline(view))}</p>",
            sections.numbers(view),
            sections.change(view),
            sections.help_now(view),
            sections.objectives(view),
            sections.certainty(view),
            sections.pulls(view),
            sections.questions(view),
            sections.provisions(view),
            sections.consistency(view),
        ]
    )


def html(view: View, now: datetime | None = None) -> str:
    """A whole page without a script; its policy lets nothing load."""
    style = TOKENS.read_text(encoding="utf-8") + _APPS.read_text(encoding="utf-8") + _PAGE
    made = (now or datetime.now(UTC)).strftime("%d %B %Y")
    title = esc(f"Analysis: {view.cohort.title}")
    private = (
        "It carries names: keep it as you keep other personal data."
        if view.names
        else "Trainees are numbered; names are not in this file."
    )
    # Charts carry style attributes. Nothing of a learner's becomes markup, and nothing may load.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style></head><body><main class='cxa'>"
        f"<h1>{title}</h1><p class='quiet small'>Made on {made}. {private}</p>"
        f"{markup(view)}</main></body></html>\n"
    )
