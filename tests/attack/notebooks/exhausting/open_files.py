# tries: open files without closing them
# %%
held = []
try:
    while len(held) < 10_000:
        held.append(open("/dev/null"))
    print("ESCAPED")
except OSError as error:
    print(len(held), error)
held.clear()
