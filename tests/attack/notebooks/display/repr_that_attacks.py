# tries: code in representations, run when outputs are made
# expect: timed out
# %%
import os
class Liar:
    def __repr__(self):
        raise SystemExit
    def _repr_html_(self):
        os.close(1)
        return 5
    def __str__(self):
        return 5
Liar()
# %%
class Slow:
    def __repr__(self):
        while True:
            pass
Slow()
