"""Names on certificates: whatever somebody is called, the whole class gets its certificates."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.curriculum import Course, load
from crossings.exchange import badge, baking
from crossings.grading import inbox, mark, trainees
from crossings.grading.awards import letters, paper
from crossings.grading.awards.issue import issued
from crossings.grading.awards.paper import PaperError, Sheets, Style
from crossings.grading.awards.rule import FILE
from crossings.grading.ledger import Ledger
from crossings.grading.routes import work_routes
from crossings.workspace import Workspace
from tests import serving
from tests.grading.conftest import GOOD
from tests.grading.test_awards import RULE, certificate, person_marks

AMHARIC, CHINESE = "አማኑኤል ተስፋዬ", "王小明"
joined = pytest.mark.skipif(
    not letters._can_join(), reason="Pillow without Raqm or FriBiDi: nothing here joins letters"
)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A computer with no fonts but ours, and those that a test puts there."""
    import matplotlib.font_manager

    fonts: list[str] = []
    monkeypatch.setattr(matplotlib.font_manager, "findSystemFonts", lambda: list(fonts))
    letters.installed.cache_clear()
    yield lambda *paths: fonts.extend(str(p) for p in paths)
    letters.installed.cache_clear()


def font(path: Path, text: str) -> Path:
    """A real font: a square for each letter of `text`."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (450, 700), (450, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    codes = {ord(c): f"u{ord(c):04X}" for c in text if not c.isspace()}
    names = [".notdef", *codes.values()]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap(codes)
    made.setupGlyf(dict.fromkeys(names, square))
    made.setupHorizontalMetrics(dict.fromkeys(names, (500, 50)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    made.setupOS2()
    made.setupPost()
    made.save(path)
    return path


def drawn(*names: str, own: Path | None = None) -> Sheets:
    return paper.certificates([certificate(name) for name in names], Style(font=own))


WRITTEN = ["Mwanaisha wa Kiʼbao", "Nguyễn Thị Ngọc Ánh", "Nguye\u0302\u0303n Thi\u0323", "W" * 80]
HOSTILE = [
    "<script>alert(1)</script>",
    "((((/)\\ %PDF-1.7 endstream endobj",
    "\u202eevil\u202c Bob",
    "a\x00b\x1b[31mred\r\nc",
    "{nb} {nb}",
]
UNNAMED = [
    "Anna \U0001f9d1\u200d\U0001f680",
    "\ue000",
    "\u0378 Bo",
    "\u200b",
    "",
    "Z" + "\u0301" * 300,
]


def test_one_name_that_cannot_be_drawn_stops_nobody(bare: Callable[..., None]) -> None:
    everybody = [AMHARIC, *WRITTEN, CHINESE, *HOSTILE, *UNNAMED]
    made = drawn(*everybody)
    assert made.content.count(b"/Type /Page\n") == len(everybody)
    pages = [1, 6, *range(12, 12 + len(UNNAMED))]
    assert [one.page for one in made.unnamed] == pages
    assert [one.name for one in made.unnamed][:2] == [AMHARIC, CHINESE]
    signed = [badge.read(json.loads(t)) for t in baking.attached(made.content)]
    assert [one.name for one in signed] == everybody, "what is signed is the name as it was given"
    for one in signed:
        badge.check(one)


@joined
def test_arabic_hebrew_and_marks_need_no_other_font(bare: Callable[..., None]) -> None:
    assert drawn("أمينة عبد الرحمن", "דנה לוי", "m\u0308ol").unnamed == ()


@joined
def test_arabic_letters_are_joined_and_run_to_the_left() -> None:
    """The same picture as of the joined forms, put one by one in the order of the eye."""
    face = letters.fonts() / "DejaVuSans.ttf"
    made = letters.drawn("محمد", face)
    assert made is not None
    by_hand = ImageFont.truetype(str(face), letters._SIZE, layout_engine=ImageFont.Layout.BASIC)
    forms = "\ufeaa\ufee4\ufea4\ufee3"  # dal final, meem medial, hah medial, meem initial
    image = Image.new("L", made.size)
    left, top, _, _ = by_hand.getbbox(forms)
    ImageDraw.Draw(image).text((letters._EDGE - left, letters._EDGE - top), forms, 255, by_hand)
    other = ImageChops.difference(made.getchannel("A"), image)
    assert ImageStat.Stat(other).mean[0] < 0.02 * ImageStat.Stat(image).mean[0]


def test_where_nothing_joins_letters_arabic_is_written_by_hand(
    bare: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters that stand alone, and in the wrong order, are no name."""
    monkeypatch.setattr(letters, "_can_join", lambda: False)
    made = drawn("Amal Okuro", "أمينة", "Nguyễn")
    assert [one.page for one in made.unnamed] == [2]


