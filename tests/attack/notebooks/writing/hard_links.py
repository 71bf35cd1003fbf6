# tries: hard links and renames across the wall
# %%
import json, os
targets = json.load(open("targets.json"))
open("own.txt", "w").write("x")
for source, target in ((targets["secret"], "stolen"), ("own.txt", targets["open_folder"] + "/own.txt"), ("/usr/bin/env", "env"), ("own.txt", "/dev/own")):
    for move in (os.link, os.rename):
        try:
            move(source, target)
            print("ESCAPED", source, target)
        except OSError as error:
            print(error.strerror)
