"""The ledger of marks: who got which points when, from what, and who changed them why.

    entry.py     one line, and how it hangs on the one before
    store.py     the file; verify.py: whether anybody changed it
    state.py     nbgrader's gradebook as plain data, and back
    record.py    marks and overrides into the ledger; rebuild.py: the gradebook out of it
    regrade.py   what trainees ask about their marks, and the answers

The gradebook is nbgrader's, and formgrader writes into it; the ledger is what can be relied on.
"""

from crossings.grading.ledger.entry import Draft, Entry, Points
from crossings.grading.ledger.store import Ledger, LedgerError

__all__ = ["Draft", "Entry", "Ledger", "LedgerError", "Points"]
