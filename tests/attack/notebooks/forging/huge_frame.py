# tries: make the examiner reserve four gigabytes
# expect: tampered
# %%
import os
for fd in range(3, 64):
    try:
        os.write(fd, b"\xff\xff\xff\xff")
    except OSError:
        pass
