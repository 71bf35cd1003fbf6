# tries: mount, unmount, pivot, chroot
# %%
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("m", exist_ok=True)
tries = {
    "tmpfs": lambda: libc.mount(b"x", b"m", b"tmpfs", 0, None),
    "bind": lambda: libc.mount(b"/", b"m", None, 4096, None),
    "remount": lambda: libc.mount(None, b"/", None, 32 | 4096, None),
    "umount": lambda: libc.umount2(b"/tmp", 2),
    "chroot": lambda: libc.chroot(b"."),
    "pivot": lambda: libc.syscall(155, b".", b"m"),
    "fsopen": lambda: libc.syscall(430, b"proc", 0) + 1 and 0,
    "open_tree": lambda: libc.syscall(428, -100, b"/", 1) + 1 and 0,
}
for name, attempt in tries.items():
    print("ESCAPED" if attempt() == 0 and name not in ("fsopen", "open_tree") else "refused", name)
