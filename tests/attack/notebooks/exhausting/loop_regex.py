# tries: loop in C for hours, where no exception can be raised
# expect: timed out
# %%
import re
re.match(r"(a+)+$", "a" * 50 + "b")
