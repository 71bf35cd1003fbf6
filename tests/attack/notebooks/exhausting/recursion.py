# tries: recurse without an end
# expect: ran
# limits: cell_seconds=25 notebook_seconds=28 cpu_seconds=28
# %%
import sys
sys.setrecursionlimit(150)  # a traceback of the usual thousand calls takes seconds to draw
def forever(n):
    return forever(n + 1)
forever(0)
# %%
print("the rest is run")
