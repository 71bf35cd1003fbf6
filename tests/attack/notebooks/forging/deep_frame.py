# tries: overflow the examiner's stack with nested JSON
# expect: tampered
# %%
import os, struct
body = b'{"records":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
for fd in range(3, 64):
    try:
        os.write(fd, struct.pack(">I", len(body)) + body)
    except OSError:
        pass
