# tries: kill its parent, the examiner, and everything with a low number
# %%
import json, os, signal
targets = json.load(open("targets.json"))
for pid in [targets["examiner"], os.getppid(), *range(2, 400)]:
    try:
        if pid > 1:
            os.kill(pid, signal.SIGKILL)
            print("ESCAPED", pid)
    except OSError:
        pass
