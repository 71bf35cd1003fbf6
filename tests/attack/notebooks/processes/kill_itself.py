# tries: die of its own hand, in the hope that this is not noticed
# expect: crashed
# %%
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
os.abort()
