# tries: make symlinks to files outside and read through them
# bare: escapes
# %%
import json, os
targets = json.load(open("targets.json"))
os.symlink(targets["secret"], "mine.txt")
os.symlink(os.path.dirname(targets["gradebook"]), "folder")
try:
    print(os.listdir("folder"))
    print("ESCAPED", open("mine.txt").read())
except OSError as error:
    print(error.strerror)
