# tries: stop the kernel with exit()
# expect: crashed
# %%
exit()
# %%
print("a test that is not reached")
