# tries: leave programs behind through shells
# %%
import subprocess
subprocess.Popen("nohup setsid sleep 98765 >/dev/null 2>&1 &", shell=True, start_new_session=True)
!(sleep 98765 &) ; true
