# tries: display data that is not JSON: NaN, bytes, objects, numbers without end
# %%
from IPython.display import display
import math
for datum in (math.nan, math.inf, {1: 2}, object(), b"\xff", {"x": math.nan}, 10 ** 5000):
    try:
        display({"application/json": datum, "text/plain": "x"}, raw=True)
    except Exception as error:
        print(type(error).__name__)
