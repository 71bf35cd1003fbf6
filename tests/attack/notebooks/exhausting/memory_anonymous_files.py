# tries: memory that belongs to no process: memfd, System V segments
# %%
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
try:
    print("ESCAPED", os.memfd_create("x"))
except OSError as error:
    print(error)
print("ESCAPED" if libc.shmget(0, 1 << 30, 0o1666) >= 0 else "refused")
