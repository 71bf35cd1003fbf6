# tries: end before the tests are run, politely
# %%
import sys
sys.exit(0)
# %%
print("the rest is run")
