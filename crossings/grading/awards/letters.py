"""Which font has the letters of a name: ours, the academy's own, or any on this computer."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from crossings.grading.awards.medal import fonts
from crossings.look import colour

DOTS = 600
"""Dots an inch of a name that is drawn as a picture."""
_SIZE = int(34 / 72 * DOTS)
_EDGE = 4
_WITHOUT_SHAPE = frozenset("\u200c\u200d" + "".join(map(chr, range(0xFE00, 0xFE10))))
"""Joiners and variation selectors: they change how their neighbours look."""
_EMPTY = ("lastresort", "adobeblank", "adobenotdef")
"""Fonts that claim every letter, and draw a box or nothing."""


class FontError(Exception):
    """The file is no font that can be read."""


def serif() -> Path:
    """The font for names, where it has their letters."""
    return fonts() / "DejaVuSerif.ttf"


def plain(name: str) -> str:
    """`name` in one line, without what cannot be seen: control characters, marks that turn the
    direction, halves of letters. What a font could have a shape for stays."""
    composed = unicodedata.normalize("NFC", name)
    return " ".join("".join(c for c in composed if c.isspace() or _can_be_seen(c)).split())


def _can_be_seen(letter: str) -> bool:
    return letter in _WITHOUT_SHAPE or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")


def is_simple(name: str) -> bool:
    """True where every letter stands alone, to the right of the one before it."""
    return not any(
        unicodedata.bidirectional(c) in ("R", "AL", "AN")
        or unicodedata.category(c).startswith("M")
        or c in _WITHOUT_SHAPE
        for c in name
    )


def font_of(name: str, own: Path | None) -> Path | None:
    """The first font with every letter of `name`. None where there is none, or where the letters
    have to be joined and nothing on this computer can do that.

    Raises:
        FontError: when `own` cannot be read.
    """
    if not name or not (is_simple(name) or _can_join()):
        return None
    near = [serif(), fonts() / "DejaVuSans.ttf", *([own] if own else [])]
    for path in near:
        if not missing(name, path):
            return path
    return next((path for path in installed() if _has(path, name)), None)


def missing(text: str, font: Path) -> set[str]:
    """The letters of `text` that `font` lacks.

    Raises:
        FontError: when it cannot be read.
    """
    known = _letters(font)
    shown = (c for c in text if not c.isspace() and c not in _WITHOUT_SHAPE)
    return {c for c in shown if ord(c) not in known}


def _has(font: Path, name: str) -> bool:
    try:
        # A font of pictures in fixed sizes has letters, and cannot be drawn in ours.
        return not missing(name, font) and drawn(name, font) is not None
    except (FontError, OSError):
        return False


@cache
def _letters(font: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(font, fontNumber=0) as opened:
            return frozenset(opened.getBestCmap() or {})
    except (OSError, TTLibError) as error:
        raise FontError(f"{font} is no font that can be read: {error}") from None


@cache
def installed() -> tuple[Path, ...]:
    """The fonts of this computer, upright and of the Noto family first, always in one order."""
    from matplotlib.font_manager import findSystemFonts

    found = {Path(name) for name in findSystemFonts()}
    usable = (path for path in found if not path.stem.lower().startswith(_EMPTY))
    return tuple(sorted(usable, key=_rank))


def _rank(path: Path) -> tuple[bool, bool, str, str]:
    name = path.stem.lower()
    return "noto" not in name, "regular" not in name, name, str(path)


@cache
def _can_join() -> bool:
    """Whether letters are ordered and joined as their script wants, by what Pillow found here."""
    return bool(features.check("raqm") and features.check("fribidi"))


def drawn(name: str, font: Path) -> Image.Image | None:
    """A name in letters that join and run as their script wants, as a picture; None where
    nothing of it can be seen."""
    face = ImageFont.truetype(str(font), _SIZE)
    left, top, right, bottom = face.getbbox(name)
    if right - left < 1 or bottom - top < 1:
        return None
    size = (int(right - left) + 2 * _EDGE, int(bottom - top) + 2 * _EDGE)
    image = Image.new("RGBA", size, (255, 255, 255, 0))
    ImageDraw.Draw(image).text((_EDGE - left, _EDGE - top), name, colour("ink"), face)
    return image
