# tries: recurse until the stack of C overflows
# expect: crashed | out of memory
# %%
import sys
sys.setrecursionlimit(10**9)
def deeper():
    return [deeper()].__repr__()
class Deep:
    def __repr__(self):
        return repr(Deep())
repr(Deep())
deeper()
