# tries: list and read the folder of another student's submission
# bare: escapes
# %%
import json, os
targets = json.load(open("targets.json"))
for name in os.listdir(targets["other"]):
    print("ESCAPED", open(os.path.join(targets["other"], name)).read())
