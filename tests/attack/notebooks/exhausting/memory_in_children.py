# tries: take memory in many processes, each below the limit
# expect: out of memory
# limits: cell_seconds=25 notebook_seconds=28
# %%
import os, time
for _ in range(6):
    if os.fork() == 0:
        held = b"x" * (60 << 20)
        time.sleep(60)
        os._exit(0)
time.sleep(60)
