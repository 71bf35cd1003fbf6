"""Marking by people: what they decided, undone and settled; how far they agree; what is alike.

    log.py        every act of a marker, on the disk before anyone is told; undo is an act, too
    fold.py       the marks that the acts come to (pure)
    session.py    one marker at one question: the queue, the marks, the way into the gradebook
    likeness.py   like answers side by side (pure)
    copied.py     passages that two answers share (pure)
    agreement.py  Cohen's kappa (pure);  sample.py: whom a second marker should read (pure)
    requests.py   what trainees asked about their marks, and the answers
    comments.py   the comment bank of a question

Points reach the gradebook through the ledger, and only there.
"""

from crossings.grading.people.log import Act, MarkingLog
from crossings.grading.people.session import Session

__all__ = ["Act", "MarkingLog", "Session"]
