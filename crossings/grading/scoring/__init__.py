"""Scoring notebooks: nbgrader's rules (`exact`), and ours (`fair`).

    master.py    the assignment's own cells;  restore.py  the notebook to run, tampering reported
    prepare.py   probes round the tests;      score.py    from what ran to points
    points.py    one test cell's points;      checks.py   probes against the reference run
    messages.py  what a trainee may read;     late.py     nbgrader's late penalties

Nothing here runs a learner's code: the runner does, and hands back a notebook with outputs.
"""
