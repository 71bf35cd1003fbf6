"""Certificates: only whole marks count, nobody gets two, a file says whether it is genuine."""

from __future__ import annotations

import copy
import csv
import json
import os
import re
import shutil
import stat
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import Course
from crossings.exchange import badge, baking, proof
from crossings.grading import gradebook, inbox, mark
from crossings.grading.awards import files, issue, keys, medal, paper, revoked, rule
from crossings.grading.awards.issue import AwardError, Issued
from crossings.grading.awards.keys import KeyFileError
from crossings.grading.awards.paper import Style
from crossings.grading.awards.reached import standings
from crossings.grading.awards.rule import Award, AwardIssuer, Completion, Need
from crossings.grading.awards.verify import NoCertificateError, Verdict, verify
from crossings.grading.ledger import Ledger
from crossings.grading.ledger.verify import verify as verify_ledger
from crossings.workspace import Workspace
from tests import serving
from tests.grading.conftest import GOOD, PARTLY, write_tiny

NOW = datetime(2031, 5, 4, 10, tzinfo=UTC)
AWARD = Award(
    id="asks",
    title="Asking first",
    statement="has shown how to ask the right question.",
    needs=(Need(assignment="sheet", percent=60),),
    years=3,
)
RULE = Completion(issuer=AwardIssuer(name="An academy", place="North Quay"), awards=(AWARD,))


@pytest.fixture
def marked(course: Course, classroom: Workspace) -> Workspace:
    """Amal has a whole mark; Bo got too little; Cho waits for a person; Dee is not marked yet."""
    people = {"Amal Okuro": GOOD, "Bo": {"ws-2": {"text": "x"}}, "Cho": GOOD}
    for name, given in people.items():
        inbox.receive(classroom, "sheet", name, given)
    mark.grade("sheet", workspace=classroom, course=course)
    for student in ("amal-okuro", "bo"):
        person_marks(classroom, student, 1.0 if student != "bo" else 0.0)
    inbox.receive(classroom, "sheet", "Dee", GOOD)
    return classroom


def person_marks(workspace: Workspace, student: str, share: float) -> None:
    with gradebook.opened(workspace) as book:
        for grade in book.find_submission_notebook("sheet", "sheet", student).grades:
            if grade.needs_manual_grade:
                grade.manual_score = grade.cell.max_score * share
                grade.needs_manual_grade = False
        book.db.commit()


def give(course: Course, workspace: Workspace, **more: Any) -> issue.Round:
    return issue.award(course, workspace, RULE, AWARD, now=NOW, **more)


def test_only_whole_marks_count(course: Course, marked: Workspace) -> None:
    found = {s.student: s for s in standings(course, marked, AWARD)}
    assert [s for s in found if found[s].reached] == ["amal-okuro"]
    assert found["amal-okuro"].parts[0].percent == 100
    told = {s: found[s].parts[0].told() for s in found}
    assert "0% (needed: 60%)" in told["bo"]
    assert "waits for a person" in told["cho"]
    assert "not marked yet" in told["dee"]


def test_a_newer_hand_in_is_marked_before_it_counts(course: Course, marked: Workspace) -> None:
    from crossings.grading import trainees

    amal = trainees.find(marked, "amal-okuro")
    assert amal is not None
    inbox.receive(marked, "sheet", "", PARTLY, code=amal.code)
    (found,) = [s for s in standings(course, marked, AWARD) if s.student == "amal-okuro"]
    assert not found.reached
    assert "newer version" in found.parts[0].told()


def test_exactly_the_percent_is_enough(course: Course, marked: Workspace) -> None:
    points = {r.student: r.points for r in mark.report("sheet", marked, course).rows}
    most = mark.report("sheet", marked, course).rows[0].max_points
    person_marks(marked, "cho", 0.0)
    cho = next(r for r in mark.report("sheet", marked, course).rows if r.student == "cho")
    share = 100 * cho.points / most
    exact = AWARD.model_copy(update={"needs": (Need(assignment="sheet", percent=share),)})
    above = AWARD.model_copy(update={"needs": (Need(assignment="sheet", percent=share + 0.01),)})
    assert points["cho"] < most
    for which, reached in ((exact, True), (above, False)):
        found = {s.student: s.reached for s in standings(course, marked, which)}
        assert found["cho"] is reached


