# tries: bytes that are not UTF-8 on standard output and in file names
# %%
import os, subprocess
os.write(1, b"\xff\xfe\x80\xc3\x28 not utf-8 \xed\xa0\x80\n")
subprocess.run(["printf", r"\377\200\n"])
open(b"\xff\xfe.txt", "w").close()
print(os.listdir(b"."))
