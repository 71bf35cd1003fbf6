# tries: take memory in many processes, each below the limit
# expect: out of memory | crashed | timed out
# %%
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = b"x" * (80 << 20)
        time.sleep(60)
        os._exit(0)
time.sleep(1.9)