def test_nobody_gets_two(course: Course, marked: Workspace) -> None:
    first, again = give(course, marked), give(course, marked)
    assert [i.student for i in first.issued] == ["amal-okuro"]
    assert first.fresh == {"amal-okuro"}
    assert not again.fresh
    assert again.issued[0].credential == first.issued[0].credential
    with Ledger(marked) as ledger:
        assert len(list(ledger.entries(kind="award"))) == 1
        assert verify_ledger(ledger).problems == ()


def test_two_trainers_at_the_same_moment_issue_one(course: Course, marked: Workspace) -> None:
    made: list[issue.Round] = []
    threads = [threading.Thread(target=lambda: made.append(give(course, marked))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({r.issued[0].credential["id"] for r in made}) == 1
    assert len(made) == 4


def test_who_has_not_reached_it_cannot_be_given_it(course: Course, marked: Workspace) -> None:
    with pytest.raises(AwardError, match="bo has not reached it: A sheet: 0%"):
        give(course, marked, students=["bo"])
    with pytest.raises(AwardError, match="no trainee `nobody`"):
        give(course, marked, students=["amal-okuro", "nobody"])
    with Ledger(marked) as ledger:
        assert not list(ledger.entries(kind="award")), "all or nobody"
    assert not keys.secret_of(marked).exists()


def test_an_expired_or_revoked_one_is_issued_anew(course: Course, marked: Workspace) -> None:
    first = give(course, marked).issued[0]
    later = issue.award(course, marked, RULE, AWARD, now=NOW + timedelta(days=1100)).issued[0]
    assert later.credential["id"] != first.credential["id"]
    issue.revoke(marked, RULE, later.credential["id"], "T. Rainer", "wrong person", now=NOW)
    third = issue.award(course, marked, RULE, AWARD, now=NOW + timedelta(days=1101))
    assert third.fresh == {"amal-okuro"}
    with Ledger(marked) as ledger:
        mine = issue.issued(ledger, "amal-okuro")
        assert [bool(i.revoked_at) for i in mine] == [False, True, False]
        (gone,) = ledger.entries(kind="revocation")
        assert (gone.who, gone.why) == ("T. Rainer", "wrong person")


def test_certificates_of_an_earlier_key_are_counted(course: Course, marked: Workspace) -> None:
    assert give(course, marked).older == 0
    for path in (keys.secret_of(marked), keys.public_of(marked)):
        path.rename(path.with_suffix(".old"))
    assert give(course, marked).older == 1


# The key


def test_the_key_is_made_once_and_closed(workspace: Workspace) -> None:
    first = keys.key(workspace, "An academy")
    secret = keys.secret_of(workspace)
    text = secret.read_bytes()
    assert keys.key(workspace, "An academy").private_bytes_raw() == first.private_bytes_raw()
    assert secret.read_bytes() == text
    assert keys.published(keys.public_of(workspace))[0] == proof.did(first.public_key())
    if os.name == "posix":
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        secret.chmod(0o644)
        with pytest.raises(KeyFileError, match="chmod 600"):
            keys.key(workspace, "An academy")


def test_a_lost_or_damaged_key_is_not_replaced(workspace: Workspace) -> None:
    keys.key(workspace, "An academy")
    secret = keys.secret_of(workspace)
    kept = secret.read_bytes()
    secret.write_text("-----BEGIN")
    with pytest.raises(KeyFileError, match="not a key of ours"):
        keys.key(workspace, "An academy")
    secret.unlink()
    with pytest.raises(KeyFileError, match="lost or moved"):
        keys.key(workspace, "An academy")
    assert not secret.exists()
    secret.write_bytes(kept)
    secret.chmod(0o600)
    other = Workspace(workspace.root.with_name("other"))
    keys.key(other, "Another")
    shutil.copy(keys.public_of(other), keys.public_of(workspace))
    with pytest.raises(KeyFileError, match="belongs to another key"):
        keys.key(workspace, "An academy")


def test_of_two_that_make_the_key_one_wins(workspace: Workspace) -> None:
    found: list[bytes] = []

    def make() -> None:
        found.append(keys.key(workspace, "An academy").private_bytes_raw())

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [p.name for p in keys.secret_of(workspace).parent.glob(".*")] == []


# Checking


@pytest.fixture
def handed_out(course: Course, marked: Workspace, tmp_path: Path) -> Path:
    """A folder as the world gets it: certificates, the public key, the list."""
    made = give(course, marked)
    files.write(course, RULE, made, tmp_path / "out")
    for path in (keys.public_of(marked), revoked.list_of(marked)):
        shutil.copy(path, tmp_path / "out" / path.name)
    return tmp_path / "out"


def checked(folder: Path, name: str, now: datetime = NOW, **more: Path | None) -> Verdict:
    given = {"key_file": folder / "issuer.json", "list_file": folder / "revoked.json"} | more
    (found,) = verify(folder / name, now=now, **given)
    return found


NAMES = ("certificates.pdf", "badges/amal-okuro.png", "badges/amal-okuro.json")


@pytest.mark.parametrize("name", NAMES)
def test_a_genuine_file_is_valid(handed_out: Path, name: str) -> None:
    found = checked(handed_out, name)
    assert found.valid
    assert found.found is not None
    assert found.found.name == "Amal Okuro"
    open_ = [c.about for c in found.checks if c.result == "not checked"]
    assert open_ == (["person"] if name.endswith("json") else ["file", "person"])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_another_name_in_it_is_not(handed_out: Path, name: str) -> None:
    path = handed_out / name
    content = path.read_bytes()
    forged = content.replace(b'"identityHash": "Amal Okuro"', b'"identityHash": "Amal Okura"')
    if name.endswith("png"):
        text = baking.unbaked(content).replace("Amal Okuro", "Amal Okura")
        forged = baking.baked(content, text)
    assert forged != content
    path.write_bytes(forged)
    found = checked(handed_out, name)
    assert not found.valid
    assert found.found is None, "what it says is not repeated"
    assert "changed after it was signed" in found.checks[0].told


def test_another_academys_key_is_seen(handed_out: Path, tmp_path: Path) -> None:
    """Anybody can make a key, call it by the same name and sign the same words."""
    forger = Workspace(tmp_path / "forger")
    own = keys.key(forger, "An academy")
    real = json.loads((handed_out / NAMES[2]).read_text(encoding="utf-8"))
    real["issuer"]["id"] = proof.did(own.public_key())
    bare = {k: v for k, v in real.items() if k != "proof"}
    (handed_out / NAMES[2]).write_text(json.dumps(proof.signed(bare, own, "2031-05-04T10:00:00Z")))
    found = checked(handed_out, NAMES[2])
    assert not found.valid
    assert {c.about: c.result for c in found.checks}["issuer"] == "fails"
    alone = checked(handed_out, NAMES[2], key_file=None, list_file=None)
    assert not alone.valid, "without the academy's key nothing is shown"
    assert {c.about: c.result for c in alone.checks}["issuer"] == "not checked"


def test_dates(handed_out: Path) -> None:
    assert checked(handed_out, NAMES[2], NOW + timedelta(days=1095)).valid
    assert not checked(handed_out, NAMES[2], NOW + timedelta(days=1097)).valid
    assert not checked(handed_out, NAMES[2], NOW - timedelta(days=2)).valid


def test_the_list_of_revoked_ones(course: Course, marked: Workspace, handed_out: Path) -> None:
    mine = json.loads((handed_out / NAMES[2]).read_text(encoding="utf-8"))["id"]
    issue.revoke(marked, RULE, mine.removeprefix("urn:uuid:"), "T. Rainer", "a mistake", now=NOW)
    assert checked(handed_out, NAMES[2]).valid, "with the old list"
    shutil.copy(revoked.list_of(marked), handed_out / "revoked.json")
    found = checked(handed_out, NAMES[2])
    assert not found.valid
    assert "revoked on 20" in next(c.told for c in found.checks if c.about == "list")
    assert "Amal" not in revoked.list_of(marked).read_text(encoding="utf-8")
    # Who takes the line out of the list breaks its signature, and that is said.
    shorter = json.loads((handed_out / "revoked.json").read_text(encoding="utf-8"))
    shorter["revoked"] = []
    (handed_out / "revoked.json").write_text(json.dumps(shorter))
    (look,) = [c for c in checked(handed_out, NAMES[2]).checks if c.about == "list"]
    assert look.result == "not checked"
    assert "changed" in look.told
    with pytest.raises(AwardError, match="No certificate has the id"):
        issue.revoke(marked, RULE, "0", "T. Rainer", "x")
    with pytest.raises(AwardError, match="who revokes it and why"):
        issue.revoke(marked, RULE, mine, "T. Rainer", " ")


def test_hostile_files(tmp_path: Path, handed_out: Path) -> None:
    deep = "[" * 100_000
    twice = (handed_out / NAMES[2]).read_text(encoding="utf-8")
    twice = twice.replace("{", '{"name": "x",', 1)
    for text in (deep, "{}", "[]", "null", "1e999", '{"a": NaN}', twice, ""):
        path = tmp_path / "a.json"
        path.write_text(text, encoding="utf-8")
        (found,) = verify(path, None, None)
        assert not found.valid
    for content in (b"\xff\xfe", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n"):
        (tmp_path / "b").write_bytes(content)
        with pytest.raises(NoCertificateError):
            verify(tmp_path / "b", None, None)
    with pytest.raises(NoCertificateError, match="cannot read"):
        verify(tmp_path / "none", None, None)
    (tmp_path / "c.json").write_text('{"id": "did:key:z6Mk", "name": 1}')
    for bad in (tmp_path / "c.json", tmp_path / "b", tmp_path / "none"):
        with pytest.raises(KeyFileError):
            verify(handed_out / NAMES[2], bad, None)


# Paper and picture


def certificate(name: str, title: str = "Asking first") -> Issued:
    key = proof_key()
    achievement = badge.Achievement("urn:x", title, "The holder has shown it.", "60%.")
    grant = badge.Grant("urn:uuid:0", name, "2031-05-04T10:00:00Z", "2034-05-04T10:00:00Z")
    return Issued("x", "asks", badge.made(badge.Issuer("An academy"), achievement, grant, key))


def proof_key() -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


LONG = "Maximiliane Christodoulopoulou-Wijayaratne de la Fontaine y Guzmán von Hohenlohe-Öhring"


def test_a_class_in_one_pdf(tmp_path: Path) -> None:
    people = ["Amal Okuro", LONG, "أمينة عبد الرحمن", "Đặng Łukasz-Öz", "Ольга Ковалёва", "דנה לוי"]
    made = [certificate(name) for name in people]
    sheets = paper.certificates(made, Style("North Quay", ("T. Rainer",)))
    assert sheets.unnamed == ()
    content = sheets.content
    texts = baking.attached(content)
    assert [badge.read(json.loads(t)).name for t in texts] == people
    for text in texts:
        badge.check(badge.read(json.loads(text)))
    assert content.count(b"/Type /Page\n") == len(people)
    if shutil.which("pdftotext") is None:
        return
    (tmp_path / "c.pdf").write_bytes(content)
    shown = subprocess.run(
        ["pdftotext", str(tmp_path / "c.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    for text in ("Amal Okuro", LONG, "Ольга Ковалёва", "4 May 2031", "North Quay", "T. Rainer"):
        assert text in shown
    mark_ = badge.fingerprint(made[0].credential)
    assert mark_ in re.sub(r"\s", "", shown)


@pytest.mark.parametrize("title", ["Data", "Identifying people at sea and on land " * 2, "W" * 80])
def test_the_badge_holds_any_title(title: str) -> None:
    import io

    from PIL import Image

    picture = Image.open(io.BytesIO(medal.picture(title)))
    assert picture.size == (medal.SIDE, medal.SIDE)
    assert picture.getpixel((2, 2))[3] == 0, "clear outside the disc"


def test_names_that_look_like_formulas_are_text(course: Course, tmp_path: Path) -> None:
    made = issue.Round((certificate("=1+1"),), frozenset(), ())
    files.write(course, RULE, made, tmp_path)
    with (tmp_path / "names.csv").open(encoding="utf-8-sig", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert row["Name"].endswith("=1+1")
    assert not row["Name"].startswith("=")


# The rule

GOOD_RULE = """\
issuer:
  name: An academy
awards:
  - id: asks
    title: Asking first
    statement: has shown it.
    needs:
      - {assignment: sheet, percent: 60}
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Course, Path]]:
    from crossings.curriculum import load

    root = write_tiny(tmp_path / "a course")
    (root / "grading").mkdir(exist_ok=True)
    yield load(root), root / rule.FILE


def test_a_good_rule_has_no_problems(own: tuple[Course, Path]) -> None:
    found, path = own
    assert rule.read(found) == (None, ()), "a course may do without"
    path.write_text(GOOD_RULE, encoding="utf-8")
    read, problems = rule.read(found)
    assert problems == ()
    assert read is not None
    assert read.awards[0].needs[0].percent == 60


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("assignment: sheet", "assignment: sheeet", 8, "did you mean `sheet`"),
        ("percent: 60", "percent: 160", 8, "less than or equal to 100"),
        ("percent: 60", "percent: a lot", 8, "number"),
        ("title: Asking first", "titel: Asking first", 5, "no such field"),
        ("needs:\n", "needs:\n      - {assignment: sheet, percent: 1}\n", 4, "needed twice"),
        ("name: An academy", "name: An academy\n  font: none.ttf", 3, "no font `none.ttf`"),
        ("name: An academy", "name: An academy\n  url: academy", 3, "not an address"),
        ("issuer:", "issuer: [", 3, "not valid YAML"),
    ],
)
def test_mistakes_are_named_with_their_line(
    own: tuple[Course, Path], old: str, new: str, line: int, said: str
) -> None:
    found, path = own
    path.write_text(GOOD_RULE.replace(old, new, 1), encoding="utf-8")
    problems = rule.problems(found)
    assert any(said in str(p) and p.line == line for p in problems), problems
    assert all(p.file == rule.FILE for p in problems)


def test_two_awards_of_one_name(own: tuple[Course, Path]) -> None:
    found, path = own
    path.write_text(GOOD_RULE + GOOD_RULE.split("awards:\n")[1], encoding="utf-8")
    (problem,) = rule.problems(found)
    assert "two awards `asks`" in problem.message
    assert problem.line == 9


def test_on_the_command_line(handed_out: Path, marked: Workspace, tmp_path: Path) -> None:
    """What a stranger does: three files and one command."""
    home = tmp_path / "home"
    name = handed_out / "badges" / "amal-okuro.png"
    empty = ["--data", str(tmp_path / "nothing")]
    done = serving.course("verify", str(name), *empty, home=home)
    assert done.returncode == 2
    assert "Get issuer.json from the academy" in done.stdout
    given = ["--key", str(handed_out / "issuer.json")]
    done = serving.course("verify", str(name), *empty, *given, home=home)
    # The test's clock stands in 2031.
    assert "valid only from" in done.stdout
    assert "there is no list" in done.stdout
    assert "Traceback" not in done.stderr
    done = serving.course("verify", str(tmp_path / "none.pdf"), *empty, home=home)
    assert done.returncode == 2
    assert "cannot read" in done.stderr


def test_copies_do_not_share_what_is_signed() -> None:
    one = certificate("Amal").credential
    other = copy.deepcopy(one)
    other["credentialSubject"]["identifier"][0]["identityHash"] = "Bo"
    assert badge.fingerprint(one) != badge.fingerprint(other)
