# tries: fetch a page with libraries and programs
# %%
import json, shutil, subprocess, urllib.request
targets = json.load(open("targets.json"))
url = f"http://127.0.0.1:{targets['tcp']}/ESCAPED"
try:
    print("ESCAPED", urllib.request.urlopen(url, timeout=0.5).read())
except OSError as error:
    print(error)
for program in ("curl", "wget", "nc"):
    if shutil.which(program):
        done = subprocess.run([program, url], capture_output=True, timeout=1)
        print("ESCAPED" if done.returncode == 0 else "no", program)
