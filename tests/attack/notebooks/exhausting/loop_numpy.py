# tries: loop in C for hours, in numpy
# expect: timed out
# %%
import numpy as np
np.convolve(np.ones(2_000_000), np.ones(2_000_000))
