# tries: chmod and chown of its folder and of what lies above, setuid on a copy of a shell
# %%
import os, shutil, subprocess
for path in ("/", "/usr/bin/env", "/home", "/dev/null", "/opt/crossings", "/etc/ld.so.cache"):
    for change in (lambda p: os.chmod(p, 0o777), lambda p: os.chown(p, os.getuid(), os.getgid())):
        try:
            change(path)
            print("ESCAPED", path)
        except OSError as error:
            print(path, error.strerror)
shutil.copy("/bin/sh", "shell")
os.chmod("shell", 0o6755)
who = subprocess.run(["./shell", "-p", "-c", "id -u"], capture_output=True, text=True).stdout.strip()
print("ESCAPED" if who == "0" else "still", who)
os.chmod(".", 0)
