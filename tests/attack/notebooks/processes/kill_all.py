# tries: kill all that it may kill
# expect: ran | crashed
# %%
import os, signal
try:
    os.kill(-1, signal.SIGKILL)
except OSError as error:
    print(error)
