# tries: sockets that no network namespace holds: vsock, netlink, packet, raw, bluetooth
# %%
import socket
for family, kind in ((40, 1), (16, 3), (17, 3), (2, 3), (31, 1), (38, 5), (44, 3), (29, 3), (21, 5)):
    try:
        socket.socket(family, kind)
        print("ESCAPED", family)
    except OSError as error:
        print(family, error)
