# tries: break the examiner's parser
# expect: tampered
# %%
import os
for fd in range(3, 64):
    try:
        os.write(fd, b"\xff\xfe" * 100 + b"[" * 100_000)
    except OSError:
        pass
