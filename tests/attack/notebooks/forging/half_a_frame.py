# tries: make the examiner wait for the rest of a message
# expect: tampered
# %%
import os
for fd in range(3, 64):
    try:
        os.write(fd, b"\0\0")
    except OSError:
        pass
