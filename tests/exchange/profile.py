"""The content model of QTI 3 that everything written must keep.

The schema is our own (`schema/qti3-profile.xsd`), since 1EdTech's could not be had offline.
CROSSINGS_QTI3_XSD names a local copy of the published one, which is then used as well.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from lxml import etree

PROFILE = Path(__file__).parent / "schema" / "qti3-profile.xsd"
PUBLISHED = os.environ.get("CROSSINGS_QTI3_XSD")
OURS = etree.XMLSchema(etree.parse(PROFILE))
SCHEMAS = [OURS, *([etree.XMLSchema(etree.parse(PUBLISHED))] if PUBLISHED else [])]


def assert_valid(data: bytes) -> None:
    root = etree.fromstring(data)
    for one in SCHEMAS:
        assert one.validate(root), one.error_log


def unpacked(package: bytes) -> dict[str, bytes]:
    """The files of a package by name, each item and test of it checked."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name, data in files.items():
        if name.endswith(".xml") and name != "imsmanifest.xml":
            assert_valid(data)
    return files
