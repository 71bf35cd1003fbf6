"""What a chapter names: a light reading of its Markdown. The book draws it; we only cross-check.

Directives are fences of backticks or colons (```` ```{quiz} a b ````); roles stand in the text
({law}`TIP-3c`, also with a title: {law}`the child rule <TIP-3c>`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import yaml

from crossings.curriculum.model import Chapter, Mention

ROLES: frozenset[str] = frozenset(get_args(Mention.model_fields["role"].annotation))
_FENCE = re.compile(r"^\s*(?P<fence>`{3,}|:{3,})\{(?P<name>[a-z-]+)\}\s*(?P<argument>.*)$")
_PLAIN_FENCE = re.compile(r"^\s*(?P<fence>`{3,}|~{3,})(?!\{)")
_ROLE = re.compile(r"\{(?P<name>law|src)\}`(?P<text>[^`]+)`")
_TITLED = re.compile(r"^.*<(?P<target>[^<>]+)>$", re.S)


def read_chapter(path: Path) -> Chapter:
    """The chapter in `path`. Its id is the file's name without `.md`."""
    text = path.read_text(encoding="utf-8")
    front, body, first = _split(text)
    own = front.get("crossings") if isinstance(front, dict) else None
    minutes = own.get("minutes") if isinstance(own, dict) else None
    title = next((m.group(1).strip() for m in re.finditer(r"^# (.+)$", body, re.M)), path.stem)
    return Chapter(
        id=path.stem,
        title=title,
        path=path,
        minutes=minutes if isinstance(minutes, int) else 0,
        words=len(re.findall(r"\b[\w'’-]+\b", _prose(body))),
        mentions=tuple(_mentions(body, first)),
    )


def _split(text: str) -> tuple[Any, str, int]:
    """The front matter, the body, and the line on which the body starts."""
    if not text.startswith("---\n"):
        return {}, text, 1
    end = text.find("\n---\n", 4)
    if end < 0:
        return {}, text, 1
    head, body = text[4:end], text[end + 5 :]
    try:
        front = yaml.safe_load(head) or {}
    except yaml.YAMLError:
        front = {}
    return front, body, text[: end + 5].count("\n") + 1


def _prose(body: str) -> str:
    """The body without code cells and without the markup of roles and fences."""
    body = re.sub(r"^(`{3,})\{code-cell\}.*?^\1\s*$", "", body, flags=re.M | re.S)
    body = re.sub(r"^\s*(`{3,}|:{3,}).*$", "", body, flags=re.M)
    return re.sub(r"\{[a-z-]+\}`([^`<]*)(?:<[^>]*>)?`", r"\1", body)


def _mentions(body: str, first: int) -> Iterator[Mention]:
    inside: str | None = None
    for number, line in enumerate(body.splitlines(), start=first):
        if inside is not None:
            if line.strip() == inside:
                inside = None
            continue
        directive = _FENCE.match(line)
        if directive is not None:
            name, argument = directive.group("name"), directive.group("argument")
            if name == "code-cell":
                inside = directive.group("fence")
            elif name in ROLES:
                yield from _targets(name, argument, number)
            continue
        plain = _PLAIN_FENCE.match(line)
        if plain is not None and line.strip() != plain.group("fence"):
            inside = plain.group("fence")
            continue
        for role in _ROLE.finditer(line):
            titled = _TITLED.match(role.group("text"))
            target = titled.group("target") if titled else role.group("text")
            yield Mention(role=role.group("name"), target=target.strip(), line=number)


def _targets(name: str, argument: str, number: int) -> Iterator[Mention]:
    for target in argument.replace(",", " ").split():
        yield Mention(role=name, target=target, line=number)
