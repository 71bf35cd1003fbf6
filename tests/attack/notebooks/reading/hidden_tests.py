# tries: open the instructor's source with the hidden tests, by its full path
# bare: escapes
# %%
import json
targets = json.load(open("targets.json"))
# %%
print("ESCAPED", open(targets["secret"]).read())
