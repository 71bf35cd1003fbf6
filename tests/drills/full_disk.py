"""Plays a drill in a folder that is a small disk: full_disk.py FOLDER. Exits 0 if nothing lied."""

import os
import sys
from pathlib import Path

import classroom
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crossings.drills import DrillLog, Trainer, open_drill
from crossings.drills.routes import drill_routes
from crossings.workspace import Workspace

folder = Path(sys.argv[1])
log = DrillLog(Workspace(folder).drill_log)
trainer = Trainer(log, open_drill(log, classroom.course(), classroom.QUIZ))
with TestClient(Starlette(routes=drill_routes(None, Workspace(folder)))) as site:
    joining = {"code": trainer.state.code, "name": "Amina", "key": "0123456789"}
    token = site.post("/api/drill/join", json=joining).json()["token"]
    trainer.start()
    body = {"token": token, "step": 0, "response": {"choice": "no"}}
    accepted: list[int] = []

    def send(n: int) -> int:
        return site.post("/api/drill/answer", json=body | {"n": n, "key": f"key-{n:06d}"})

    reply = send(1)
    assert reply.status_code == 200, reply.text
    accepted.append(1)
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                os.write(file.fileno(), b"x" * 4096)
        except OSError:
            pass
    refused = None
    for n in range(2, 400):
        reply = send(n)
        if reply.status_code == 429:
            continue
        if reply.status_code == 503:
            refused = reply.json()["message"]
            break
        accepted.append(n)
    assert refused and "disk is full" in refused, refused
    # What was committed can still be read; what was refused is not there.
    assert site.get("/api/drill/view", params={"token": token}).status_code == 200
    kept = [e.payload["n"] for e in log.since(trainer.state.run) if e.kind == "answered"]
    assert kept == accepted, (kept, accepted)
    filler.unlink()
    reply = send(n)
    assert reply.status_code == 200, reply.text
    kept = [e.payload["n"] for e in log.since(trainer.state.run) if e.kind == "answered"]
    assert kept == [*accepted, n]
print("honest")
