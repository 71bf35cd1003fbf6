# tries: become root through programs that can
# %%
import os, shutil, subprocess
for command in (["su", "-c", "id -u"], ["sudo", "-n", "id", "-u"], ["pkexec", "id", "-u"], ["mount"], ["newgrp"], ["ping", "-c1", "127.0.0.1"]):
    if shutil.which(command[0]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, stdin=subprocess.DEVNULL)
        if done.stdout.strip() == "0":
            print("ESCAPED", command)
for change in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.seteuid(0)):
    try:
        change()
        print("ESCAPED")
    except OSError as error:
        print(error)
