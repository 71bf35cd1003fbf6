# tries: find secrets in the environment of this process and of those above it
# %%
import glob, os
for name in ("CROSSINGS_SECRET_CANARY", "HOSTNAME_CANARY"):
    if name in os.environ:
        print("ESCAPED", os.environ[name])
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        if b"CROSSINGS_SECRET_CANARY" in open(path, "rb").read():
            print("ESCAPED", path)
    except OSError:
        pass
