"""The tool that shows how signs combine, as a page has it: its data, and a table without a script.

The script is `indicators.js`. It asks nothing of a server and keeps nothing.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from crossings.curriculum.indicators import Indicators
from crossings.player.documents import Payload, to_json_script

EXAMPLE = ("Try it with the notes about Davin", ("D1-01", "D1-02", "D2-04", "D2-05"))
"""The four facts in the chapter's table. Its fifth note is only a maybe, and a maybe is no tick."""


def indicators_payload(table: Indicators) -> Payload:
    """What the page's script draws."""
    title, signs = EXAMPLE
    return {
        "kind": "indicators",
        "ref": "trafficking-indicators",
        "table": table.to_json(),
        "example": {"title": title, "signs": list(signs)},
    }


def indicators_mount(table: Indicators) -> str:
    """The element that the script fills. Without a script it is the table and the rule."""
    return (
        '<div class="crossings-mount" data-kind="indicators" data-ref="trafficking-indicators">'
        f'<script type="application/json">{to_json_script(indicators_payload(table))}</script>'
        f"{''.join(_plain(table))}</div>"
    )


def _plain(table: Indicators) -> Iterator[str]:
    yield "<p>A dimension is positive with at least one of: "
    yield html.escape("; ".join(c.name for c in table.rule))
    yield ". That is no finding about a person. Refer, with consent; ask; look. Strengths and rule "
    yield "come from a secondary source: do not quote one in a report.</p>"
    for dimension in table.dimensions:
        title = html.escape(f"{dimension.no} {dimension.name}. {dimension.question}")
        yield f"<table><caption>{title}</caption><thead><tr><th scope='col'>sign</th>"
        yield "<th scope='col'>adults</th><th scope='col'>children</th></tr></thead><tbody>"
        for sign in table.signs:
            if sign.dimension == dimension.no:
                cells = (
                    sign.label,
                    sign.adult or "not on the list",
                    sign.child or "not on the list",
                )
                yield f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>"
        yield "</tbody></table>"
    yield "<p>Named by UNODC without strengths, and never weighed: "
    yield html.escape("; ".join(sign.label for sign in table.listed))
    yield ".</p>"
