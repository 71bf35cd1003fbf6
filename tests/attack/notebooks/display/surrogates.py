# tries: texts that no file can hold
# %%
print("half a pair: \ud800 and \udfff and " + "\udc80" * 5)
raise ValueError("\ud83d")
# %%
from IPython.display import display
display({"text/plain": "\ud800", "application/json": {"\ud800": ["\udfff"]}}, raw=True)
