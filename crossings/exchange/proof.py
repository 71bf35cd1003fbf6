"""Signing JSON documents: W3C Data Integrity with the suite `eddsa-jcs-2022`, and `did:key` names.

The document and the proof's options are each brought into RFC 8785's one form and hashed with
SHA-256; Ed25519 signs the two hashes. Whoever has the document can check it: the public key stands
in the issuer's name. Whether that name is the academy's is for whoever checks to know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Json = dict[str, Any]
SUITE = "eddsa-jcs-2022"
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"
"""How Multikey marks an Ed25519 public key."""
_MOST_MULTIBASE = 128


class ProofError(Exception):
    """The proof does not hold; the message says what is wrong with it."""


def multibase(content: bytes) -> str:
    """`content` in base 58 with the alphabet of Bitcoin, marked with `z`."""
    number, text = int.from_bytes(content), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "z" + "1" * (len(content) - len(content.lstrip(b"\0"))) + text


def from_multibase(text: object) -> bytes:
    """What `multibase` wrote.

    Raises:
        ProofError: when it is something else.
    """
    if not isinstance(text, str) or not text.startswith("z") or len(text) > _MOST_MULTIBASE:
        raise ProofError("a key or a signature is not written in base 58")
    digits, number = text[1:], 0
    for digit in digits:
        value = _ALPHABET.find(digit)
        if value < 0:
            raise ProofError("a key or a signature is not written in base 58")
        number = number * 58 + value
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(key: Ed25519PublicKey) -> str:
    """A public key as the text that stands in `did:key` names."""
    return multibase(_ED25519 + key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def did(key: Ed25519PublicKey) -> str:
    """The name of an issuer that holds nothing but its public key."""
    return f"did:key:{multikey(key)}"


def method(key: Ed25519PublicKey) -> str:
    """The name of the key itself, as a proof cites it."""
    return f"{did(key)}#{multikey(key)}"


def key_of(name: object) -> Ed25519PublicKey:
    """The public key in a `did:key` name or in a Multikey.

    Raises:
        ProofError: when there is no Ed25519 key in it.
    """
    raw = from_multibase(str(name).removeprefix("did:key:"))
    if not raw.startswith(_ED25519) or len(raw) != len(_ED25519) + 32:
        raise ProofError("the issuer's key is not an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(raw[len(_ED25519) :])


def signed(document: Mapping[str, Any], key: Ed25519PrivateKey, created: str) -> Json:
    """`document` with a proof by `key`, which names its issuer. `created` is in UTC, ISO 8601."""
    options: Json = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method(key.public_key()),
        "proofPurpose": "assertionMethod",
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    value = multibase(key.sign(to_sign(document, options)))
    return {**document, "proof": {**options, "proofValue": value}}


def to_sign(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """The 64 bytes that are signed: the hash of the options, then that of the document."""
    try:
        parts = [hashlib.sha256(rfc8785.dumps(dict(part))).digest() for part in (options, document)]
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError):
        raise ProofError("the document holds what cannot be signed") from None
    return b"".join(parts)


def check(document: Mapping[str, Any], key: Ed25519PublicKey) -> None:
    """See that `key` signed exactly this document.

    Raises:
        ProofError: when it did not, or the proof is of another kind.
    """
    proof = document.get("proof")
    if not isinstance(proof, Mapping):
        raise ProofError("there is no signature in it")
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != SUITE:
        raise ProofError(f"the signature is not of the kind {SUITE}")
    if proof.get("proofPurpose") != "assertionMethod":
        raise ProofError("the signature was made for another purpose")
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise ProofError("the signature is about another context")
    _a_time(proof.get("created"))
    value = from_multibase(proof.get("proofValue"))
    options = {k: v for k, v in proof.items() if k != "proofValue"}
    bare = {k: v for k, v in document.items() if k != "proof"}
    try:
        key.verify(value, to_sign(bare, options))
    except InvalidSignature:
        raise ProofError("it was changed after it was signed, or another key signed it") from None


def _a_time(created: object) -> None:
    try:
        datetime.fromisoformat(str(created).replace("Z", "+00:00"))
    except ValueError:
        raise ProofError("the signature has no readable time") from None
