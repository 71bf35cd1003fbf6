"""Opening a stranger's QTI package or item: sizes, names and XML are distrusted, nothing is
unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from crossings.exchange.files import read_bytes
from crossings.exchange.qti.tree import Element, find, local, parsed
from crossings.exchange.report import ExchangeError, Loss
from crossings.items.model import MOST_PICTURE

MOST_MEMBERS = 5000
MOST_XML = 2 * 1024 * 1024
"""Bytes of one XML file, unpacked."""
MOST_TOTAL = 64 * 1024 * 1024
"""Bytes of all XML files of a package, unpacked."""


@dataclass(frozen=True)
class Found:
    """One item of a file; `resource` is its entry in the manifest, where there is one."""

    name: str
    root: Element
    resource: Element | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Small files of the package that the item shows, by the address that it uses."""


def items(path: Path) -> tuple[list[Found], list[Loss]]:
    """The assessment items in `path`, and what of it could not be read.

    Raises:
        ExchangeError: when the file is no QTI 3 package or item, or tries to do harm.
    """
    data = read_bytes(path)
    if data[:2] == b"PK":
        return _package(data, path)
    root = parsed(data, path.name)
    _version(root, path.name)
    if local(root) != "qti-assessment-item":
        raise ExchangeError(f"{path}: `{local(root)}` is no QTI 3 item: qti-assessment-item")
    return [Found(path.name, root)], []


def _version(root: Element, name: str) -> None:
    if local(root) in ("assessmentItem", "assessmentTest", "questestinterop"):
        raise ExchangeError(
            f"{name} is QTI 1 or 2: only QTI 3 is read. Convert it first, "
            "for example with the converter of Citolab (qti-convert)"
        )


def _package(data: bytes, path: Path) -> tuple[list[Found], list[Loss]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, path)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        raise ExchangeError(f"{path}: not a zip file that can be read: {error}") from None


def _read(archive: zipfile.ZipFile, path: Path) -> tuple[list[Found], list[Loss]]:
    names = archive.namelist()
    if len(names) > MOST_MEMBERS:
        raise ExchangeError(
            f"{path}: {len(names)} files in the package; the most is {MOST_MEMBERS}"
        )
    for name in names:
        _inside(name, path)
    manifest = next((n for n in names if PurePosixPath(n).name == "imsmanifest.xml"), None)
    if manifest is None:
        raise ExchangeError(f"{path}: no imsmanifest.xml: this is no QTI package")
    base = PurePosixPath(manifest).parent
    left = [MOST_TOTAL]
    root = parsed(_unpacked(archive, manifest, left), manifest)
    found: list[Found] = []
    losses: list[Loss] = []
    for href, resource in _resources(root):
        member = (base / href).as_posix()
        if member not in names:
            losses.append(Loss(f"file `{href}`", 0, "the manifest names it, the package lacks it"))
            continue
        item = parsed(_unpacked(archive, member, left), member)
        _version(item, member)
        if local(item) == "qti-assessment-item":
            shown = _pictures(archive, set(names), PurePosixPath(member).parent, item, left)
            found.append(Found(href, item, resource, shown))
    if not found:
        raise ExchangeError(f"{path}: the manifest names no QTI 3 item")
    return found, losses


def _pictures(
    archive: zipfile.ZipFile, names: set[str], folder: PurePosixPath, item: Element, left: list[int]
) -> dict[str, bytes]:
    """The pictures that an item names and the package holds, where they are small enough."""
    found: dict[str, bytes] = {}
    for element in find(item, "img", "object"):
        address = element.get("src") or element.get("data") or ""
        member = _normal(folder / address)
        if member in names and archive.getinfo(member).file_size <= MOST_PICTURE:
            found[address] = _unpacked(archive, member, left)
    return found


def _normal(path: PurePosixPath) -> str:
    """The name inside the package, with `..` worked out; never above its top."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _resources(manifest: Element) -> Iterator[tuple[str, Element]]:
    for resource in find(manifest, "resource"):
        if "item_xmlv" in resource.get("type", ""):
            yield resource.get("href", ""), resource


def _inside(name: str, path: Path) -> None:
    """Nothing is written to disk, but a package with such names means harm."""
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in name.partition("/")[0]:
        raise ExchangeError(f"{path}: the name `{name[:80]}` leads out of the package: refused")


def _unpacked(archive: zipfile.ZipFile, name: str, left: list[int]) -> bytes:
    """A member's bytes; the archive's own word on their number is not trusted."""
    with archive.open(name) as member:
        data = member.read(MOST_XML + 1)
    left[0] -= len(data)
    if len(data) > MOST_XML or left[0] < 0:
        raise ExchangeError(f"`{name[:80]}` unpacks to more than an item can be: refused")
    return data
