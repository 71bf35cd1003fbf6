# tries: loop in C for hours, in a regular expression
# expect: timed out
# %%
import re
re.match(r"(a+)+$", "a" * 50 + "b")
