"""Fingerprints of the source documents: hashed runs of nine words, so that copies can be found
without keeping the documents here.

A run of words is found again whatever its case, accents, punctuation, hyphens and line breaks are.
Only hashes are kept, so nobody can read a document out of them. 40 bits are enough: about 75,000
runs are known, so a run that nobody copied is taken for one of them once in 15 million.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

FILE = "datasets/sources/fingerprints.bin"
LENGTH = 9
"""Words of a run: eight in common happen to everybody, nine do not."""

_MAGIC = b"crossings fingerprints 1\n"
_PRIME = (1 << 61) - 1
_BASE = 1_000_003
_OUT = pow(_BASE, LENGTH, _PRIME)
_MIX = 0x9E3779B97F4A7C15
_BITS, _REST = 40, 32
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = str.maketrans("", "", "'’‘`´")


class FingerprintsError(ValueError):
    """The file is no file of fingerprints; the message says so."""


def words(text: str) -> list[str]:
    """The words of `text` as they are compared. `asylum-seekers` are two, `IOM's` is one."""
    if not text.isascii():
        text = text.translate(_APOSTROPHES)
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    else:
        text = text.replace("'", "").replace("`", "")
    return _WORD.findall(text.lower())


def runs(found: Sequence[str]) -> Iterator[int]:
    """The hash of each run of `LENGTH` words in order, with 40 bits."""
    value = 0
    numbers = [_number(word) for word in found]
    for place, number in enumerate(numbers):
        value = value * _BASE + number
        if place >= LENGTH:
            value -= numbers[place - LENGTH] * _OUT
        value %= _PRIME
        if place >= LENGTH - 1:
            yield ((value * _MIX) & 0xFFFFFFFFFFFFFFFF) >> (64 - _BITS)


@lru_cache(maxsize=200_000)
def _number(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=7).digest(), "big")


def of_texts(texts: Iterable[str]) -> frozenset[int]:
    """The fingerprints of documents."""
    return frozenset(value for text in texts for value in runs(words(text)))


def packed(prints: frozenset[int]) -> bytes:
    """As a file: sorted, the first byte of each given once, as a count of those that share it."""
    counts = [0] * (1 << (_BITS - _REST))
    for value in prints:
        counts[value >> _REST] += 1
    rests = [value & ((1 << _REST) - 1) for value in sorted(prints)]
    return _MAGIC + struct.pack(f"<{len(counts)}I{len(rests)}I", *counts, *rests)


def unpacked(data: bytes) -> frozenset[int]:
    """The fingerprints in a file.

    Raises:
        FingerprintsError: where it is none, or was cut off.
    """
    if not data.startswith(_MAGIC) or (len(data) - len(_MAGIC)) % 4:
        raise FingerprintsError("not a file of fingerprints, or one that was cut off")
    numbers = struct.unpack_from(f"<{(len(data) - len(_MAGIC)) // 4}I", data, len(_MAGIC))
    counts, rests = numbers[: 1 << (_BITS - _REST)], numbers[1 << (_BITS - _REST) :]
    if len(counts) < 1 << (_BITS - _REST) or sum(counts) != len(rests):
        raise FingerprintsError("not a file of fingerprints, or one that was cut off")
    places = (first for first, count in enumerate(counts) for _ in range(count))
    return frozenset((first << _REST) | rest for first, rest in zip(places, rests, strict=True))


def read(root: Path) -> frozenset[int] | None:
    """The fingerprints that the course keeps; None where it keeps none.

    Raises:
        FingerprintsError: see `unpacked`.
    """
    try:
        return unpacked((root / FILE).read_bytes())
    except FileNotFoundError:
        return None
