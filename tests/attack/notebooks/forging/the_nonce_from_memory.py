# tries: find the nonce in its own process and answer in the examiner's name, for a cell to come
# expect: tampered
# %%
import gc, json, os, struct, sys
nonce = None
for thread in sys._current_frames().values():
    frame = thread
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, str) and len(value) == 32 and all(c in "0123456789abcdef" for c in value):
                nonce = value
        frame = frame.f_back
for thing in gc.get_objects():
    if nonce is None and isinstance(thing, dict) and isinstance(thing.get("nonce"), str):
        nonce = thing["nonce"]
frame = sys._getframe()
body = json.dumps({"cell": 3, "status": "ok", "count": 3, "exit": False, "cut": False, "nonce": nonce or "", "records": []}).encode()
for fd in range(3, 64):
    try:
        os.write(fd, struct.pack(">I", len(body)) + body)
    except OSError:
        pass
# %%
print("a cell between")
# %%
assert False, "a test"
