"""Pictures of hotspot items: small files in a module's folder `pictures`, carried by the item.

An item travels to pages, notebooks, phones and other systems; the picture goes with it as a `data:`
address, so that it needs no file and no request there. Browsers run no script in such an image.
"""

from __future__ import annotations

import base64
from pathlib import Path

from crossings.items.model import MOST_PICTURE, Item

FOLDER = "pictures"
_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
}


class PictureError(ValueError):
    """A picture that cannot be used; the message says why, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def with_picture(item: Item, module: Path) -> Item:
    """`item` with the content of its picture; unchanged where it has none.

    Raises:
        PictureError: where the file is missing, too large or not of its type.
    """
    if item.picture is None:
        return item
    path = module / FOLDER / item.picture.file
    picture = item.picture.model_copy(update={"data": _address(path)})
    return item.model_copy(update={"picture": picture})


def _address(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        hint = f"put it into the module's folder `{FOLDER}`, or fix the name"
        raise PictureError(f"the picture `{path.name}` is missing", hint) from None
    if len(content) > MOST_PICTURE:
        what = f"the picture `{path.name}` has {len(content):,} bytes"
        raise PictureError(what, f"make it smaller: at most {MOST_PICTURE:,}, for weak phones")
    if not _is(path.suffix, content):
        what = f"`{path.name}` is no {path.suffix[1:].upper()} file"
        raise PictureError(what, "save it again in the format that its name says")
    return f"data:{_TYPES[path.suffix]};base64,{base64.b64encode(content).decode('ascii')}"


def _is(suffix: str, content: bytes) -> bool:
    if suffix == ".svg":
        return b"<svg" in content[:1000] and b"http://www.w3.org/2000/svg" in content
    starts = {".png": b"\x89PNG\r\n", ".webp": b"RIFF", ".jpg": b"\xff\xd8"}
    return content.startswith(starts[suffix])
