# tries: take memory bit by bit and touch it
# expect: out of memory
# %%
held = []
while True:
    held.append(bytearray(b"x" * (8 << 20)))
