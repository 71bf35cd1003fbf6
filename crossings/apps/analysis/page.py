"""The analysis as markup for the desk, and as one HTML file that asks nothing of anybody."""

from __future__ import annotations

from datetime import UTC, datetime

from crossings.apps import paper
from crossings.apps.analysis import sections
from crossings.apps.analysis.sections import View
from crossings.apps.parts import esc


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
    """A whole page without a script, as `paper` makes it."""
    made = (now or datetime.now(UTC)).strftime("%d %B %Y")
    private = (
        "It carries names: keep it as you keep other personal data."
        if view.names
        else "Trainees are numbered; names are not in this file."
    )
    title = f"Analysis: {view.cohort.title}"
    return paper.whole(title, f"Made on {made}. {private}", markup(view))
