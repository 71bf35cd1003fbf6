"""Twine: stories in Twee 3 notation, read into cases and written from them.

`twee` is the notation, `markup` what stands in a passage, `conditions` and `statements` the little
of SugarCube's and Harlowe's code that has a counterpart in a case; `read` and `write` use them.
"""
