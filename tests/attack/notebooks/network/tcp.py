# tries: connect to a server on this computer, and to the world
# bare: escapes
# %%
import json, socket
targets = json.load(open("targets.json"))
for address in (("127.0.0.1", targets["tcp"]), ("192.0.2.1", 80), ("10.0.2.2", 80)):
    try:
        socket.create_connection(address, timeout=0.3).sendall(b"ESCAPED")
        print("ESCAPED", address)
    except OSError as error:
        print(error)
