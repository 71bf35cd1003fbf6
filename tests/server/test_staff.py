"""The staff site as a trainer and as a stranger meet it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from crossings.server import staff
from tests.serving import Served

pytestmark = pytest.mark.xdist_group("served")


@pytest.fixture(scope="module")
def trainer(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.staff, follow_redirects=True, timeout=60) as client:
        assert client.get("/tree", params={"token": served.token}).status_code == 200
        yield client


@pytest.mark.parametrize(
    "path",
    [
        staff.CONSOLE,
        staff.DESK,
        staff.DEBRIEF,
        staff.EXPLORER,
        staff.FORMGRADER,
        staff.LAB,
        "api/contents",
    ],
)
def test_without_the_token_nothing_opens(served: Served, path: str) -> None:
    answer = httpx.get(f"{served.staff}/{path}", timeout=30)
    assert answer.status_code in (302, 403)
    if answer.status_code == 302:
        assert "/login" in answer.headers["location"]


@pytest.mark.parametrize("path", [staff.CONSOLE, staff.DESK, staff.DEBRIEF, staff.EXPLORER])
def test_the_apps_open_in_voila(trainer: httpx.Client, path: str) -> None:
    answer = trainer.get(f"/{path}")
    assert answer.status_code == 200
    assert "application/vnd.jupyter.widget-view+json" in answer.text
    assert "Traceback" not in answer.text


def test_jupyterlab_opens(trainer: httpx.Client) -> None:
    answer = trainer.get(f"/{staff.LAB}")
    assert answer.status_code == 200 and "JupyterLab" in answer.text


def test_formgrader_lists_the_assignments_of_this_workspace(
    trainer: httpx.Client, served: Served
) -> None:
    assert trainer.get(f"/{staff.FORMGRADER}").status_code == 200
    found = trainer.get("/formgrader/api/assignments").json()
    assert {"officer-worksheet", "screening-data"} <= {a["name"] for a in found}
    assert all(a["source_path"] and a["release_path"] for a in found)


def test_another_origin_can_do_nothing(trainer: httpx.Client, served: Served) -> None:
    evil = {"Origin": "http://evil.example"}
    assert trainer.post("/api/kernels", json={}, headers=evil).status_code in (403, 404)
    assert trainer.post("/api/kernels", json={}).status_code == 403  # no XSRF token
    assert "access-control-allow-origin" not in trainer.get("/api", headers=evil).headers
    named = httpx.get(f"{served.staff}/lab", headers={"Host": "evil.example"}, timeout=30)
    assert named.status_code == 403


def test_pages_of_the_learner_site_cannot_frame_it(trainer: httpx.Client) -> None:
    assert (
        "frame-ancestors 'self'" in trainer.get(f"/{staff.LAB}").headers["content-security-policy"]
    )


def test_the_extensions_that_look_elsewhere_are_off(trainer: httpx.Client) -> None:
    assert trainer.get("/lsp/status").status_code == 404
    assert trainer.get("/assignments").status_code == 404
