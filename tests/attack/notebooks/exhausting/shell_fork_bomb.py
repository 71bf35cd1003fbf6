# tries: the classic one, in a shell
# expect: ran | timed out | out of memory | crashed
# %%
!bash -c ':(){ :|:& };:' 2>/dev/null; sleep 0.5
print("next")
