# tries: break len, isinstance, open and the import system for whoever runs next
# expect: timed out
# %%
import builtins
builtins.len = lambda x: 0
builtins.isinstance = lambda *a: True
builtins.open = None
builtins.__import__ = None
# %%
print("next")
