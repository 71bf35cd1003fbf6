# tries: send answers out in UDP packets
# %%
import json, socket
targets = json.load(open("targets.json"))
made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for address in (("127.0.0.1", targets["udp"]), ("192.0.2.1", 53), ("255.255.255.255", 9)):
    try:
        made.sendto(b"ESCAPED", address)
        print("ESCAPED", address)
    except OSError as error:
        print(error)
