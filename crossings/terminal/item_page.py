"""The report on item banks as one HTML file: for those who do not work in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from crossings.curriculum.model import Module
from crossings.items.quality import TAKERS, BankReport

_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>How good the questions are</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b2a33; background: #fff; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid #c9d2d6; padding: 0.35rem 0.6rem; text-align: start; }
td.n { text-align: end; } tr.away td { background: #fbe9e4; } .scroll { overflow-x: auto; }
</style>
"""
_LIMITS = (
    "Shares of the points that a program marks, in percent, by simulated people. The outsider "
    "reads only what options look like and knows nothing of the world: figures rank items and find "
    "giveaways. People who did not take the course remain the test. Marked rows: an outsider gets "
    "the item 70 times in 100 or more."
)


def page(found: Iterable[tuple[Module, BankReport]]) -> str:
    """The page."""
    return "".join(
        [
            _HEAD,
            f"<h1>How good the questions are</h1><p>{escape(_LIMITS)}</p>",
            *(_bank(module, bank) for module, bank in found),
            "</html>\n",
        ]
    )


def _bank(module: Module, bank: BankReport) -> str:
    means = ", ".join(f"{t.name} {100 * bank.mean(t.name):.0f} %" for t in TAKERS)
    flaws = "".join(
        f"<li>{escape(f'{f.item}: ' if f.item else '')}{escape(f.message)}. {escape(f.hint)}</li>"
        for f in bank.flaws
    )
    ranked = sorted(bank.items, key=lambda one: -one.shares["outsider"])
    rows = "".join(
        f'<tr{" class=away" if one.gives_away else ""}><th scope="row">{escape(one.item.id)}</th>'
        f"<td>{escape(one.item.kind)}</td>"
        + "".join(f'<td class="n">{100 * one.shares[t.name]:.0f}</td>' for t in TAKERS)
        + f'<td class="n">{100 * one.item.difficulty:.0f}</td></tr>'
        for one in ranked
    )
    heads = "".join(f'<th scope="col">{t.name}</th>' for t in TAKERS)
    return (
        f"<h2>{escape(module.file.title)}</h2><p>{len(bank.items)} items: {means}.</p>"
        f"{f'<ul>{flaws}</ul>' if flaws else '<p>No giveaway was found.</p>'}"
        f'<div class="scroll" role="region" aria-label="Items" tabindex="0"><table><thead><tr>'
        f'<th scope="col">item</th><th scope="col">kind</th>{heads}'
        f'<th scope="col">author\'s estimate</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )
