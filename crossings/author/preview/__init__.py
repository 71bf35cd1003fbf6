"""A page as its author writes it: drawn again at each save, with its problems beside it.

`site` answers the browser, `watch` notices a save, `case` and `chapter` draw, `linting` tries a
case in a process of its own, `target` finds what the author means.
"""
