"""Drafts as YAML for authors: what was imported, readable, with what is left to do at the top."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Long texts as folded blocks, several lines as literal blocks: what an author would write."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    safe = text == text.strip() and all(c.isprintable() or c == "\n" for c in text)
    lines = text.split("\n")
    if safe and len(lines) > 1 and all(line == line.strip() for line in lines):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text)


_Dumper.add_representer(str, _text)


def as_yaml(data: Any, heading: str, losses: Iterable[str]) -> str:
    """`data` as YAML under a comment with `heading` and every loss."""
    comment = [*textwrap.wrap(heading, 96), *(f"- {loss}" for loss in losses)]
    head = "".join(f"# {' '.join(line.split())}\n" for line in comment)
    body = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=96)
    return head + "\n" + str(body)
