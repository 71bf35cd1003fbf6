# tries: loop in C for ever, in arithmetic
# expect: timed out
# %%
x = 7 ** (10 ** 9)
