# tries: fill the disk, with one file and with many
# %%
import os
written = 0
try:
    for number in range(100_000):
        with open(f"fill-{number}", "wb") as file:
            file.write(bytes(1 << 20))
        written += 1
        if written > 200:
            print("ESCAPED", written)
            break
except OSError as error:
    print(written, error)
try:
    for number in range(1_000_000):
        os.symlink("x", f"/tmp/many-{number}")
    print("ESCAPED")
except OSError as error:
    print(number, error)
