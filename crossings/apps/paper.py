"""What an app shows, as one HTML file: to send, to print, to open in some years.

The file has no script, and its policy lets nothing load. It is light or dark as the reader's device
is, and light on paper.
"""

from __future__ import annotations

from pathlib import Path

from crossings.apps.parts import esc
from crossings.look import TOKENS

_APPS = Path(__file__).parent / "apps.css"
_PAGE = """
body { margin: 0; background: var(--paper); }
.cxa { max-width: 1100px; padding: 24px 16px 48px; }
.cxa-paper-head { border-bottom: 3px solid var(--sea); margin-bottom: 16px; padding-bottom: 8px; }
.cxa-scroll, .cxa-frame { max-width: 100%; }
.cxa .cxa-chart { max-height: none; }
@media (max-width: 600px) {
  .cxa .cxa-question { font-size: 18px; }
  .cxa-stats { display: grid; grid-template-columns: 1fr 1fr; }
  .cxa-stats div { min-width: 0; padding: 10px 12px; }
}
@page { margin: 16mm 14mm; }
@media print {
  .cxa { max-width: none; padding: 0; font-size: 11pt; }
  .cxa-scroll, .cxa-plot, .cxa-frame { overflow: visible; }
  .cxa-scroll td.long { min-width: 0; }
  .cxa-table { font-size: 9.5pt; }
  .cxa-frame { border: 0; background: none; }
  .cxa-way svg { min-width: 0; max-height: 215mm; }
  .cxa-line { max-height: none; overflow: visible; }
  h2, h3, caption, summary { break-after: avoid; }
  tr, svg, .cxa-ways li, .cxa-stats div { break-inside: avoid; }
  thead { display: table-header-group; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""


def whole(title: str, note: str, markup: str) -> str:
    """A whole page; `markup` must be safe already, `title` and `note` are text."""
    style = TOKENS.read_text(encoding="utf-8") + _APPS.read_text(encoding="utf-8") + _PAGE
    # Charts carry style attributes. Nothing of a learner's becomes markup, and nothing may load.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{esc(title)}</title><style>{style}</style></head><body><main class='cxa'>"
        f"<div class='cxa-paper-head'><h1>{esc(title)}</h1>"
        f"<p class='quiet small'>{esc(note)}</p></div>{markup}</main></body></html>\n"
    )
