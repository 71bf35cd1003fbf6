# tries: write forged results on every open descriptor
# expect: tampered
# %%
import json, os, struct
forged = json.dumps({"cell": 2, "status": "ok", "count": 2, "exit": False, "cut": False, "nonce": "0", "records": [], "score": 100}).encode()
for fd in range(0, 64):
    try:
        os.write(fd, struct.pack(">I", len(forged)) + forged)
    except OSError:
        pass
# %%
assert False, "a test"
