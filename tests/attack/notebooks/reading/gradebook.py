# tries: read the gradebook and the ledger as databases
# bare: escapes
# %%
import json, sqlite3
targets = json.load(open("targets.json"))
rows = sqlite3.connect(targets["gradebook"]).execute("select * from grade").fetchall()
print("ESCAPED", rows)
