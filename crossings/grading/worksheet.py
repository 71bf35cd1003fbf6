"""A worksheet in a notebook: the questions as ipywidgets, the answers in answers.json beside it.

The same public items as on the learner site, so the same answers and the same submission.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w
from IPython.display import display

from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.grading import answers, durable
from crossings.grading.release import find_worksheet, public_items
from crossings.items.model import SURE, SURE_WORDS
from crossings.items.score import read_number

Changed = Callable[[dict[str, Any] | None], None]
_WIDE = {"width": "98%"}


def open_form(name: str) -> WorksheetForm:
    """The form of worksheet `name`, shown at once where a person looks on."""
    form = WorksheetForm(current(), name, Path.cwd() / answers.FILE)
    if os.environ.get("NBGRADER_EXECUTION"):
        return form  # nbgrader is marking: nobody looks, and the answers stay as they are
    display(form.widget)  # type: ignore[no-untyped-call]
    return form


class WorksheetForm:
    """A worksheet that saves each change to `path`."""

    def __init__(self, course: Course, name: str, path: Path) -> None:
        module, self.sheet = find_worksheet(course, name)
        self.path = path
        self.items = public_items(course, module, self.sheet)
        self.answers = self._before()
        self.status = w.Label()
        self.fields = {item["id"]: field(item, self.answers.get(item["id"])) for item in self.items}
        self.sure = {
            item["id"]: sureness(self.answers.get(item["id"]))
            for item in self.items
            if item["kind"] != "text"
        }
        for identity, made in self.fields.items():
            keep = self._keeper(identity)
            made.listen(keep)
            if identity in self.sure:
                self.sure[identity].observe(partial(_again, keep, made), names="value")
        self.widget = w.VBox([*self._questions(), self._hand_in()])
        self._say("")

    def __repr__(self) -> str:
        done = sum(bool(self.answers.get(i["id"])) for i in self.items)
        return (
            f"{self.sheet.title}: {done} of {len(self.items)} answered, saved in {self.path.name}"
        )

    def _before(self) -> dict[str, Any]:
        try:
            return answers.responses(answers.read(self.path))
        except answers.BadAnswersError:
            return {}

    def _keeper(self, identity: str) -> Changed:
        def keep(response: dict[str, Any] | None) -> None:
            level = self.sure[identity].value if identity in self.sure else None
            if response is None:
                self.answers.pop(identity, None)
            else:
                self.answers[identity] = response | ({"sure": level} if level else {})
            self.save()

        return keep

    def save(self) -> None:
        """Write answers.json; readers see the old file or the new one."""
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        document = {
            "assignment": self.sheet.id,
            "version": self.sheet.version,
            "student": "",
            "submitted_at": now,
            "answers": self.answers,
        }
        try:
            durable.replace_json(self.path, document)
        except OSError as error:
            self._say(f"NOT saved: {error.strerror}. Free some space and change an answer again.")
            return
        self._say("saved")

    def _say(self, note: str) -> None:
        done = sum(bool(self.answers.get(i["id"])) for i in self.items)
        text = f"{done} of {len(self.items)} answered"
        self.status.value = f"{text} · {note}" if note else text

    def _questions(self) -> list[w.Widget]:
        boxes = []
        for number, item in enumerate(self.items, 1):
            head = plain(f"Question {number} of {len(self.items)}", bold=True)
            parts = [head, plain(item["stem"])]
            if item.get("hint"):
                parts.append(w.Accordion([plain(item["hint"])], titles=("Hint",)))
            parts.append(self.fields[item["id"]].widget)
            if item["id"] in self.sure:
                parts.append(self.sure[item["id"]])
            boxes.append(w.VBox(parts, layout=w.Layout(padding="0 0 16px 0")))
        return boxes

    def _hand_in(self) -> w.Widget:
        how = (
            f"To hand in: open “{self.sheet.title}” on the course site (under “Hand in”). At the "
            "end of that page open “Answered in a notebook?” and choose the file "
            f"{self.path.name}, which lies beside this notebook."
        )
        return w.VBox([self.status, plain(how)])


class Field:
    """The inputs of one item: `widget` to show, `read` for the response."""

    def __init__(
        self, widget: w.Widget, parts: list[Any], read: Callable[[], dict[str, Any] | None]
    ) -> None:
        self.widget = widget
        self.parts = parts
        self.read = read

    def listen(self, changed: Changed) -> None:
        for part in self.parts:
            part.observe(lambda _: changed(self.read()), names="value")


def sureness(before: Any) -> w.Dropdown:
    """How sure the learner is of an answer; may be left open, and earns or costs nothing."""
    level = before.get("sure") if isinstance(before, Mapping) else None
    words = ((words, level) for level, words in SURE_WORDS.items())
    return w.Dropdown(
        options=[("(you may leave this open)", None), *words],
        value=level if level in SURE else None,
        description="How sure are you?",
        style={"description_width": "initial"},
    )


def _again(keep: Changed, made: Field, _: Any) -> None:
    keep(made.read())


def plain(text: str, *, bold: bool = False) -> w.Widget:
    """Text over several lines, never markup."""
    made = w.HTML(layout=w.Layout(max_width="44em"))
    lines = "<br>".join(escape(line) for line in text.splitlines())
    made.value = f"<b>{lines}</b>" if bold else lines
    return made


def as_number(typed: str) -> float | int | str:
    """What the page makes of a typed number, so that both send the same; else the text itself."""
    found = read_number(typed)
    if found is None:
        return typed
    return int(found) if found.is_integer() else found


def field(item: Mapping[str, Any], before: Any) -> Field:
    """Inputs for `item`, filled with the response `before`."""
    given = before if isinstance(before, Mapping) else {}
    kind = item["kind"]
    if kind == "single":
        return _single(item, given)
    if kind in ("multiple", "hotspot"):
        return _multiple(item, given)
    if kind == "order":
        return _order(item, given)
    if kind in ("match", "grid"):
        return _placed(item, given)
    return _written(item, given)


def _single(item: Mapping[str, Any], given: Mapping[str, Any]) -> Field:
    choices = [(option["text"], option["id"]) for option in item["options"]]
    known = given.get("choice") in {value for _, value in choices}
    made = w.RadioButtons(
        options=choices,
        value=given["choice"] if known else None,
        layout=w.Layout(width="max-content", max_width="98%"),
    )
    return Field(made, [made], lambda: {"choice": made.value} if made.value else None)


def _multiple(item: Mapping[str, Any], given: Mapping[str, Any]) -> Field:
    before = given.get("choices") or []
    numbered = item["kind"] == "hotspot"
    boxes = {
        option["id"]: w.Checkbox(
            value=option["id"] in before,
            description=f"{number}. {option['text']}" if numbered else option["text"],
            indent=False,
            layout=w.Layout(**_WIDE),
        )
        for number, option in enumerate(item["options"], 1)
    }

    def read() -> dict[str, Any] | None:
        chosen = [identity for identity, box in boxes.items() if box.value]
        return {"choices": chosen} if chosen else None

    picture = [drawn(item["picture"], item["options"])] if item.get("picture") else []
    return Field(w.VBox([*picture, *boxes.values()]), list(boxes.values()), read)


def drawn(picture: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> w.Widget:
    """The picture of a hotspot, each place with the number of its line beneath."""
    frame = (
        "position:absolute;box-sizing:border-box;border:2px solid #0B5A7A;border-radius:4px;"
        "text-align:right;line-height:1;"
    )
    places = "".join(
        f"<span style='{frame}left:{r['x']}%;top:{r['y']}%;width:{r['width']}%;"
        f"height:{r['height']}%'><b style='background:#0B5A7A;color:#fff;padding:2px 6px'>"
        f"{number}</b></span>"
        for number, r in enumerate((option["region"] for option in options), 1)
    )
    source, alt = escape(str(picture.get("data") or "")), escape(str(picture["alt"]))
    made = w.HTML(layout=w.Layout(max_width="44em"))
    made.value = (
        f"<div style='position:relative;max-width:32em'><img src='{source}' alt='{alt}' "
        f"style='display:block;width:100%'><span aria-hidden='true'>{places}</span></div>"
    )
    return made


def _order(item: Mapping[str, Any], given: Mapping[str, Any]) -> Field:
    places = [("Choose a place", 0), *((str(n), n) for n in range(1, len(item["options"]) + 1))]
    before = given.get("order") or []
    menus = {
        option["id"]: w.Dropdown(
            options=places,
            value=before.index(option["id"]) + 1 if option["id"] in before else 0,
            layout=w.Layout(width="11em"),
        )
        for option in item["options"]
    }

    def read() -> dict[str, Any] | None:
        taken = sorted((menu.value, identity) for identity, menu in menus.items())
        if [place for place, _ in taken] != list(range(1, len(taken) + 1)):
            return None  # an order counts when every place is taken once
        return {"order": [identity for _, identity in taken]}

    rows = [w.HBox([menus[o["id"]], plain(o["text"])]) for o in item["options"]]
    return Field(w.VBox(rows), list(menus.values()), read)


def _placed(item: Mapping[str, Any], given: Mapping[str, Any]) -> Field:
    targets = [("Choose", ""), *((t["text"], t["id"]) for t in item["targets"])]
    known = {value for _, value in targets}
    before = given.get("pairs") or {}
    menus = {
        option["id"]: w.Dropdown(
            options=targets,
            value=before.get(option["id"]) if before.get(option["id"]) in known else "",
            layout=w.Layout(width="20em"),
        )
        for option in item["options"]
    }

    def read() -> dict[str, Any] | None:
        pairs = {identity: menu.value for identity, menu in menus.items() if menu.value}
        return {"pairs": pairs} if pairs else None

    rows = [w.HBox([menus[o["id"]], plain(o["text"])]) for o in item["options"]]
    return Field(w.VBox(rows), list(menus.values()), read)


def _written(item: Mapping[str, Any], given: Mapping[str, Any]) -> Field:
    name = "number" if item["kind"] == "number" else "text"
    before = str(given.get(name, ""))
    made: Any
    if item["kind"] == "text":
        made = w.Textarea(value=before, rows=6, layout=w.Layout(**_WIDE), continuous_update=False)
    else:
        made = w.Text(value=before, continuous_update=False, layout=w.Layout(width="20em"))

    def read() -> dict[str, Any] | None:
        if not made.value.strip():
            return None
        return {name: as_number(made.value) if name == "number" else made.value}

    shown = w.HBox([made, plain(item["unit"])]) if item.get("unit") else made
    return Field(shown, [made], read)
