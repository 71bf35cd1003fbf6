# tries: leak through the names it looks up
# expect: ran
# limits: cell_seconds=25 notebook_seconds=28
# %%
import socket
socket.setdefaulttimeout(1)
try:
    print("ESCAPED", socket.getaddrinfo("leak.example.org", 80))
except OSError as error:
    print(error)
