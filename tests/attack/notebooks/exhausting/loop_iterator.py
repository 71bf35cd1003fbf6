# tries: loop in C for ever, where no exception can be raised
# expect: timed out
# %%
sum(iter(int, 1))
