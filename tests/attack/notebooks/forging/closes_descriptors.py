# tries: cut the examiner's line
# expect: tampered
# %%
import os, time
os.closerange(0, 256)
time.sleep(60)  # else its own end, a moment later, could be seen first
# %%
assert False, "a test"
