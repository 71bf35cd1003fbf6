# tries: hide memory in shared mappings, queues and unlinked files
# expect: out of memory
# limits: cell_seconds=25 notebook_seconds=28
# %%
import mmap, os
held = []
try:
    for _ in range(64):
        piece = mmap.mmap(-1, 16 << 20)
        piece.write(b"x" * (16 << 20))
        held.append(piece)
    print("ESCAPED")
except (OSError, MemoryError) as error:
    print(len(held), error)
