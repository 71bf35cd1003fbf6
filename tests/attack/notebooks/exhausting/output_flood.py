# tries: print for ever
# expect: timed out
# %%
while True:
    print("flood " * 1000)
