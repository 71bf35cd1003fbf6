# tries: take over another process, or attach to its parent
# %%
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for pid in (os.getppid(), 1, 2, 3):
    print("ESCAPED" if libc.ptrace(16, pid, 0, 0) == 0 else "refused")
print("ESCAPED" if libc.ptrace(0, 0, 0, 0) == 0 else "refused")
class Piece(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))
buffer = ctypes.create_string_buffer(8)
local, remote = Piece(ctypes.addressof(buffer), 8), Piece(0x400000, 8)
print("ESCAPED" if libc.process_vm_readv(os.getpid(), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) >= 0 else "refused")
