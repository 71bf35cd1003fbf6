# tries: the classic one, in a shell
# expect: ran | timed out | out of memory | crashed
# because: its processes run at once: the first to meet a limit may be the notebook or a child, by number, memory or time
# %%
!bash -c ':(){ :|:& };:' 2>/dev/null; sleep 0.5
print("next")
