# tries: one endless file
# %%
import os
try:
    with open("sparse", "wb") as file:
        file.truncate(1 << 40)
    print("ESCAPED")
except OSError as error:
    print(error)
