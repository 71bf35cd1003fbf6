# tries: a hundred thousand displays
# expect: ran | timed out | tampered
# %%
from IPython.display import display, HTML
for number in range(100_000):
    display(HTML("x"))
