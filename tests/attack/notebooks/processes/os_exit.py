# tries: end before the tests are run
# expect: crashed
# %%
print("so far so good")
# %%
import os
os._exit(0)
# %%
print("a test that is not reached")
