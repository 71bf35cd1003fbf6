# tries: find other processes, their command lines, memory and open files in /proc
# %%
import os
mine = {str(os.getpid())}
others = [name for name in os.listdir("/proc") if name.isdigit() and name not in mine]
if others:
    print("ESCAPED", others)
for what in ("root/etc/hostname", "cwd", "fd/3", "mem", "environ"):
    for pid in range(2, 200):
        if os.path.exists(f"/proc/{pid}/{what}"):
            print("ESCAPED", pid, what)
