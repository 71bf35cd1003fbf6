# tries: a program writes on standard output for ever
# expect: ran | timed out
# %%
import subprocess
subprocess.run("yes ESCAPE", shell=True, timeout=1.5)
