# tries: display data of a hundred megabytes
# %%
from IPython.display import display
try:
    display({"application/json": {"x": "y" * 20_000_000}}, raw=True)
except MemoryError:
    print("too much")
