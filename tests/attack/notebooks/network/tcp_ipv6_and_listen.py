# tries: IPv6, and to listen for somebody to come in
# %%
import socket
for family, address in ((socket.AF_INET6, "::1"), (socket.AF_INET, "0.0.0.0"), (socket.AF_INET, "127.0.0.1")):
    try:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.bind((address, 0))
        made.listen()
        print("ESCAPED", address)
    except OSError as error:
        print(error)
