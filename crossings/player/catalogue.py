"""The player's catalogues of texts: every key that its scripts use, in every language.

A key is written in the scripts as a string such as "case.start", or with a part that is filled
in, as in `mode.${mode}_means` or "mode." + mode. A text with a number has one entry for each plural
form of its language (`case.minutes.one`); only `other` is in every language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from crossings.curriculum.problem import Problem, nearest, relative
from crossings.player.documents import shrunk
from crossings.workspace import ROOT

HERE = Path(__file__).parent
ENGLISH = "strings.en.json"
_KEY = re.compile(r"""(["'`])([a-z]+\.(?:[a-z0-9_.]|\$\{[^}`]*\})+)\1""")
_ASKED = re.compile(r"""\bt\(\s*(["'`])([^"'`]+)\1""")
_FORMS = {"zero", "one", "two", "few", "many", "other"}
"""Plural categories of the Unicode CLDR."""
_FILLED = re.compile(r"\$\{[^}]*\}")


def problems(folder: Path = HERE, root: Path = ROOT) -> tuple[Problem, ...]:
    """Keys that a script uses and the English catalogue lacks; keys in which a translation differs
    from it; catalogues that cannot be read."""
    found: list[Problem] = []
    english = _read(folder / ENGLISH, root, found)
    if english is None:
        return tuple(found)
    written = (s for s in folder.glob("*.js") if s != shrunk("js"))
    for script in sorted(written):
        found.extend(_script(script, root, english))
    for path in sorted(folder.glob("strings.*.json")):
        other = _read(path, root, found) if path.name != ENGLISH else None
        if other is not None:
            found.extend(_translation(path, root, english, other))
    return tuple(found)


def _read(path: Path, root: Path, found: list[Problem]) -> Mapping[str, str] | None:
    name = relative(path, root)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        found.append(Problem(name, 0, "the file is missing", "restore it from the repository"))
    except UnicodeDecodeError:
        found.append(Problem(name, 0, "the file is not UTF-8", "save it with the encoding UTF-8"))
    except json.JSONDecodeError as error:
        hint = "check commas and quotes"
        message = f"not valid JSON: {error.msg}"
        found.append(Problem(name, error.lineno, message, hint, error.colno))
    else:
        if isinstance(data, dict):
            return data
        found.append(Problem(name, 1, "the file must be an object", "see strings.en.json"))
    return None


def _script(path: Path, root: Path, english: Mapping[str, str]) -> Iterator[Problem]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for column, key in _keys(line, english):
            if not _known(key, english):
                message = f"no text `{key}` in {ENGLISH}"
                place = (relative(path, root), number)
                hint = f"add it to {ENGLISH} and each translation; {nearest(key, english)}"
                yield Problem(*place, message, hint, column, "missing-translation")


def _keys(line: str, english: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """What `t` is called with, and strings that begin as some key does (`law.where`)."""
    rooms = {key.split(".")[0] for key in english if "." in key}
    asked = {(m.start(2) + 1, m.group(2)) for m in _ASKED.finditer(line)}
    likely = {
        (m.start(2) + 1, m.group(2))
        for m in _KEY.finditer(line)
        if m.group(2).split(".")[0] in rooms
    }
    yield from sorted(asked | likely)


def _known(key: str, english: Mapping[str, str]) -> bool:
    if "${" not in key and not key.endswith("."):
        return key in english or f"{key}.other" in english
    if key.endswith("."):
        key += "${}"
    parts = [re.escape(part) for part in _FILLED.split(key)]
    pattern = re.compile(r"\w+".join(parts))
    return any(pattern.fullmatch(one) for one in english)


def _plural(key: str, english: Mapping[str, str]) -> bool:
    """Whether `key` is one plural form of a text that has several."""
    base, _, form = key.rpartition(".")
    return form in _FORMS and f"{base}.other" in english


def _translation(
    path: Path, root: Path, english: Mapping[str, str], other: Mapping[str, str]
) -> Iterator[Problem]:
    name = relative(path, root)
    for key in sorted(english.keys() - other.keys()):
        if _plural(key, english) and not key.endswith(".other"):
            continue
        hint = f"translate it from {ENGLISH}: “{english[key]}”"
        yield Problem(name, 0, f"`{key}` is not translated", hint, 0, "missing-translation")
    lines = path.read_text(encoding="utf-8").splitlines()
    for key in sorted(other.keys() - english.keys()):
        if _plural(key, english):
            continue
        line = next((n for n, text in enumerate(lines, 1) if f'"{key}"' in text), 0)
        column = lines[line - 1].index(f'"{key}"') + 1 if line else 0
        message = f"`{key}` is not in {ENGLISH}"
        hint = nearest(key, english)
        yield Problem(name, line, message, hint, column, "missing-translation")
