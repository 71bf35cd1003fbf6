"""The response processing of QTI 3, as its specification words it: enough to run our items.

An examiner of its own: it shares nothing with the code that writes the rules. Anything that it
does not know fails.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

Q = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
CASTS: dict[str, Any] = {"float": float, "integer": int, "identifier": str, "string": str}


def run(root: Element, response: Any) -> dict[str, Any]:
    """The outcome variables after `response` (None: nothing was answered)."""
    declared = root.find(f"{Q}qti-response-declaration")
    processing = root.find(f"{Q}qti-response-processing")
    assert declared is not None and processing is not None
    outcomes = {}
    for declaration in root.findall(f"{Q}qti-outcome-declaration"):
        value = declaration.find(f"{Q}qti-default-value/{Q}qti-value")
        cast = CASTS[declaration.get("base-type", "")]
        outcomes[declaration.get("identifier")] = None if value is None else cast(value.text)
    machine = _Machine(declared, response, outcomes)
    for rule in processing:
        machine.rule(rule)
    return outcomes


class _Machine:
    def __init__(self, declared: Element, response: Any, outcomes: dict[str, Any]) -> None:
        self.declared, self.response, self.outcomes = declared, response, outcomes

    def rule(self, rule: Element) -> None:
        name = rule.tag.removeprefix(Q)
        if name == "qti-set-outcome-value":
            assert rule.get("identifier") in self.outcomes
            self.outcomes[rule.get("identifier")] = self.value(rule[0])
            return
        assert name == "qti-response-condition", name
        branch = rule.find(f"{Q}qti-response-if")
        assert branch is not None
        if self.value(branch[0]) is True:
            for inner in list(branch)[1:]:
                self.rule(inner)
            return
        for inner in rule.findall(f"{Q}qti-response-else/*"):
            self.rule(inner)

    def value(self, e: Element) -> Any:
        name = e.tag.removeprefix(Q)
        method = name.removeprefix("qti-").replace("-", "_")
        return getattr(self, {"and": "both"}.get(method, method))(e)

    def base_value(self, e: Element) -> Any:
        return CASTS[e.get("base-type", "")](e.text)

    def variable(self, e: Element) -> Any:
        return (
            self.response
            if e.get("identifier") == "RESPONSE"
            else self.outcomes[e.get("identifier")]
        )

    def correct(self, e: Element) -> Any:
        values = [v.text for v in self.declared.findall(f"{Q}qti-correct-response/{Q}qti-value")]
        if self.declared.get("cardinality") != "single":
            return values
        return CASTS[self.declared.get("base-type", "")](values[0])

    def match(self, e: Element) -> bool | None:
        one, other = (self.value(child) for child in e)
        if one is None or other is None:
            return None
        if isinstance(one, list) and self.declared.get("cardinality") == "multiple":
            return sorted(one) == sorted(other)
        return bool(one == other)

    def equal(self, e: Element) -> bool | None:
        one, other = (self.value(child) for child in e)
        if one is None:
            return None
        if e.get("tolerance-mode") == "exact":
            return bool(one == other)
        assert e.get("tolerance-mode") == "absolute"
        around = float(e.get("tolerance", ""))
        return bool(one - around <= other <= one + around)

    def map_response(self, e: Element) -> float:
        table = self.declared.find(f"{Q}qti-mapping")
        assert table is not None
        given = self.response if isinstance(self.response, list) else [self.response]
        given = [] if self.response is None else given
        total = sum(self._mapped(table, str(g)) for g in given)
        low, high = table.get("lower-bound"), table.get("upper-bound")
        total = max(total, float(low)) if low is not None else total
        return min(total, float(high)) if high is not None else total

    def _mapped(self, table: Element, given: str) -> float:
        for entry in table:
            key, fold = entry.get("map-key", ""), entry.get("case-sensitive") == "false"
            if given == key or (fold and given.lower() == key.lower()):
                return float(entry.get("mapped-value", ""))
        return float(table.get("default-value", "0"))

    def is_null(self, e: Element) -> bool:
        return self.value(e[0]) in (None, [])

    def index(self, e: Element) -> Any:
        values = self.value(e[0])
        n = int(e.get("n", ""))
        return values[n - 1] if values and n <= len(values) else None

    def both(self, e: Element) -> bool | None:
        values = [self.value(child) for child in e]
        return False if False in values else None if None in values else True

    def gte(self, e: Element) -> bool | None:
        one, other = (self.value(child) for child in e)
        return None if one is None else bool(one >= other)

    def lte(self, e: Element) -> bool | None:
        one, other = (self.value(child) for child in e)
        return None if one is None else bool(one <= other)

    def lt(self, e: Element) -> bool:
        one, other = (self.value(child) for child in e)
        return bool(one < other)

    def sum(self, e: Element) -> float:
        return float(sum(self.value(child) for child in e))

    def subtract(self, e: Element) -> float:
        one, other = (self.value(child) for child in e)
        return float(one - other)

    def max(self, e: Element) -> float:
        return float(max(self.value(child) for child in e))
