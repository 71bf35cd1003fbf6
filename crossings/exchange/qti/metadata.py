"""What our items know beside the question (objectives, law, sources, use), as IEEE LOM in the
manifest: a classification for each list, and keywords for single values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crossings.exchange.qti.tree import Element, find, local, made, text_of
from crossings.items.model import Item

LOM = "http://ltsc.ieee.org/xsd/LOM"
LISTS = {
    "objectives": ("educational objective", "Crossings objectives"),
    "cites": ("idea", "Crossings law register"),
    "sources": ("idea", "Crossings bibliography"),
    "misconceptions": ("idea", "Crossings misconceptions"),
}
"""Field, purpose of the classification, source of its taxons."""


def lom(item: Item, titles: Mapping[str, str]) -> Element:
    """The LOM record of an item; `titles` are the words of objectives and provisions by id."""
    keywords = [
        f"kind:{item.kind}",
        *(f"use:{u}" for u in item.use),
        f"difficulty:{item.difficulty:g}",
    ]
    general = made("general", None, *(made("keyword", None, _string(k)) for k in keywords))
    duration = made("duration", None, f"PT{item.seconds}S")
    educational = made("educational", None, made("typicalLearningTime", None, duration))
    lists: dict[str, Iterable[str]] = {
        "objectives": item.objectives,
        "cites": item.cites,
        "sources": item.sources,
        "misconceptions": [f"{o.id} {o.misconception}" for o in item.options if o.misconception],
    }
    classes = (_class(name, ids, titles) for name, ids in lists.items() if ids)
    return made("lom", {"xmlns": LOM}, general, educational, *classes)


def _string(text: str) -> Element:
    return made("string", {"language": "en"}, text)


def _class(name: str, ids: Iterable[str], titles: Mapping[str, str]) -> Element:
    purpose, source = LISTS[name]
    said = made("purpose", None, made("source", None, "LOMv1.0"), made("value", None, purpose))
    taxons = (
        made("taxon", None, made("id", None, i), made("entry", None, _string(titles.get(i, i))))
        for i in ids
    )
    paths = (
        made("taxonPath", None, made("source", None, _string(source)), taxon) for taxon in taxons
    )
    return made("classification", None, said, *paths)


def read(resource: Element) -> dict[str, Any]:
    """What `lom` wrote, from a manifest's resource; unknown records give nothing."""
    found: dict[str, Any] = {"use": [], "objectives": [], "cites": [], "sources": []}
    for keyword in find(resource, "keyword"):
        word, _, rest = text_of(keyword).partition(":")
        if word == "use":
            found["use"].append(rest)
        elif word == "difficulty":
            found["difficulty"] = _float(rest)
        elif word == "kind":
            found["kind"] = rest
    for duration in find(resource, "duration"):
        text = text_of(duration)
        if text.startswith("PT") and text.endswith("S") and text[2:-1].isdigit():
            found["seconds"] = int(text[2:-1])
    fields = {source: name for name, (_, source) in LISTS.items()}
    for source, taxon in _taxons(resource):
        if source in fields:
            found.setdefault(fields[source], []).append(taxon)
    return {key: v for key, v in found.items() if v or v == 0}


def _taxons(resource: Element) -> Iterator[tuple[str, str]]:
    for path in find(resource, "taxonPath"):
        source = next((text_of(e) for e in path if local(e) == "source"), "")
        for taxon in find(path, "taxon"):
            yield source, next((text_of(e) for e in taxon if local(e) == "id"), "")


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
