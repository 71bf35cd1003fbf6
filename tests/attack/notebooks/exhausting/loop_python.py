# tries: loop for ever
# expect: timed out
# %%
while True:
    pass
# %%
print("the rest is run")
