"""Whether a certificate is what it says: without a network, and saying what was not looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from crossings.exchange import badge, baking
from crossings.exchange.baking import BakeError
from crossings.exchange.proof import ProofError
from crossings.grading.awards import keys, revoked

Result = Literal["holds", "fails", "not checked"]
MOST = 100_000_000
"""Bytes of a file: certificates of a large class in one PDF are a few MB."""
_CLOCKS = timedelta(hours=24)
"""How far ahead a clock may be set before a certificate looks like one of the future."""


class NoCertificateError(Exception):
    """The file cannot be read, or there is no certificate in it."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, or was not."""

    result: Result
    about: str
    told: str


@dataclass(frozen=True)
class Verdict:
    """One certificate; `fingerprint` is what stands on its paper."""

    found: badge.Read | None
    checks: tuple[Check, ...]
    fingerprint: str = ""

    @property
    def valid(self) -> bool:
        """True when it was signed by the academy, is in force, and is on no list. A list that
        could not be looked at does not make it invalid; the checks say so."""
        must = {"signature", "issuer", "dates"}
        failed = any(c.result == "fails" for c in self.checks)
        return not failed and must <= {c.about for c in self.checks if c.result == "holds"}


def verify(
    path: Path, key_file: Path | None, list_file: Path | None, now: datetime | None = None
) -> tuple[Verdict, ...]:
    """What is true of every certificate in `path`: JSON, PNG or PDF.

    Raises:
        NoCertificateError: when there is none to look at.
        keys.KeyFileError: when `key_file` is none.
    """
    ours = keys.published(key_file) if key_file is not None else None
    texts, about = _texts(path)
    moment = now or datetime.now(UTC)
    return tuple(_verdict(text, ours, list_file, moment, about) for text in texts)


def _texts(path: Path) -> tuple[list[str], Check]:
    """The credentials in a file, and what of the file they do not cover."""
    try:
        if path.stat().st_size > MOST:
            raise NoCertificateError(f"{path} is too large for a certificate")
        content = path.read_bytes()
        if content.startswith(b"%PDF-"):
            texts, kind = baking.attached(content), "paper"
        elif content.startswith(b"\x89PNG"):
            texts, kind = [t for t in [baking.unbaked(content)] if t], "picture"
        else:
            texts, kind = [content.decode("utf-8-sig")], ""
    except OSError as error:
        raise NoCertificateError(f"cannot read {path}: {error.strerror}") from None
    except BakeError as error:
        raise NoCertificateError(f"{path}: {error}") from None
    except UnicodeDecodeError:
        raise NoCertificateError(f"{path} is no JSON, PNG or PDF") from None
    if not texts:
        raise NoCertificateError(f"there is no signed certificate in {path}")
    return texts, Check("not checked", "file", _UNCOVERED[kind])


_UNCOVERED = {
    "paper": "What is printed on the paper. Trust the lines above, not the page.",
    "picture": "What the picture shows. Trust the lines above, not the picture.",
    "": "Nothing else is in the file.",
}


def _verdict(
    text: str, ours: tuple[str, str] | None, list_file: Path | None, now: datetime, about: Check
) -> Verdict:
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return Verdict(None, (Check("fails", "signature", "It is no JSON that can be read."),))
    try:
        found = badge.read(document)
        badge.check(found)
        mark = badge.fingerprint(document)
    except ProofError as error:
        return Verdict(None, (Check("fails", "signature", f"Do not trust it: {error}."),))
    signature = Check("holds", "signature", "Nothing in it was changed since it was signed.")
    checks = (
        signature,
        _issuer(found, ours),
        *_dates(found, now),
        _list(found, ours, list_file),
    )
    more = (about,) if about.told != _UNCOVERED[""] else ()
    person = "Whether the person who shows it is the person named in it."
    return Verdict(found, (*checks, *more, Check("not checked", "person", person)), mark)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that is there twice reads differently in different programs."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError
    return dict(pairs)


def _issuer(found: badge.Read, ours: tuple[str, str] | None) -> Check:
    if ours is None:
        told = (
            "Whose key signed it: anybody can make a key and call it any name. Get issuer.json "
            "from the academy, and name it with --key."
        )
        return Check("not checked", "issuer", told)
    if found.issuer != ours[0]:
        told = f"Another key signed it than that of {ours[1]}. Do not trust it."
        return Check("fails", "issuer", told)
    return Check("holds", "issuer", f"The key of {ours[1]} signed it.")


def _dates(found: badge.Read, now: datetime) -> Iterator[Check]:
    if found.since > now + _CLOCKS:
        yield Check("fails", "dates", f"It is valid only from {found.since:%d %B %Y}.")
    elif found.until is not None and now > found.until:
        yield Check("fails", "dates", f"It was valid until {found.until:%d %B %Y}.")
    elif found.until is not None:
        yield Check("holds", "dates", f"It is valid until {found.until:%d %B %Y}.")
    else:
        yield Check("holds", "dates", f"It is valid since {found.since:%d %B %Y}, without an end.")


def _list(found: badge.Read, ours: tuple[str, str] | None, path: Path | None) -> Check:
    if path is None or ours is None:
        told = "Whether it was revoked: there is no list (revoked.json) to look at."
        return Check("not checked", "list", told)
    try:
        updated, gone = revoked.read(path, ours[0])
    except ProofError as error:
        return Check("not checked", "list", f"Whether it was revoked: {error}.")
    if found.id in gone:
        return Check("fails", "list", f"It was revoked on {gone[found.id][:10]}.")
    return Check("holds", "list", f"It is not on the list of revoked ones of {updated[:10]}.")
