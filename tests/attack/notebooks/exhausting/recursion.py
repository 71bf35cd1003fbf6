# tries: recurse without an end
# expect: ran | timed out
# %%
def forever(n):
    return forever(n + 1)
forever(0)
# %%
print("the rest is run")
