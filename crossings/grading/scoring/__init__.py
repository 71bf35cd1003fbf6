"""Scoring notebooks: nbgrader's rules (`exact`), and ours (`fair`).

    master.py    the assignment's own cells;  restore.py  the notebook to run, tampering reported
    prepare.py   probes round the tests;      score.py    from what ran to points
    points.py    one test cell's points;      checks.py   probes against the reference run
    messages.py  what a trainee may read;     late.py     nbgrader's late penalties

How a marking run uses it, once for an assignment and then for each submission:

    masters = from_gradebook(book, assignment)              # or from_source(name, notebook)
    solution = without_probes(run(with_probes(source, master, nonce)), nonce)[0]
    restored = restore(submitted, master, rules)            # RefusedError: not gradable
    ran = run(with_probes(restored.notebook, master, nonce))
    scored = score(master, restored, ran, nonce=nonce, reference=solution, rules=rules)

Nothing here runs a learner's code: the runner does, and hands back a notebook with outputs.
"""
