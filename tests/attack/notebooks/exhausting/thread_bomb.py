# tries: start threads until nothing goes any more
# expect: ran
# limits: cell_seconds=25 notebook_seconds=28
# %%
import threading, time
made = 0
try:
    for _ in range(2000):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        made += 1
    print("ESCAPED", made)
except (RuntimeError, MemoryError) as error:
    print(made, error)
