# tries: make namespaces of its own, and root within them
# %%
import ctypes, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000):
    print("ESCAPED" if libc.unshare(flag) == 0 else "refused")
print("ESCAPED" if libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) >= 0 else "refused")
print("ESCAPED" if subprocess.run("unshare -r id", shell=True, capture_output=True).returncode == 0 else "refused")
fd = os.open("/proc/self/ns/net", os.O_RDONLY)
print("ESCAPED" if libc.setns(fd, 0) == 0 else "refused")
