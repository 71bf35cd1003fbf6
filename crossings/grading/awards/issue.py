"""Issuing and revoking: every credential is a line of the ledger, with the marks it rests on."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from crossings.curriculum.model import Course
from crossings.exchange import badge, proof
from crossings.exchange.badge import Achievement, Grant, Issuer
from crossings.exchange.proof import Json
from crossings.grading.awards import keys, revoked
from crossings.grading.awards.reached import Standing, standings
from crossings.grading.awards.rule import Award, Completion
from crossings.grading.ledger import Draft, Entry, Ledger
from crossings.workspace import Workspace


class AwardError(Exception):
    """Nothing was issued or revoked; the message says why and what to do."""


@dataclass(frozen=True)
class Issued:
    """A credential of the ledger. `revoked_at` is "" while it counts."""

    student: str
    award: str
    credential: Json
    revoked_at: str = ""

    @property
    def read(self) -> badge.Read:
        return badge.read(self.credential)

    def counts(self, now: datetime) -> bool:
        until = self.read.until
        return not self.revoked_at and (until is None or now <= until)


@dataclass(frozen=True)
class Round:
    """What one run of `award` did: who has it now, who has it since this run, who has not."""

    issued: tuple[Issued, ...]
    fresh: frozenset[str]
    standings: tuple[Standing, ...]
    older: int = 0
    """How many of `issued` an earlier key of the academy signed."""


def award(
    course: Course,
    workspace: Workspace,
    rule: Completion,
    which: Award,
    students: Collection[str] | None = None,
    now: datetime | None = None,
) -> Round:
    """Give `which` to everybody who reached it, or to those of `students`; nobody gets two.

    Raises:
        AwardError: when one of `students` is nobody's id, or has not reached it.
        KeyFileError: when the key cannot be used.
        durable.NotSavedError: when the disk refuses; what was issued before that stays issued.
    """
    now = now or datetime.now(UTC)
    everybody = standings(course, workspace, which)
    chosen = [s for s in everybody if s.reached and (students is None or s.student in students)]
    _refuse(everybody, {s.student for s in chosen}, students or ())
    if not chosen:
        return Round((), frozenset(), everybody)
    key = keys.key(workspace, rule.issuer.name)
    given: list[Issued] = []
    fresh = set()
    with Ledger(workspace) as ledger:
        before = issued(ledger)
        for standing in chosen:
            mine = [i for i in before if (i.student, i.award) == (standing.student, which.id)]
            there = next((i for i in mine if i.counts(now)), None)
            if there is None:
                made = badge.made(*_content(rule, which, standing, now), key)
                name = f"award/{which.id}/{standing.student}/{len(mine)}"
                entry = ledger.append(_draft(which, standing, made), name)
                there = _issued(entry, {})
                fresh.add(standing.student)
            given.append(there)
        _publish(workspace, ledger, rule, now)
    older = sum(i.read.issuer != proof.did(key.public_key()) for i in given)
    return Round(tuple(given), frozenset(fresh), everybody, older)


def _refuse(
    everybody: Iterable[Standing], chosen: Collection[str], wanted: Collection[str]
) -> None:
    by = {s.student: s for s in everybody}
    for student in sorted(set(wanted) - set(chosen)):
        if student not in by:
            raise AwardError(f"There is no trainee `{student}` in this class.")
        lacks = "; ".join(part.told() for part in by[student].missing)
        raise AwardError(f"{student} has not reached it: {lacks}.")


def _content(
    rule: Completion, which: Award, standing: Standing, now: datetime
) -> tuple[Issuer, Achievement, Grant]:
    needs = [f"at least {p.needed:g}% of the points of “{p.title}”" for p in standing.parts]
    achievement = Achievement(
        id=f"urn:crossings:award:{which.id}",
        name=which.title,
        description=f"The holder {which.statement}",
        narrative=f"{' and '.join(needs)}.",
    )
    until = _stamp(_later(now, which.years)) if which.years else ""
    grant = Grant(f"urn:uuid:{uuid.uuid4()}", standing.name, _stamp(now), until)
    return Issuer(rule.issuer.name, rule.issuer.url), achievement, grant


def _later(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year + years)
    except ValueError:  # 29 February
        return now.replace(year=now.year + years, day=28)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _draft(which: Award, standing: Standing, credential: Json) -> Draft:
    return Draft(
        kind="award",
        student=standing.student,
        reason="; ".join(part.told() for part in standing.parts),
        data={
            "award": which.id,
            "credential": credential,
            "parts": [asdict(part) for part in standing.parts],
        },
    )


def issued(ledger: Ledger, student: str | None = None) -> list[Issued]:
    """Every credential that was ever issued, in order, revoked ones marked."""
    gone = _revoked(ledger)
    return [_issued(e, gone) for e in ledger.entries(kind="award", student=student)]


def _issued(entry: Entry, gone: dict[str, str]) -> Issued:
    credential = entry.data["credential"]
    at = gone.get(credential["id"], "")
    return Issued(entry.student, str(entry.data["award"]), credential, at)


def _revoked(ledger: Ledger) -> dict[str, str]:
    return {str(e.data["credential"]): e.at for e in ledger.entries(kind="revocation")}


def revoke(
    workspace: Workspace,
    rule: Completion,
    identity: str,
    who: str,
    why: str,
    now: datetime | None = None,
) -> Issued:
    """Take a credential back: a line in the ledger, and the published list made anew.

    Raises:
        AwardError: when there is no such credential, or no reason is given.
    """
    if not why.strip() or not who.strip():
        raise AwardError("Say who revokes it and why; it stays in the ledger.")
    with Ledger(workspace) as ledger:
        found = [i for i in issued(ledger) if i.credential["id"] == _full(identity)]
        if not found:
            raise AwardError(f"No certificate has the id {identity}. It stands on its lower edge.")
        name = found[0].credential["id"]
        draft = Draft(
            kind="revocation",
            student=found[0].student,
            who=who,
            why=why,
            data={"credential": name},
        )
        ledger.append(draft, f"revocation/{name}")
        _publish(workspace, ledger, rule, now or datetime.now(UTC))
    return found[0]


def _full(identity: str) -> str:
    plain = identity.strip().lower()
    return plain if plain.startswith("urn:") else f"urn:uuid:{plain}"


def _publish(workspace: Workspace, ledger: Ledger, rule: Completion, now: datetime) -> None:
    """The list of what no longer counts, also while it is empty: that it is empty is news."""
    key = keys.key(workspace, rule.issuer.name)
    revoked.publish(workspace, key, _revoked(ledger), _stamp(now))
