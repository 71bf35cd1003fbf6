"""What a role wrote into a form, reduced to the fields that the form has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crossings.items.score import read_number
from crossings.tabletop.model import Form, FormField

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
LINE = 200
"""Characters of a field of kind `line`."""


def kept_fields(form: Form, given: Any, most: int) -> tuple[dict[str, Any], str]:
    """The fields with something in them, and what is wrong with them in words for who wrote it."""
    if not isinstance(given, Mapping):
        return {}, "The form has the wrong shape."
    kept: dict[str, Any] = {}
    for field in form.fields:
        value, problem = _value(field, given.get(field.id), most)
        if problem:
            return {}, problem
        if value in (None, "", []):
            if field.required:
                return {}, f"“{field.label}” is empty."
            continue
        kept[field.id] = value
    return kept, "" if kept else "The form is empty."


def _value(field: FormField, value: Any, most: int) -> tuple[Any, str]:
    if value is None or value == "":
        return None, ""
    options = [o.id for o in field.options]
    if field.kind == "choices":
        if not isinstance(value, (list, tuple)) or any(v not in options for v in value):
            return None, f"“{field.label}”: choose from the list."
        return [o for o in options if o in value], ""
    if field.kind == "choice":
        known = isinstance(value, str) and value in options
        return (value, "") if known else (None, f"“{field.label}”: choose from the list.")
    if field.kind == "number":
        number = read_number(value)
        if number is None:
            return None, f"“{field.label}”: write a number, for example 12."
        return number, ""
    if not isinstance(value, str):
        return None, f"“{field.label}” has the wrong shape."
    text = value.strip()
    if field.kind == "time" and text and not _TIME.fullmatch(text):
        return None, f"“{field.label}”: write a time, for example 05:40."
    limit = LINE if field.kind == "line" else most
    if len(text) > limit:
        return None, f"“{field.label}” is over {limit} characters. Please shorten it."
    return text, ""
