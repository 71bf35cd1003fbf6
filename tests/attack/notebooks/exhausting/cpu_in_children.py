# tries: use processor time in many children, none of them for long
# expect: timed out
# limits: cell_seconds=25 notebook_seconds=28 cpu_seconds=1
# %%
import os, time
for _ in range(6):
    if os.fork() == 0:
        while True:
            pass
time.sleep(60)
