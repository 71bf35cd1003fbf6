# tries: start threads until nothing goes any more
# expect: ran | timed out | out of memory | crashed
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
