# tries: catch every exception and go on looping
# expect: timed out
# %%
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
