# tries: system calls of 32 bits and of x32, which filters forget
# expect: crashed | ran
# because: where processor or kernel has no such calls, they fail before the filter is asked
# %%
import ctypes, mmap
libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.syscall(0x40000000 | 39) > 0 else "refused")
# %%
code = bytes.fromhex("b8 14 00 00 00 cd 80 c3")  # getpid by int 0x80
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
print("ESCAPED", call())
