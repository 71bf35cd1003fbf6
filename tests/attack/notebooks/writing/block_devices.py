# tries: make device nodes and open disks
# %%
import glob, os, stat
for kind, name in ((stat.S_IFBLK, "disk"), (stat.S_IFCHR, "memory")):
    try:
        os.mknod(name, kind | 0o666, os.makedev(8 if name == "disk" else 1, 1))
        print("ESCAPED", name)
    except OSError as error:
        print(error.strerror)
for path in glob.glob("/dev/sd*") + glob.glob("/dev/vd*") + glob.glob("/dev/nvme*") + ["/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/mem", "/dev/port"]:
    if os.path.exists(path):
        print("ESCAPED", path)
