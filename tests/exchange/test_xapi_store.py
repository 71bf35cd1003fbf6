"""xAPI statements are taken by a real learning record store, and found in it again."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossings.curriculum import Course, current
from crossings.drills import DrillLog, fold
from crossings.drills.statements import statements as of_drill
from crossings.exchange import xapi
from crossings.exchange.xapi import Attempt, Place, Reply
from crossings.items import Item, score
from crossings.items.rehearse import respond
from tests.drills import any_kind
from tests.exchange import lrs

pytestmark = pytest.mark.xdist_group("lrs")
PLACE = Place("https://academy.example", "Crossings")
ATTEMPT = Attempt("ada-okuro", "sheet", "A sheet", "v1", "2026-11-20T09:00:00Z")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[lrs.Store]:
    try:
        lrs.installed()
    except lrs.NotInstalledError as error:
        pytest.skip(f"no record store on this machine: {error}")
    with lrs.running(tmp_path_factory.mktemp("lrs")) as running:
        yield running


def everything(course: Course) -> list[Item]:
    return [i for m in course.modules.values() for i in m.items.values()]


def statements(items: list[Item]) -> list[xapi.Statement]:
    """A right, a wrong, an empty and an unmarked reply to each item, and the end of each sort."""
    found = []
    for item in items:
        for right in (True, False):
            response = {**respond(item, right, "x"), "sure": "fairly"}
            result = score(item, response)
            points = None if item.marked_by_person else result.points
            found.append(xapi.answered(PLACE, ATTEMPT, Reply(item, response, points, result)))
        found.append(xapi.answered(PLACE, ATTEMPT, Reply(item, {}, 0.0, score(item, {}))))
    ends = [xapi.completed(PLACE, ATTEMPT, 7, 10, passed) for passed in (None, True, False)]
    return found + ends + [xapi.completed(PLACE, ATTEMPT, 11, 10)]


def test_every_item_of_the_course_is_taken_by_the_store(store: lrs.Store) -> None:
    made = statements(everything(current()))
    kinds = {s["object"]["definition"].get("interactionType") for s in made}
    assert len(kinds - {None}) == 6
    for start in range(0, len(made), 100):
        batch = list({s["id"]: s for s in made[start : start + 100]}.values())
        answer = lrs.sent(store, batch)
        assert answer.status_code == 200, answer.text[:500]
        assert set(answer.json()) == {s["id"] for s in batch}
    asked = {"statementId": made[0]["id"]}
    answer = store.client.get("/xAPI/statements", params=asked).json()
    found = answer["statements"][0] if "statements" in answer else answer
    assert found["result"] == made[0]["result"]
    assert found["actor"]["account"] == made[0]["actor"]["account"]


def test_the_store_refuses_what_is_no_statement(store: lrs.Store) -> None:
    """Else the test above would prove nothing."""
    whole = statements(everything(current())[:1])[0]
    for damage in ("actor", "verb", "object"):
        broken = copy.deepcopy(whole)
        del broken[damage]
        assert lrs.sent(store, [broken]).status_code in (400, 422)


DAMAGES: tuple[tuple[tuple[str, ...], object], ...] = (
    (("result", "success"), "perhaps"),
    (("result", "score", "scaled"), 7),
    (("timestamp",), "yesterday"),
    (("verb", "id"), "answered"),
    (("object", "definition", "interactionType"), "essay"),
    (("actor", "account", "homePage"), "home"),
    (("context", "contextActivities", "parent"), 3),
)


def damaged(whole: xapi.Statement, path: tuple[str, ...], value: object) -> xapi.Statement:
    broken = copy.deepcopy(whole)
    place = broken
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return broken


def test_the_strict_model_takes_every_statement_and_finds_each_damage(store: lrs.Store) -> None:
    """In one go: the model takes ten seconds to load."""
    made = statements(everything(current()))
    broken = [damaged(made[0], path, value) for path, value in DAMAGES]
    verdicts = lrs.judged([*made, *broken])
    assert set(verdicts[: len(made)]) == {"valid"}
    assert [
        d for d, verdict in zip(DAMAGES, verdicts[len(made) :], strict=True) if verdict == "valid"
    ] == []


def test_sending_again_changes_nothing(store: lrs.Store) -> None:
    made = statements(everything(current())[:2])
    unique = list({s["id"]: s for s in made}.values())
    assert lrs.sent(store, unique).status_code in (200, 204)
    assert lrs.sent(store, unique).status_code in (200, 204)
    found = store.client.get("/xAPI/statements", params={"limit": 1000}).json()["statements"]
    assert len({s["id"] for s in found}) == len(found)
    again = statements(everything(current())[:2])
    assert [s["id"] for s in again] == [s["id"] for s in made]


def test_a_statement_names_nobody_and_gives_no_key_away() -> None:
    reserved = next(i for i in everything(current()) if i.reserved and i.kind == "single")
    reply = Reply(reserved, {"choice": reserved.options[0].id}, 0.0, score(reserved, {}))
    made = xapi.answered(PLACE, ATTEMPT, reply)
    assert "correctResponsesPattern" not in made["object"]["definition"]
    assert set(made["actor"]) == {"objectType", "account"}


def test_the_store_is_not_a_part_of_the_course() -> None:
    """Its versions differ from ours, so it must never be in the locks that people install."""
    root = Path(__file__).resolve().parents[2]
    for name in ("requirements.txt", "requirements-test.txt"):
        assert "ralph-malph" not in (root / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", any_kind.PLANS, ids=lambda name: name.replace(" ", "-"))
def test_every_kind_of_drill_is_taken_by_the_store(
    name: str, store: lrs.Store, tmp_path: Path
) -> None:
    log = DrillLog(tmp_path / "drills.sqlite")
    state = fold(log.since(any_kind.played(log, any_kind.PLANS[name]())))
    log.close()
    made = of_drill(state, PLACE, names=True)
    for start in range(0, len(made), 100):
        answer = lrs.sent(store, made[start : start + 100])
        assert answer.status_code == 200, answer.text[:500]
