"""A learner site with nothing but drills, as a process: site_process.py WORKSPACE PORT"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from crossings.workspace import Workspace


def serve(workspace: Workspace, port: int, **env: str) -> subprocess.Popen[bytes]:
    """The process, once it answers."""
    command = [sys.executable, __file__, str(workspace.root), str(port)]
    process = subprocess.Popen(command, env=os.environ | env)
    deadline = time.time() + 60
    while time.time() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError("the site did not start")


def killed(
    site: subprocess.Popen[bytes], workspace: Workspace, port: int, **env: str
) -> subprocess.Popen[bytes]:
    """The site that comes after this one, which was killed in the middle of what it did."""
    site.kill()
    site.wait()
    return serve(workspace, port, **env)


def outlived(
    site: subprocess.Popen[bytes],
    workspace: Workspace,
    port: int,
    players: Sequence[threading.Thread],
    every: float,
) -> None:
    """Let `players` play while the site is killed twice, after `every` seconds; all must end."""
    try:
        for player in players:
            player.start()
        for _ in range(2):
            time.sleep(every)
            site = killed(site, workspace, port)
        for player in players:
            player.join(timeout=60)
            assert not player.is_alive(), "somebody never came to an end"
    finally:
        site.kill()
        site.wait()


if __name__ == "__main__":
    import uvicorn
    from starlette.applications import Starlette

    from crossings.drills.routes import drill_routes

    app = Starlette(routes=drill_routes(None, Workspace(Path(sys.argv[1]))))
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
