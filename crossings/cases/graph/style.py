"""The style sheet inside the picture: the course's tokens, light and dark, and what uses them."""

from __future__ import annotations

from crossings.look import PALETTE, TOKENS

_TONES = ("good", "ok", "poor", "harm", "sea")
_GRADES = {"good": "good", "acceptable": "ok", "poor": "poor", "harmful": "harm"}
_DASHES = {"good": "", "acceptable": "14 5", "poor": "5 4", "harmful": "12 4 2 4"}
"""A dash for each grade; a good way is whole."""

_RULES = """
.cxg{font-family:SANS;color:var(--ink)}
.cxg text{fill:var(--ink)}
.cxg .cxg-paper{fill:var(--paper)}
.cxg .cxg-head{font-size:26px;font-weight:700}
.cxg .cxg-facts{font-size:13px;fill:var(--muted)}
.cxg .cxg-kind{font-size:11px;fill:var(--muted)}
.cxg .cxg-title{font-size:15px;font-weight:700}
.cxg .cxg-small{font-size:12px;fill:var(--muted)}
.cxg .cxg-ink{fill:var(--ink)}
.cxg .cxg-strong{font-weight:700;fill:var(--ink)}
.cxg .cxg-letter{font-weight:700}
.cxg .cxg-note{font-weight:700;fill:var(--muted)}
.cxg .cxg-note[x]:not([font-size]){font-size:11px}
.cxg .cxg-box{fill:var(--card);stroke:var(--muted);stroke-width:1.2}
.cxg .cxg-lost{stroke-dasharray:2 4;stroke:var(--poor);stroke-width:1.8}
.cxg .cxg-jumping{stroke:var(--sea);stroke-dasharray:1 4;stroke-linecap:round;stroke-width:2}
.cxg .cxg-rule{stroke:var(--line);stroke-width:1;fill:none}
.cxg .cxg-begin{fill:var(--ink)}
.cxg .cxg-plug{fill:var(--card);stroke:var(--muted);stroke-width:2}
.cxg .cxg-way{fill:none;stroke-width:2.2;stroke-linejoin:round}
.cxg .cxg-next{stroke:var(--muted)}
.cxg .cxg-jump{stroke:var(--sea);stroke-dasharray:.1 6;stroke-linecap:round;stroke-width:2.8}
.cxg .cxg-arrow{stroke:none}
.cxg .cxg-arrow.cxg-next{fill:var(--muted)}
.cxg .cxg-arrow.cxg-jump{fill:var(--sea)}
.cxg .cxg-cold{opacity:.45}
.cxg .cxg-mark .cxg-s{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round}
.cxg .cxg-mark .cxg-s,.cxg .cxg-mark .cxg-k{stroke-linecap:round}
.cxg .cxg-mark .cxg-f{fill:currentColor}
.cxg .cxg-mark .cxg-k{fill:none;stroke:var(--card);stroke-width:2}
.cxg .cxg-halo path:first-child{paint-order:stroke;stroke:var(--card);stroke-width:6}
.cxg .cxg-halo .cxg-f:first-child{fill:currentColor}
.cxg .cxg-halo .cxg-s:first-child{fill:var(--card);stroke:currentColor;stroke-width:2}
@page{size:A3;margin:10mm}
@media print{svg.cxg:root{width:100%;height:auto}}
"""


def style(inline: bool) -> str:
    """The style sheet; `inline` leaves the colours to the page around the picture."""
    css = TOKENS.read_text(encoding="utf-8")
    fonts = " ".join(css.split("--sans:", 1)[1].split(";", 1)[0].split())
    rules = _RULES.replace("SANS", fonts)
    for tone in _TONES:
        rules += f".cxg .cxg-tone-{tone}{{color:var(--{tone})}}\n"
        rules += f".cxg text.cxg-tone-{tone}{{fill:var(--{tone})}}\n"
        if tone != "sea":
            soft = f"fill:var(--{tone}-soft);stroke:var(--{tone});stroke-width:2"
            rules += f".cxg .cxg-ground-{tone}{{{soft}}}\n"
    for grade, tone in _GRADES.items():
        dash = f";stroke-dasharray:{_DASHES[grade]}" if _DASHES[grade] else ""
        rules += f".cxg .cxg-way.cxg-{grade}{{stroke:var(--{tone}){dash}}}\n"
        rules += f".cxg .cxg-arrow.cxg-{grade}{{fill:var(--{tone})}}\n"
    if inline:
        return rules.split("@page", 1)[0] + rules.split("height:auto}}\n", 1)[1]
    dark = f"@media screen and (prefers-color-scheme:dark){{.cxg{{{_tokens('dark')}}}}}\n"
    return f".cxg{{{_tokens('light')}}}\n{dark}{rules}"


def _tokens(theme: str) -> str:
    return ";".join(f"--{name}:{value}" for name, value in PALETTE[theme].items())
