"""Pictures of hotspot items: how large they are, and their places in pixels as QTI wants them."""

from __future__ import annotations

import base64
import re
import struct
from typing import Any

from crossings.items.model import Picture, Region

WIDE = 1000
"""Width in pixels that the picture is given: then a pixel is a tenth of a percent."""


def content(picture: Picture) -> bytes:
    """The picture's file, from its `data:` address; empty where the loader filled in none."""
    return base64.b64decode((picture.data or "").partition(",")[2])


def high(picture: Picture) -> int:
    """The height that belongs to `WIDE`, from the picture's own sides."""
    width, height = sides(content(picture), picture.file.rpartition(".")[2])
    return max(1, round(WIDE * height / width))


def sides(data: bytes, suffix: str) -> tuple[float, float]:
    """Width and height of a picture; (4, 3) where its file does not say."""
    reader = {"svg": _svg, "png": _png, "jpg": _jpg, "webp": _webp}.get(suffix)
    found = reader(data) if reader else None
    return found if found and min(found) > 0 else (4.0, 3.0)


def _svg(data: bytes) -> tuple[float, float] | None:
    head = data[:4000].decode("utf-8", "replace")
    box = re.search(r'viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)', head)
    if box is None:
        wide = re.search(r'<svg[^>]*\bwidth="([\d.]+)', head)
        tall = re.search(r'<svg[^>]*\bheight="([\d.]+)', head)
        return (float(wide.group(1)), float(tall.group(1))) if wide and tall else None
    return float(box.group(1)), float(box.group(2))


def _png(data: bytes) -> tuple[float, float] | None:
    if len(data) < 24:
        return None
    wide, tall = struct.unpack(">II", data[16:24])
    return float(wide), float(tall)


def _jpg(data: bytes) -> tuple[float, float] | None:
    """The first start-of-frame segment holds height and width."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        mark, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            tall, wide = struct.unpack(">HH", data[at + 5 : at + 9])
            return float(wide), float(tall)
        at += 2 + length
    return None


def _webp(data: bytes) -> tuple[float, float] | None:
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        wide, tall = (int.from_bytes(data[n : n + 3], "little") + 1 for n in (24, 27))
        return float(wide), float(tall)
    if kind == b"VP8 " and len(data) >= 30:
        wide, tall = struct.unpack("<HH", data[26:30])
        return float(wide & 0x3FFF), float(tall & 0x3FFF)
    if kind == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return float((bits & 0x3FFF) + 1), float((bits >> 14 & 0x3FFF) + 1)
    return None


def coords(region: Region, height: int) -> str:
    """A rectangle in pixels: left, top, right, bottom."""
    right, bottom = region.x + region.width, region.y + region.height
    across = (region.x * WIDE / 100, right * WIDE / 100)
    down = (region.y * height / 100, bottom * height / 100)
    return ",".join(str(round(v)) for v in (across[0], down[0], across[1], down[1]))


def region(shape: str, text: str, width: float, height: float) -> dict[str, Any] | None:
    """The rectangle in percent that holds a shape of QTI (pixels, or percent with their sign); None
    where it cannot be read."""
    sides_of = (width, height, min(width, height)) if shape == "circle" else (width, height)
    try:
        numbers = [
            float(part.rstrip("%")) * (sides_of[n % len(sides_of)] / 100 if "%" in part else 1)
            for n, part in enumerate(re.split(r"[,\s]+", text.strip()))
        ]
    except ValueError:
        return None
    if shape == "circle" and len(numbers) == 3:
        x, y, r = numbers
        numbers = [x - r, y - r, x + r, y + r]
    if len(numbers) < 4 or len(numbers) % 2 or width <= 0 or height <= 0:
        return None
    left, right = min(numbers[::2]), max(numbers[::2])
    top, bottom = min(numbers[1::2]), max(numbers[1::2])
    x, y = (max(0.0, round(v, 1)) for v in (100 * left / width, 100 * top / height))
    return {
        "x": x,
        "y": y,
        "width": round(min(100 - x, 100 * right / width - x), 1),
        "height": round(min(100 - y, 100 * bottom / height - y), 1),
    }
