"""Open Badges 3.0: a credential in the W3C data model 2.0, made and read. No files, no clock.

proof.py    the signature;  baking.py  the credential inside a PNG or a PDF
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crossings.exchange import proof
from crossings.exchange.proof import Json, ProofError

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


@dataclass(frozen=True)
class Issuer:
    """Who awards; `url` is the academy's page, where it has one."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Achievement:
    """What is awarded: `id` is a URI, `narrative` says what one has to do for it."""

    id: str
    name: str
    description: str
    narrative: str


@dataclass(frozen=True)
class Grant:
    """One person's award. Times are UTC in ISO 8601; `until` is "" where it stays valid."""

    id: str
    name: str
    since: str
    until: str = ""


def made(issuer: Issuer, achievement: Achievement, grant: Grant, key: Ed25519PrivateKey) -> Json:
    """The signed credential."""
    who: Json = {"id": proof.did(key.public_key()), "type": ["Profile"], "name": issuer.name}
    if issuer.url:
        who["url"] = issuer.url
    document: Json = {
        "@context": list(CONTEXT),
        "id": grant.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement.name,
        "issuer": who,
        "validFrom": grant.since,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": grant.name,
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": achievement.id,
                "type": ["Achievement"],
                "name": achievement.name,
                "description": achievement.description,
                "criteria": {"narrative": achievement.narrative},
            },
        },
    }
    if grant.until:
        document["validUntil"] = grant.until
    return proof.signed(document, key, grant.since)


def fingerprint(credential: Mapping[str, Any]) -> str:
    """What stands on the certificate beside the id; any change of the credential changes it."""
    return hashlib.sha256(rfc8785.dumps(dict(credential))).hexdigest()[:32]


@dataclass(frozen=True)
class Read:
    """What a credential says, after its shape was looked at and before it is believed."""

    id: str
    name: str
    award: str
    issuer: str
    issuer_name: str
    since: datetime
    until: datetime | None
    document: Json

    @property
    def key(self) -> Ed25519PublicKey:
        return proof.key_of(self.issuer)


def read(document: object) -> Read:
    """A credential's fields.

    Raises:
        ProofError: when it is no Open Badge 3.0 of the kind that `made` makes.
    """
    try:
        return _read(document)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise ProofError("this is no Open Badge 3.0 credential that can be read here") from None


def _read(document: Any) -> Read:
    subject = document["credentialSubject"]
    issuer = document["issuer"]
    kinds = document["type"]
    if tuple(document["@context"]) != CONTEXT or "OpenBadgeCredential" not in kinds:
        raise ValueError
    texts = (
        document["id"],
        subject["identifier"][0]["identityHash"],
        subject["achievement"]["name"],
        issuer["id"],
        issuer["name"],
    )
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
    until = document.get("validUntil")
    return Read(*texts, _time(document["validFrom"]), _time(until) if until else None, document)


def check(found: Read) -> None:
    """See that the issuer whom the credential names signed exactly this.

    Raises:
        ProofError: when not.
    """
    key = found.key
    made_by = found.document.get("proof", {})
    if not isinstance(made_by, Mapping) or made_by.get("verificationMethod") != proof.method(key):
        raise ProofError("it is not signed by the issuer it names")
    proof.check(found.document, key)


def _time(text: Any) -> datetime:
    found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    if found.tzinfo is None:
        raise ValueError
    return found
