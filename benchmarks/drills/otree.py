"""oTree as a quiz server for a class: from PyPI, and it needs no cloud.

It is made for experiments with many players, on Starlette, as we are. The same three questions are
asked as a page each; a participant's browser posts a form and is sent to the next page. Like ours,
answers count once and stand in a database; unlike ours, nobody leads and nothing is shown live.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sqlite3
import subprocess
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.drills.measured import JOINING, QUESTIONS, THINKING, share
from benchmarks.drills.peers import private
from benchmarks.ports import free_port
from crossings.environment import child_environment
from crossings.workspace import Workspace

PACKAGE = "otree==6.0.15"
KEY = "benchmark"

SETTINGS = f"""
SESSION_CONFIGS = [dict(name="quiz", app_sequence=["quiz"], num_demo_participants=1)]
SESSION_CONFIG_DEFAULTS = dict(real_world_currency_per_point=1.0, participation_fee=0.0, doc="")
ROOMS = []
LANGUAGE_CODE = "en"
REAL_WORLD_CURRENCY_CODE = "USD"
USE_POINTS = True
ADMIN_USERNAME = "admin"
ADMIN_PASSWORD = "{KEY}"
DEMO_PAGE_INTRO_HTML = ""
SECRET_KEY = "{KEY}"
"""
APP = f"""
from otree.api import *


class C(BaseConstants):
    NAME_IN_URL = "quiz"
    PLAYERS_PER_GROUP = None
    NUM_ROUNDS = {QUESTIONS}


class Subsession(BaseSubsession):
    pass


class Group(BaseGroup):
    pass


class Player(BasePlayer):
    answer = models.IntegerField(
        choices=[[1, "Yes, if she was deceived"], [2, "No, because she agreed"]],
        widget=widgets.RadioSelect,
    )


class Ask(Page):
    form_model = "player"
    form_fields = ["answer"]


page_sequence = [Ask]
"""
PAGE = """
{{ block title }}Question{{ endblock }}
{{ block content }}
<p>A woman agreed to the work. Can she still be a victim of trafficking?</p>
{{ formfields }}
{{ next_button }}
{{ endblock }}
"""


@dataclass(frozen=True)
class OtreeRoom:
    """Seconds, bytes and counts of one room; as `Measured` where the names are the same."""

    people: int
    joined: float
    join95: float
    ack50: float
    ack95: float
    memory: float
    acknowledged: int
    lost: int


def install(folder: Path) -> Path:
    """A venv with oTree.

    Raises:
        OSError: where it cannot be had.
    """
    place = folder / "otree-venv"
    venv.create(place, with_pip=True)
    command = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, env=_env(place))
    if done.returncode:
        raise OSError(f"pip could not install {PACKAGE}: {done.stderr.strip()[-200:]}")
    return place


def _env(place: Path) -> dict[str, str]:
    own = child_environment(Workspace.current())
    path = f"{place / 'bin'}:{os.environ['PATH']}"
    return own | {"PYTHONPATH": "", "PATH": path, "OTREE_PRODUCTION": "1", "OTREE_REST_KEY": KEY}


@contextmanager
def _running(place: Path, project: Path) -> Iterator[tuple[str, int]]:
    """Address and process id.

    Raises:
        TimeoutError: where it does not start.
    """
    for name, text in (
        ("settings.py", SETTINGS),
        ("quiz/__init__.py", APP),
        ("quiz/Ask.html", PAGE),
        ("_static/empty", ""),
        ("_templates/global/empty", ""),
    ):
        target = project / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    port = free_port()
    command = [str(place / "bin" / "otree"), "prodserver", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        command, cwd=project, env=_env(place), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _await_start(address)
        yield address, process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await_start(address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            httpx.get(address, timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise TimeoutError("oTree did not start")


def otree_room(people: int, place: Path, folder: Path) -> OtreeRoom:
    """The people come, think and answer at the pace of our own rooms.

    Raises:
        TimeoutError, OSError: where there is nothing to measure.
    """
    with _running(place, folder) as (address, pid):
        try:
            return asyncio.run(_room(people, address, pid, folder / "db.sqlite3"))
        except httpx.HTTPError as error:
            raise OSError(f"oTree with {people}: {type(error).__name__} {error}") from error


async def _room(people: int, address: str, pid: int, database: Path) -> OtreeRoom:
    headers = {"otree-rest-key": KEY}
    wanted = {"session_config_name": "quiz", "num_participants": people}
    async with httpx.AsyncClient(timeout=300) as client:
        made = await client.post(f"{address}/api/sessions", json=wanted, headers=headers)
    before, begun = private(pid), time.perf_counter()
    joins, acks = list[float](), list[float]()
    visits = (
        _visit(n, people, made.json()["session_wide_url"], joins, acks) for n in range(people)
    )
    ends = await asyncio.gather(*visits)
    memory = (private(pid) - before) / people
    with sqlite3.connect(database) as rows:
        (stored,) = rows.execute("SELECT count(answer) FROM quiz_player").fetchone()
    return OtreeRoom(
        people=people, joined=max(ends) - begun, join95=share(joins, 0.95),
        ack50=share(acks, 0.5), ack95=share(acks, 0.95), memory=memory,
        acknowledged=len(acks), lost=len(acks) - stored,
    )  # fmt: skip


async def _visit(
    number: int, people: int, link: str, joins: list[float], acks: list[float]
) -> float:
    """Come, answer each question; returns when the first question was there."""
    dice = random.Random(number)
    await asyncio.sleep(number * min(JOINING, people / 20) / people)
    async with httpx.AsyncClient(timeout=120, follow_redirects=True) as browser:
        begun = time.perf_counter()
        page = await browser.get(link)
        came = time.perf_counter()
        joins.append(came - begun)
        for _ in range(QUESTIONS):
            if not re.search(r'name="answer"', page.text):
                raise httpx.DecodingError("a page without the question")
            await asyncio.sleep(dice.random() * THINKING)
            sent = time.perf_counter()
            told = await browser.post(
                str(page.url), data={"answer": dice.choice("12")}, follow_redirects=False
            )
            if told.status_code != 302:
                raise httpx.DecodingError(f"an answer was met with {told.status_code}")
            acks.append(time.perf_counter() - sent)
            page = await browser.get(page.url.join(told.headers["location"]))
    return came
