# tries: behave while it is watched, and strike two cells later from a thread
# expect: crashed
# %%
import os, threading
threading.Timer(0.6, os._exit, (0,)).start()
print("harmless")
# %%
x = 1
# %%
import time
time.sleep(1.5)
