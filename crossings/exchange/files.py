"""Reading strangers' files with a size in mind, and writing new files without losing old ones."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from crossings.exchange.report import ExchangeError

MOST_BYTES = 16 * 1024 * 1024
"""A file larger than this is no course material; it is refused before it is read."""


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of `path`.

    Raises:
        ExchangeError: when it cannot be read or has more than `most` bytes.
    """
    try:
        with path.open("rb") as handle:
            data = handle.read(most + 1)
    except OSError as error:
        raise ExchangeError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > most:
        raise ExchangeError(f"{path} has more than {most // 1024 // 1024} MB: it is not read")
    return data


def read_text(path: Path) -> str:
    """The content of `path` as UTF-8 text; raises as `read_bytes` does, and for other encodings."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ExchangeError(f"{path} is not UTF-8 text: save it with the encoding UTF-8") from None


def write_new(path: Path, data: str | bytes, force: bool = False) -> None:
    """Write `data` to `path`, whole or not at all.

    Raises:
        ExchangeError: when the file is there already (unless `force`) or cannot be written.
    """
    if path.exists() and not force:
        raise ExchangeError(f"{path} is there already: name another file, or add --force")
    raw = data.encode("utf-8") if isinstance(data, str) else data
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(raw)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise ExchangeError(f"cannot write {path}: {error.strerror}") from None
