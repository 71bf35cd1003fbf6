# tries: a thread reads the examiner's line and steals the cell that comes next
# expect: ran | timed out | tampered | crashed
# because: the thread and the notebook read one line at once; who gets which part of a message is chance
# %%
import os, threading, time
def steal():
    for fd in range(3, 64):
        try:
            part = os.read(fd, 1 << 16)
        except OSError:
            continue
        if part and b"LATER" in part:
            stolen.append(part)
stolen = []
threading.Thread(target=steal, daemon=True).start()
time.sleep(0.3)
# %%
LATER = "the next cell"
print(len(stolen))
