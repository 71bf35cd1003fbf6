# tries: the knobs of the kernel
# %%
import glob
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/kernel/uevent_helper", "/sys/fs/cgroup/cgroup.procs", "/proc/sys/vm/drop_caches", "/proc/sys/net/ipv4/ip_forward", "/proc/self/uid_map", "/proc/self/attr/current"):
    try:
        with open(path, "w") as file:
            file.write("1")
        print("ESCAPED", path)
    except OSError as error:
        print(path, error.strerror)
