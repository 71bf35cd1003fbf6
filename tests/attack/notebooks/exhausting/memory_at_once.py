# tries: ask for more memory than there is
# expect: out of memory
# %%
held = bytearray(1 << 42)
