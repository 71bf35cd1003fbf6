"""What no longer counts: a signed list that the academy publishes beside its public key.

    grading/keys/revoked.json

The ledger holds each revocation with its reason; this file is made of it, and holds no names.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crossings.exchange import proof
from crossings.grading import durable
from crossings.grading.awards.keys import secret_of
from crossings.workspace import Workspace

TYPE = "CrossingsRevocationList"


def list_of(workspace: Workspace) -> Path:
    return secret_of(workspace).with_name("revoked.json")


def publish(
    workspace: Workspace, key: Ed25519PrivateKey, revoked: dict[str, str], now: str
) -> None:
    """Write the signed list: ids of credentials and when each was revoked."""
    document = {
        "type": TYPE,
        "issuer": proof.did(key.public_key()),
        "updated": now,
        "revoked": [{"id": identity, "at": at} for identity, at in sorted(revoked.items())],
    }
    durable.replace_json(list_of(workspace), proof.signed(document, key, now))


def read(path: Path, issuer: str) -> tuple[str, dict[str, str]]:
    """When the list was made, and the ids on it with their times.

    Raises:
        proof.ProofError: when it is no list, was changed, or is another issuer's.
    """
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        if document["type"] != TYPE:
            raise ValueError
        if document["issuer"] != issuer:
            raise proof.ProofError(f"{path.name} is the list of another issuer")
        proof.check(document, proof.key_of(issuer))
        return str(document["updated"]), {r["id"]: str(r["at"]) for r in document["revoked"]}
    except OSError as error:
        raise proof.ProofError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise proof.ProofError(f"{path.name} is no list of revoked certificates") from None
