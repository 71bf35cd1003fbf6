# tries: displays without an end
# expect: timed out | tampered
# because: on a fast machine it has sent too much before its time is over
# %%
from IPython.display import display, HTML
while True:
    display(HTML("x"))
