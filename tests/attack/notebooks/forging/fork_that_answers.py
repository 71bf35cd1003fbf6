# tries: a fork of the notebook answers in its place while the parent waits
# expect: tampered | ran | timed out
# because: parent and fork answer at once; either may be heard first, and their words may mix
# %%
import os, time
child = os.fork()
if child == 0:
    print("the fork goes on as if it were the notebook")
else:
    time.sleep(0.5)
# %%
assert False, "a test"