def test_a_font_of_the_computer_is_used(bare: Callable[..., None], tmp_path: Path) -> None:
    torn, box = tmp_path / "aTorn.ttf", font(tmp_path / "LastResort.ttf", AMHARIC + CHINESE)
    torn.write_bytes(b"no font")
    bare(torn, box, font(tmp_path / "Some.ttf", AMHARIC))
    made = drawn(AMHARIC, CHINESE, f"{AMHARIC} {CHINESE}")
    assert [one.name for one in made.unnamed] == [CHINESE, f"{AMHARIC} {CHINESE}"]
    assert letters.font_of(AMHARIC, None) == tmp_path / "Some.ttf"


def test_the_academys_font_comes_before_those_of_the_computer(
    bare: Callable[..., None], tmp_path: Path
) -> None:
    bare(font(tmp_path / "NotoAny-Regular.ttf", CHINESE))
    own = font(tmp_path / "own.ttf", CHINESE)
    assert letters.font_of(CHINESE, own) == own
    assert drawn(CHINESE, own=own).unnamed == ()
    with pytest.raises(PaperError, match="no font that can be read"):
        drawn(CHINESE, own=Path(__file__))


def test_words_of_the_academy_that_cannot_be_written_are_its_mistake() -> None:
    with pytest.raises(PaperError, match="Our fonts cannot write “王”: they lack 王"):
        paper.certificates([certificate("Amal", title="王")], Style())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")
def test_names_are_text_and_stay_on_the_page(bare: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "c.pdf").write_bytes(drawn(*WRITTEN, *HOSTILE).content)
    shown = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "c.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for text in ("Mwanaisha", "Nguyễn", "Ngọc", "W" * 80, "&lt;script&gt;alert(1)", "evil", "{nb}"):
        assert f">{text}" in shown
    assert "ab[31mred" in shown and "\x1b" not in shown
    right = [float(part.split('"')[0]) for part in shown.split('xMax="')[1:]]
    assert max(right) < 297 / 25.4 * 72


def test_on_the_command_line_and_on_the_learners_page(
    course: Course, classroom: Workspace, tmp_path: Path
) -> None:
    """No font has letters of all these scripts: one warning names the person."""
    shutil.copytree(course.root, tmp_path / "own course")
    course, workspace = load(tmp_path / "own course"), classroom
    odd = "Bo \U00018b00\U00016e40王"
    for name in ("Amal Okuro", odd):
        inbox.receive(workspace, "sheet", name, GOOD)
    mark.grade("sheet", workspace=workspace, course=course)
    for student in ("amal-okuro", "bo"):
        person_marks(workspace, student, 1.0)
    (course.root / FILE).parent.mkdir(exist_ok=True)
    rules = json.loads(RULE.model_dump_json(exclude_none=True))
    (course.root / FILE).write_text(yaml.safe_dump(rules), encoding="utf-8")
    given = ["award", "asks", "--data", str(workspace.root)]
    done = serving.course(*given, home=tmp_path / "home", CROSSINGS_ROOT=str(course.root))
    assert done.returncode == 0, done.stderr
    assert f"page 2: {odd} (bo)." in done.stderr
    assert "amal" not in done.stderr
    folder = workspace.gradebook.parent / "certificates" / "asks"
    assert len(baking.attached((folder / "certificates.pdf").read_bytes())) == 2
    assert len(list((folder / "badges").iterdir())) == 4
    with Ledger(workspace) as ledger:
        made = {i.student: i.credential["id"].removeprefix("urn:uuid:") for i in issued(ledger)}
    site = TestClient(Starlette(routes=work_routes(course, workspace)))
    codes = {t.student: t.code for t in trainees.everyone(workspace)}
    for student, status in (("amal-okuro", 200), ("bo", 404)):
        answer = site.get(f"/feedback/{codes[student]}/{made[student]}.pdf")
        assert answer.status_code == status
    assert "Ask your trainer for it" in answer.text
    answer = site.get(f"/feedback/{codes['bo']}/{made['bo']}.json")
    assert badge.read(answer.json()).name == odd
