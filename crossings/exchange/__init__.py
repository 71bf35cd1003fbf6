"""What goes to other systems and what comes from them: Twine stories, single HTML files, QTI 3.

Everything that comes in is a stranger's file: it is parsed, never run, and what has no place in
our formats is reported. `docs/formats/exchange.md` says what maps to what.
"""
