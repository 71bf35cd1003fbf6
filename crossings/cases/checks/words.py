"""Words that hurt, blame or shock: a list that anybody may extend (`modules/words.txt`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crossings.cases.checks.problem import CaseProblem, Path
from crossings.cases.checks.texts import shown
from crossings.cases.model import Case


@dataclass(frozen=True)
class Words:
    """A list of words and phrases, as one pattern."""

    pattern: re.Pattern[str]

    @classmethod
    def read(cls, text: str) -> Words:
        """The list in `text`: one on a line; `*` stands for any ending; `#` starts a remark."""
        lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
        return cls(_pattern(line for line in lines if line))

    def found(self, text: str) -> list[str]:
        """The words of the list that stand in `text`, as they stand there."""
        return [match.group() for match in self.pattern.finditer(" ".join(text.split()))]

    def problems(self, case: Case) -> Iterator[CaseProblem]:
        for path, text in shown(case):
            yield from self.told(path, text)

    def told(self, path: Path, text: str) -> Iterator[CaseProblem]:
        """A warning for each word of the list in one text."""
        for word in self.found(text):
            hint = "say what happened or what the person said; the list is modules/words.txt"
            message = f"“{word}” is on the list of words that hurt, blame or shock"
            yield CaseProblem(path, message, hint, "hurtful-word", "warning")


def _pattern(entries: Iterable[str]) -> re.Pattern[str]:
    parts = [re.escape(e).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for e in entries]
    return re.compile(rf"\b(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)", re.IGNORECASE)
