# tries: leak through the names it looks up
# expect: ran | timed out
# %%
import socket
socket.setdefaulttimeout(1)
try:
    print("ESCAPED", socket.getaddrinfo("leak.example.org", 80))
except OSError as error:
    print(error)
