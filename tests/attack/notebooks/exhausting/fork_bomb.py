# tries: fork until nothing goes any more
# expect: ran | timed out | out of memory | crashed
# because: its processes run at once: the first to meet a limit may be the notebook or a child, by number, memory or time
# %%
import os, time
made = 0
try:
    while True:
        if os.fork() == 0:
            try:
                while True:
                    os.fork()
            except OSError:
                time.sleep(600)
                os._exit(0)
        made += 1
        if made > 500:
            print("ESCAPED", made)
            break
except OSError as error:
    print(made, error)
