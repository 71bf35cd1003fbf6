# tries: display data nested ten thousand deep
# %%
from IPython.display import display
deep = []
for _ in range(900):
    deep = [deep]
display({"application/json": {"x": deep}, "text/plain": "shown"}, raw=True)
for _ in range(100_000):
    deep = [deep]
try:
    display({"application/json": {"x": deep}}, raw=True)
except RecursionError:
    print("refused")
