"""A credential inside a picture: a PNG's `iTXt` chunk with the name that Open Badges 3.0 gives it.

And inside a PDF: an attachment that lies in the file as it is, one for each certificate.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

KEYWORD = b"openbadgecredential"
MOST = 1_000_000
"""Bytes of a credential; ours are about 3,000."""
_SIGN = b"\x89PNG\r\n\x1a\n"
_ATTACHED = re.compile(rb"/EmbeddedFile\b.{0,400}?stream\r?\n(\{.*?\})\r?\nendstream", re.S)


class BakeError(Exception):
    """The file is damaged, or no picture that can hold a credential."""


def baked(png: bytes, credential: str) -> bytes:
    """`png` with the credential in it; one that was there before goes.

    Raises:
        BakeError: when it is no PNG.
    """
    chunks = [(kind, data) for kind, data in _chunks(png) if not _ours(kind, data)]
    text = KEYWORD + b"\0\0\0\0\0" + credential.encode("utf-8")
    place = next((n for n, (kind, _) in enumerate(chunks) if kind == b"IDAT"), len(chunks) - 1)
    chunks.insert(place, (b"iTXt", text))
    return _SIGN + b"".join(_chunk(kind, data) for kind, data in chunks)


def unbaked(png: bytes) -> str:
    """The credential in a PNG; "" where there is none.

    Raises:
        BakeError: when the file is damaged, or holds several.
    """
    found = [data for kind, data in _chunks(png) if _ours(kind, data)]
    if len(found) > 1:
        raise BakeError("the picture holds more than one credential")
    return _text(found[0]) if found else ""


def attached(pdf: bytes) -> list[str]:
    """Every credential that is attached to a PDF of ours, in order."""
    try:
        return [m[1].decode("utf-8") for m in _ATTACHED.finditer(pdf)]
    except UnicodeDecodeError:
        raise BakeError("an attachment of the PDF is damaged") from None


def _ours(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _text(data: bytes) -> str:
    rest = data[len(KEYWORD) + 1 :]
    packed, way, texts = rest[:1], rest[1:2], rest[2:].split(b"\0", 2)
    if len(texts) != 3 or packed not in (b"\0", b"\1") or way != b"\0":
        raise BakeError("the credential in the picture is damaged")
    content = texts[2]
    try:
        if packed == b"\1":
            opened = zlib.decompressobj()
            content = opened.decompress(content, MOST + 1)
        if len(content) > MOST:
            raise BakeError("the credential in the picture is too large")
        return content.decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        raise BakeError("the credential in the picture is damaged") from None


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(_SIGN):
        raise BakeError("it is no PNG picture")
    at = len(_SIGN)
    while at < len(png):
        if at + 12 > len(png):
            raise BakeError("the picture is cut off")
        (length,) = struct.unpack_from(">I", png, at)
        kind, end = png[at + 4 : at + 8], at + 8 + length
        if end + 4 > len(png):
            raise BakeError("the picture is cut off")
        data = png[at + 8 : end]
        if struct.unpack_from(">I", png, end)[0] != zlib.crc32(kind + data):
            raise BakeError("the picture is damaged")
        yield kind, data
        at = end + 4
