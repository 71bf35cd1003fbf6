# tries: talk to a socket in the file system, as Docker's and the desktop's are
# bare: escapes
# %%
import json, os, socket
targets = json.load(open("targets.json"))
for path in (targets["unix"], "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private"):
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(path)
        made.sendall(b"ESCAPED")
        print("ESCAPED", path)
    except OSError as error:
        print(error)
