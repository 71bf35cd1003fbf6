# tries: talk to a socket without a file, which no mount can hide
# bare: escapes
# %%
import json, socket
targets = json.load(open("targets.json"))
made = socket.socket(socket.AF_UNIX)
try:
    made.connect("\0" + targets["abstract"])
    made.sendall(b"ESCAPED")
    print("ESCAPED")
except OSError as error:
    print(error)
