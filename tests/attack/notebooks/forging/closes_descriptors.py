# tries: cut the examiner's line
# expect: tampered | crashed
# %%
import os
os.closerange(0, 256)
# %%
assert False, "a test"
