"""A module's items as a QTI 3.0 content package: items, a test that holds them, a manifest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crossings.curriculum.model import Course, Module
from crossings.exchange.qti import metadata, picture
from crossings.exchange.qti.item import PICTURES, TOOL, TOOL_VERSION, assessment_item, losses
from crossings.exchange.qti.scoring import identifier
from crossings.exchange.qti.tree import QTI, QTI_XSD, XSI, Element, document, made
from crossings.exchange.report import ExchangeError, Loss
from crossings.items.model import Item

CP = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
CP_XSD = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
LOM_XSD = "https://purl.imsglobal.org/spec/md/v1p3/schema/xsd/imsmd_loose_v1p3p2.xsd"
META = "http://www.imsglobal.org/xsd/imsqti_metadata_v3p0"
META_XSD = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_metadatav3p0_v1p0.xsd"
RIGHTS = "Creative Commons Attribution 4.0 (CC BY 4.0), the Crossings authors"
_SAME_TIME = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the package: the same items always give the same bytes."""


@dataclass(frozen=True)
class Package:
    data: bytes
    losses: tuple[Loss, ...]


def build(course: Course, module: Module, with_keys: bool = False) -> Package:
    """The package of all items of `module`.

    Items that are reserved for worksheets are written without their key unless `with_keys`.

    Raises:
        ExchangeError: when the module has no items.
    """
    if not module.items:
        raise ExchangeError(f"module `{module.id}` has no items")
    titles = {o: found.text for o, found in course.objectives.items()}
    titles |= {law: rule.title for law, rule in course.law.items()}
    return of_items(module.items.values(), module.id, module.file.title, titles, with_keys)


def of_items(
    items: Iterable[Item],
    name: str,
    title: str,
    titles: Mapping[str, str],
    with_keys: bool = False,
) -> Package:
    """The package of `items`; `titles` are the words of objectives and provisions by id."""
    files: dict[str, bytes] = {}
    written: list[tuple[Item, str]] = []
    lost: list[Loss] = []
    for item in items:
        keyed = with_keys or not item.reserved
        lost.extend(losses(item, keyed))
        root = assessment_item(item, keyed)
        if root is None:
            continue
        path = f"items/{item.id}.xml"
        files[path] = document(root)
        if item.picture is not None:
            files[f"{PICTURES}/{item.picture.file}"] = picture.content(item.picture)
        written.append((item, path))
    files["test.xml"] = document(_test(written, name, title))
    files["imsmanifest.xml"] = document(_manifest(written, name, title, titles, with_keys))
    return Package(_zipped(files), tuple(lost))


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files, key=lambda p: (p != "imsmanifest.xml", p)):
            archive.writestr(zipfile.ZipInfo(path, _SAME_TIME), files[path], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# The test


def _test(written: Iterable[tuple[Item, str]], name: str, title: str) -> Element:
    """One part, one section for each use; an item stands in the section of its first use."""
    sections: dict[str, list[Element]] = {}
    for item, path in written:
        names = {"identifier": identifier(item.id), "href": path}
        sections.setdefault(item.use[0], []).append(made("qti-assessment-item-ref", names))
    part = made(
        "qti-test-part",
        {"identifier": "part", "navigation-mode": "nonlinear", "submission-mode": "individual"},
        *(
            made("qti-assessment-section",
                 {"identifier": f"section-{use}", "title": use, "visible": "true"}, *refs)
            for use, refs in sections.items()
        ),
    )  # fmt: skip
    return made(
        "qti-assessment-test",
        {
            "xmlns": QTI,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{QTI} {QTI_XSD}",
            "identifier": identifier(f"test-{name}"),
            "title": title,
            "tool-name": TOOL,
            "tool-version": TOOL_VERSION,
        },
        *(_total(total) for total in ("SCORE", "MAXSCORE")),
        part,
        made("qti-outcome-processing", None, *(_sum(t) for t in ("SCORE", "MAXSCORE"))),
    )


def _total(name: str) -> Element:
    names = {"identifier": name, "cardinality": "single", "base-type": "float"}
    nothing = made("qti-default-value", None, made("qti-value", None, "0.0"))
    return made("qti-outcome-declaration", names, nothing)


def _sum(name: str) -> Element:
    of_items = made("qti-test-variables", {"variable-identifier": name, "base-type": "float"})
    return made("qti-set-outcome-value", {"identifier": name}, made("qti-sum", None, of_items))


# The manifest

_INTERACTIONS = {
    "single": "choiceInteraction",
    "multiple": "choiceInteraction",
    "order": "orderInteraction",
    "match": "matchInteraction",
    "grid": "matchInteraction",
    "number": "textEntryInteraction",
    "short": "textEntryInteraction",
    "text": "extendedTextInteraction",
    "hotspot": "hotspotInteraction",
}


def _manifest(
    written: Iterable[tuple[Item, str]],
    name: str,
    title: str,
    titles: Mapping[str, str],
    with_keys: bool,
) -> Element:
    pairs = list(written)
    depends = (made("dependency", {"identifierref": f"res-{item.id}"}) for item, _ in pairs)
    test = made(
        "resource",
        {"identifier": "res--test", "type": "imsqti_test_xmlv3p0", "href": "test.xml"},
        made("file", {"href": "test.xml"}),
        *depends,
    )
    resources = (_resource(item, path, titles, with_keys) for item, path in pairs)
    locations = ((CP, CP_XSD), (metadata.LOM, LOM_XSD), (META, META_XSD))
    return made(
        "manifest",
        {
            "xmlns": CP,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": " ".join(f"{space} {xsd}" for space, xsd in locations),
            "identifier": f"manifest-{name}",
        },
        made(
            "metadata",
            None,
            made("schema", None, "QTI Package"),
            made("schemaversion", None, "3.0.0"),
            _about(title),
        ),
        made("organizations"),
        made("resources", None, test, *resources),
    )


def _about(title: str) -> Element:
    def said(name: str, text: str) -> Element:
        return made(name, None, made("string", {"language": "en"}, text))

    yes = (made("source", None, "LOMv1.0"), made("value", None, "yes"))
    general = made("general", None, said("title", title), made("language", None, "en"))
    rights = made(
        "rights",
        None,
        made("copyrightAndOtherRestrictions", None, *yes),
        said("description", RIGHTS),
    )
    return made("lom", {"xmlns": metadata.LOM}, general, rights)


def _resource(item: Item, path: str, titles: Mapping[str, str], with_keys: bool) -> Element:
    keyed = with_keys or not item.reserved
    feedback = "nonadaptive" if keyed else "none"
    scoring = "externalscored" if item.marked_by_person or not keyed else "responseprocessing"
    facts = {
        "timeDependent": "false",
        "interactionType": _INTERACTIONS[item.kind],
        "feedbackType": feedback,
        "solutionAvailable": "true" if keyed and not item.marked_by_person else "false",
        "scoringMode": scoring,
        "toolName": TOOL,
        "toolVersion": TOOL_VERSION,
    }
    qti = made("qtiMetadata", {"xmlns": META}, *(made(k, None, v) for k, v in facts.items()))
    names = {"identifier": f"res-{item.id}", "type": "imsqti_item_xmlv3p0", "href": path}
    about = made("metadata", None, qti, metadata.lom(item, titles))
    files = [path, *([f"{PICTURES}/{item.picture.file}"] if item.picture else [])]
    return made("resource", names, about, *(made("file", {"href": href}) for href in files))
