# tries: unpack a bomb within its own folder
# expect: ran
# limits: cell_seconds=25 notebook_seconds=28 cpu_seconds=28
# %%
import io, zipfile
body = io.BytesIO()
with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
    with archive.open("zeros", "w", force_zip64=True) as file:
        for _ in range(24):
            file.write(bytes(1 << 20))
try:
    zipfile.ZipFile(body).extractall()
    print("ESCAPED")
except OSError as error:
    print(error)
