# tries: write into every place where files can usually be written
# %%
import json, os
targets = json.load(open("targets.json"))
places = [targets["open_folder"], "/tmp/../var/tmp", "/", "/usr", "/etc", "/opt", "/home", "/run", "/dev", "/opt/crossings/inside"]
for place in places:
    try:
        with open(os.path.join(place, "attack.txt"), "w") as file:
            file.write("was here")
        print("ESCAPED", place)
    except OSError as error:
        print(place, error.strerror)
