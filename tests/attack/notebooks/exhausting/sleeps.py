# tries: use no processor time, only time
# expect: timed out
# %%
import time
time.sleep(10_000)
# %%
print("the rest is run")
