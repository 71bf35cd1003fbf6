"""One nbgrader command in this process: `python -m crossings.grading.nbgrader_child COMMAND …`.

nbgrader's own front program loads every command, which takes several times longer than the work.
`generate_assignment` takes several assignments here, so that one start serves them all.
"""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> None:
    command, *rest = arguments
    if command == "autograde":
        from nbgrader.apps.autogradeapp import AutogradeApp

        AutogradeApp.launch_instance(rest)
        return
    from nbgrader.apps.generateassignmentapp import GenerateAssignmentApp

    options = [word for word in rest if word.startswith("-")]
    for assignment in (word for word in rest if not word.startswith("-")):
        GenerateAssignmentApp.clear_instance()
        GenerateAssignmentApp.launch_instance([assignment, *options])
        print(f"released {assignment}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
