# tries: a program writes on standard output for ever
# expect: ran
# limits: cell_seconds=25 notebook_seconds=28
# %%
import subprocess
subprocess.run("yes ESCAPE", shell=True, timeout=1.5)
