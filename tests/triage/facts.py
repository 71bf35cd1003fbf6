"""The facts of everybody whom an author wrote, read from what is seen, said and on paper.

Not from what the author calls right: the rules say that, and the tests compare. Facts that the
generator does not know belong to rules of one drill (`desks.py`).
"""

from __future__ import annotations

WRITTEN = {
    "night-bus/trader": {"papers-fit"},
    "night-bus/on-the-list": {"fear", "papers-unfit"},
    "night-bus/hotel-job": {"control-signs", "papers-fit"},
    "night-bus/scholarship": {"papers-fit"},
    "night-bus/school-in-the-city": {"child", "unclear-adult", "papers-unfit"},
    "night-bus/chest-pain": {"illness", "papers-fit"},
    "night-bus/berry-season": {"control-signs", "papers-fit"},
    "night-bus/night-shift-boy": {"maybe-child", "alone", "control-told", "papers-fit"},
    "night-bus/mechanic": {"papers-fit"},
    "night-bus/next-house": {"control-told", "papers-fit"},
    "night-bus/with-two-children": {"papers-fit"},
    "night-bus/round-the-post": {"wants-home", "nothing-feared", "papers-unfit"},
    "night-bus/second-bus": {"lost-child", "papers-fit"},
    "night-bus/school-trip": {"child", "clear-adult", "explained", "papers-fit"},
    "night-bus/until-the-list-changes": {"fear", "papers-fit"},
    "night-bus/wants-home": {"wants-home", "nothing-feared", "papers-unfit"},
    "one-day-of-arrivals/ferry-painter": {"papers-fit"},
    "one-day-of-arrivals/held-the-tiller": {"child", "alone", "papers-unfit"},
    "one-day-of-arrivals/cake-tin": {"papers-fit"},
    "one-day-of-arrivals/no-picture": {"fear", "papers-unfit"},
    "one-day-of-arrivals/big-bag": {"illness", "papers-unfit"},
    "one-day-of-arrivals/school-list": {"child", "alone", "fear", "papers-unfit"},
    "one-day-of-arrivals/grandfather": {"papers-fit"},
    "one-day-of-arrivals/third-season": {"papers-fit"},
    "one-day-of-arrivals/field-as-security": {"control-told", "papers-unfit"},
    "one-day-of-arrivals/going-home-with-a-letter": {"wants-home", "nothing-feared", "papers-fit"},
    "one-day-of-arrivals/refused-and-something-new": {"fear", "papers-unfit"},
    "one-day-of-arrivals/back-from-a-visit": {"papers-fit"},
    "one-day-of-arrivals/one-man-answers": {"control-signs", "papers-fit"},
    "one-desk-many-rules/second-booklet": {"fear", "papers-fit"},
    "one-desk-many-rules/lost-wallet": {"wants-consulate", "nothing-feared", "papers-unfit"},
    "one-desk-many-rules/blue-stamp": {"papers-fit"},
    "one-desk-many-rules/ninth-week": {"asks-if-lawful", "papers-unfit"},
    "one-desk-many-rules/school-trip": {"maybe-child", "alone", "fear", "papers-unfit"},
    "one-desk-many-rules/four-months": {"work-claim", "passport-kept", "papers-unfit"},
    "one-desk-many-rules/owed-year": {"control-told", "passport-kept", "papers-unfit"},
    "one-desk-many-rules/paid-driver": {"fear", "papers-unfit"},
    "one-desk-many-rules/list-of-thirty": {"asks-if-lawful", "papers-fit"},
    "one-desk-many-rules/green-folder": {"papers-fit"},
    "one-desk-many-rules/no-state": {"fear", "papers-unfit"},
    "one-desk-many-rules/consul-asks": {"fear", "papers-fit"},
    "one-desk-many-rules/two-suitcases": {"papers-fit"},
    "one-desk-many-rules/ring-binder": {"papers-fit"},
    "advice-morning/bus-money": {"work-claim", "papers-fit"},
    "advice-morning/good-slip": {"papers-fit"},
    "advice-morning/skills-day": {"fee-paid", "papers-fit"},
    "advice-morning/cousin-threat": {"control-told", "work-claim", "passport-kept", "papers-unfit"},
    "advice-morning/change-farm": {"papers-fit"},
    "advice-morning/radio-list": {"fear", "papers-fit"},
    "advice-morning/seventeen": {"maybe-child", "works", "papers-unfit"},
    "advice-morning/safe-keeping": {"passport-kept", "papers-fit"},
    "advice-morning/bank-loan": {"explained", "papers-fit"},
    "advice-morning/two-in-one": {"work-claim", "fee-paid", "papers-fit"},
    "advice-morning/no-permit-wages": {"work-claim", "papers-unfit"},
    "advice-morning/send-money": {"papers-fit"},
    "advice-morning/new-costs": {"control-told", "work-claim", "papers-fit"},
    "advice-morning/tired-only": {"papers-fit"},
}


OTHERWISE = {
    "one-day-of-arrivals/season-over": (
        {"wants-home", "nothing-feared", "papers-fit"},
        "its author lets a ticket for later count as a way to travel on alone",
    ),
    "one-day-of-arrivals/two-coats": (
        {"lost-child", "papers-unfit"},
        "its author has Child Protection as fair, the rules have it as right",
    ),
    "one-day-of-arrivals/says-twenty": (
        {"maybe-child", "alone", "papers-unfit"},
        "its author allows a short talk, because a younger child is with her",
    ),
}
"""Where an author weighed a detail that no fact of the model has: the facts, and the detail."""
