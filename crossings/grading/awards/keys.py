"""The academy's signing key: made once, readable by its owner alone, never overwritten.

grading/keys/issuer.pem     the secret key: whoever has it can sign in the academy's name
grading/keys/issuer.json    the public key: hand it to whoever wants to check certificates
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from crossings.exchange import proof
from crossings.grading import durable
from crossings.workspace import Workspace


class KeyFileError(Exception):
    """A key cannot be read or made; the message says why and what to do."""


def secret_of(workspace: Workspace) -> Path:
    return workspace.gradebook.parent / "keys" / "issuer.pem"


def public_of(workspace: Workspace) -> Path:
    return secret_of(workspace).with_name("issuer.json")


def key(workspace: Workspace, name: str) -> Ed25519PrivateKey:
    """The academy's key, made now where there is none; `name` goes into the public file.

    Raises:
        KeyFileError: when the file is damaged, open to others, or cannot be made.
    """
    path = secret_of(workspace)
    try:
        if not path.exists():
            if public_of(workspace).exists():
                raise KeyFileError(
                    f"{path} is missing, but its public part is there: the key was lost or moved. "
                    "Restore it from a backup. Only if it is gone for good, move "
                    f"{public_of(workspace).name} away; then a new key is made, and certificates "
                    "of the old one are checked with the old file."
                )
            _make(path)
        found = _read(path)
        _publish(public_of(workspace), found, name)
    except OSError as error:
        raise KeyFileError(f"cannot use {error.filename or path}: {error.strerror}") from None
    return found


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Ed25519PrivateKey.generate()
    text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        try:
            # A link, unlike a rename, never takes the place of a key that is there.
            os.link(fresh, path)
        except FileExistsError:
            return
        durable.sync(path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _read(path: Path) -> Ed25519PrivateKey:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFileError(
            f"{path} can be read by others. Close it: chmod 600 {path}. If somebody may have "
            "taken the key, ask for advice before you sign more."
        )
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is not a key of ours. Restore it from a backup.")
    return found


def _publish(path: Path, found: Ed25519PrivateKey, name: str) -> None:
    public = found.public_key()
    about = {
        "@context": ["https://www.w3.org/ns/cid/v1"],
        "id": proof.did(public),
        "name": name,
        "verificationMethod": [
            {
                "id": proof.method(public),
                "type": "Multikey",
                "controller": proof.did(public),
                "publicKeyMultibase": proof.multikey(public),
            }
        ],
        "assertionMethod": [proof.method(public)],
    }
    before = durable.read_json(path)
    if before is not None and before.get("id") != about["id"]:
        raise KeyFileError(f"{path} belongs to another key than issuer.pem. Restore the pair.")
    if before != about:
        durable.replace_json(path, about)


def published(path: Path) -> tuple[str, str]:
    """The issuer's `did:key` and name in a published key file.

    Raises:
        KeyFileError: when it is none.
    """
    try:
        about: Any = json.loads(path.read_text(encoding="utf-8"))
        identity, name = about["id"], about["name"]
        proof.key_of(identity)
    except OSError as error:
        raise KeyFileError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, RecursionError, proof.ProofError):
        raise KeyFileError(f"{path} is no published key (issuer.json) of an academy") from None
    return str(identity), str(name)
