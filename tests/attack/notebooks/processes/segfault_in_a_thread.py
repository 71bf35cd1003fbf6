# tries: crash the interpreter a little later
# expect: crashed
# %%
import ctypes, threading, time
threading.Timer(0.2, ctypes.string_at, (0,)).start()
# %%
time.sleep(1.5)
