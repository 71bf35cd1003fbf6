# tries: bpf, perf, io_uring, userfaultfd, keyrings, modules, reboot
# %%
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for name, number in {"bpf": 321, "perf": 298, "io_uring": 425, "userfaultfd": 323, "keyctl": 250, "add_key": 248, "module": 175, "reboot": 169, "kexec": 246, "swapon": 167, "settimeofday": 164, "sethostname": 170, "syslog": 103}.items():
    result = libc.syscall(number, 0, 0, 0, 0, 0, 0)
    print("ESCAPED" if result >= 0 else "refused", name, ctypes.get_errno())
