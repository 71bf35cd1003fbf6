# tries: read the trainer's home, keys and shell history
# %%
import glob, os
found = []
for home in {"/root", *glob.glob("/home/*"), os.path.expanduser("~")}:
    for name in (".ssh/id_rsa", ".ssh/id_ed25519", ".bash_history", ".netrc", ".gitconfig", ".bashrc"):
        if os.path.exists(os.path.join(home, name)):
            found.append(os.path.join(home, name))
if found:
    print("ESCAPED", found)
