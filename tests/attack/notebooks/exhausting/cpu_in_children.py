# tries: use processor time in many children, none of them for long
# expect: ran | timed out
# %%
import os, time
for _ in range(6):
    if os.fork() == 0:
        while True:
            pass
time.sleep(1)
