"""A learner site with nothing but drills, as a process: site_process.py WORKSPACE PORT"""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from crossings.drills.routes import drill_routes
from crossings.workspace import Workspace

if __name__ == "__main__":
    app = Starlette(routes=drill_routes(None, Workspace(Path(sys.argv[1]))))
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
