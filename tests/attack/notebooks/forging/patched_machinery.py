# tries: make the machinery say that all is well
# expect: tampered
# %%
import json, sys
frame = sys._getframe()
while frame is not None:
    for name, value in list(frame.f_globals.items()):
        if name in ("wire", "confine") or "tape" in name:
            try:
                value.send = lambda *a, **k: None
                value.encode = lambda message: b"\0\0\0\2{}"
            except Exception:
                pass
    frame = frame.f_back
json.dumps = lambda *a, **k: '["error", {}]'
# %%
1 / 0
