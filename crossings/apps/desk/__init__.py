"""The marking desk: what was handed in, what people mark, how far they agree.

app.py       the desk with its views
overview.py  what was handed in and how it stands: collect, mark, publish
panel.py     the queue and one answer at a time: a page of its own in panel.js
drawn.py     what that page shows
asked.py     what trainees asked about their marks, and the answers: a page in asked.js
acting.py    what both pages share here; page.js: what they share in the browser
changes.py   what a changed assignment would do to marks
compare.py   two markers: sample, agreement, differences
passages.py  answers that share passages, for a person to judge
"""

from crossings.apps.desk.app import Desk, desk
from crossings.apps.desk.overview import MarkingDesk

__all__ = ["Desk", "MarkingDesk", "desk"]
