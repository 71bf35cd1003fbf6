"""Signed credentials: the W3C's published example, every field tampered with, pictures."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from PIL import Image

from crossings.exchange import badge, baking, proof
from crossings.exchange.badge import Achievement, Grant, Issuer
from crossings.exchange.baking import BakeError
from crossings.exchange.proof import ProofError

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/examples/v2",
]
W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
W3C_OPTIONS = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": f"did:key:{W3C_KEY}#{W3C_KEY}",
    "proofPurpose": "assertionMethod",
    "@context": CONTEXT,
}
W3C_DOCUMENT = {
    "@context": CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
W3C_HASHES = (
    "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
    "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
)
W3C_VALUE = (
    "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
)
"""The example of W3C Recommendation "Data Integrity EdDSA Cryptosuites v1.0", appendix B.2."""


def test_the_example_that_the_w3c_published() -> None:
    assert proof.to_sign(W3C_DOCUMENT, W3C_OPTIONS).hex() == W3C_HASHES
    secret = proof.from_multibase(W3C_SECRET)[2:34]
    key = Ed25519PrivateKey.from_private_bytes(secret)
    assert proof.multikey(key.public_key()) == W3C_KEY
    assert proof.multibase(key.sign(bytes.fromhex(W3C_HASHES))) == W3C_VALUE
    published = W3C_DOCUMENT | {"proof": W3C_OPTIONS | {"proofValue": W3C_VALUE}}
    proof.check(published, proof.key_of(W3C_KEY))
    with pytest.raises(ProofError, match="changed"):
        proof.check(published | {"name": "Alumni credential"}, proof.key_of(W3C_KEY))


KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="module")
def credential() -> dict[str, Any]:
    grant = Grant(
        "urn:uuid:0b6f0f4e-0000-4000-8000-000000000001",
        "Zoë Łukasz-Öz أمينة",
        "2031-05-04T10:00:00Z",
        "2034-05-04T10:00:00Z",
    )
    achievement = Achievement("urn:crossings:award:one", "One", "What it is.", "Reach 60%.")
    return badge.made(Issuer("An academy", "https://academy.example"), achievement, grant, KEY)


def test_the_signature_holds_when_computed_another_way(credential: dict[str, Any]) -> None:
    """Without rfc8785 and without our base 58: for these texts and no numbers, RFC 8785 is
    sorted keys without spaces."""

    def plain(value: Any) -> bytes:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).digest()

    read = json.loads(json.dumps(credential))
    made_by = read.pop("proof")
    value, number = made_by.pop("proofValue"), 0
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    for letter in value[1:]:
        number = number * 58 + alphabet.index(letter)
    KEY.public_key().verify(number.to_bytes(64), plain(made_by) + plain(read))
    badge.check(badge.read(credential))


def _places(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _places(one, (*where, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _places(one, (*where, index))
    else:
        yield where


def _at(document: Any, where: tuple[Any, ...]) -> Any:
    for part in where:
        document = document[part]
    return document


def test_tampering_with_any_field_fails(credential: dict[str, Any]) -> None:
    places = list(_places(credential))
    assert len(places) > 25
    for where in places:
        forged = copy.deepcopy(credential)
        parent, last = _at(forged, where[:-1]), where[-1]
        was = parent[last]
        parent[last] = (
            (not was) if isinstance(was, bool) else was[:-1] + ("2" if was[-1] != "2" else "3")
        )
        with pytest.raises(ProofError):
            badge.check(badge.read(forged))
        forged = copy.deepcopy(credential)
        del _at(forged, where[:-1])[last]
        with pytest.raises(ProofError):
            badge.check(badge.read(forged))
    for more in ({"evidence": []}, {"refreshService": "x"}):
        with pytest.raises(ProofError):
            badge.check(badge.read(credential | more))


def test_another_key_cannot_sign_in_the_issuers_name(credential: dict[str, Any]) -> None:
    other = Ed25519PrivateKey.generate()
    bare = {k: v for k, v in credential.items() if k != "proof"}
    with pytest.raises(ProofError, match="not signed by the issuer"):
        badge.check(badge.read(proof.signed(bare, other, "2031-05-04T10:00:00Z")))
    forged = proof.signed(bare, other, "2031-05-04T10:00:00Z")
    forged["proof"]["verificationMethod"] = proof.method(KEY.public_key())
    with pytest.raises(ProofError, match="changed"):
        badge.check(badge.read(forged))


@pytest.mark.parametrize(
    "junk",
    [None, 1, "x", [], {}, {"@context": 1}, {"credentialSubject": []}, {"type": None}],
    ids=str,
)
def test_what_is_no_credential_is_said_to_be_none(junk: Any) -> None:
    with pytest.raises(ProofError, match="no Open Badge"):
        badge.read(junk)


def test_numbers_that_json_cannot_hold_are_refused(credential: dict[str, Any]) -> None:
    for bad in (float("nan"), 10**40, "\ud800"):
        with pytest.raises(ProofError):
            badge.check(badge.read(credential | {"extra": bad}))


def test_names_of_keys() -> None:
    for raw in (b"", b"\0", b"\0\0a", bytes(range(40))):
        assert proof.from_multibase(proof.multibase(raw)) == raw
    public = KEY.public_key()
    assert isinstance(proof.key_of(proof.did(public)), Ed25519PublicKey)
    for bad in ("did:key:z6Mk", "did:web:academy.example", "z0", "", None, "z" + "1" * 500):
        with pytest.raises(ProofError):
            proof.key_of(bad)


@pytest.fixture(scope="module")
def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(made, "png")
    return made.getvalue()


def test_a_credential_in_a_picture(png: bytes, credential: dict[str, Any]) -> None:
    text = json.dumps(credential, ensure_ascii=False)
    picture = baking.baked(baking.baked(png, "older"), text)
    assert baking.unbaked(picture) == text
    opened = Image.open(io.BytesIO(picture))
    opened.load()
    assert opened.text["openbadgecredential"] == text  # type: ignore[attr-defined]
    assert baking.unbaked(png) == ""


def test_pictures_that_lie(png: bytes) -> None:
    picture = baking.baked(png, "{}")
    with pytest.raises(BakeError, match="cut off"):
        baking.unbaked(picture[:60])
    with pytest.raises(BakeError, match="damaged"):
        baking.unbaked(picture.replace(b"{}", b"[]"))
    with pytest.raises(BakeError, match="no PNG"):
        baking.unbaked(b"GIF89a")
    bomb = baking.KEYWORD + b"\0\1\0\0\0" + zlib.compress(b"x" * 50_000_000)
    place = picture.index(b"iTXt") - 4
    swollen = picture[:place] + baking._chunk(b"iTXt", bomb) + png[png.index(b"IDAT") - 4 :]
    with pytest.raises(BakeError, match="too large"):
        baking.unbaked(swollen)
    twice = picture[:place] + baking._chunk(b"iTXt", baking.KEYWORD + b"\0\0\0\0\0{}")
    with pytest.raises(BakeError, match="more than one"):
        baking.unbaked(twice + picture[place:])
