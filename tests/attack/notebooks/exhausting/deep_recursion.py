# tries: recurse until the stack of C overflows
# expect: crashed | out of memory
# because: whether the stack or the memory ends first, the machine's `ulimit -s` says
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
