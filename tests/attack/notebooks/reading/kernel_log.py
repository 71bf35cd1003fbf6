# tries: read the kernel's log, keys and addresses
# %%
import os
for path in ("/dev/kmsg", "/proc/kcore", "/dev/mem", "/proc/kmsg", "/proc/keys", "/sys/kernel/security"):
    try:
        if open(path, "rb").read(10):
            print("ESCAPED" if path != "/proc/keys" else "keys", path)
    except OSError as error:
        print(path, error.strerror)
try:
    lines = [line for line in open("/proc/kallsyms") if not line.startswith("0" * 16)]
    print("ESCAPED" if lines else "no addresses")
except OSError:
    pass
