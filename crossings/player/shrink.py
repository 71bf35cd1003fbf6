"""Shrinks the player's script and style sheet for weak phones on slow networks.

    python -m crossings.player.shrink

Writes `shrunk.js` and `shrunk.css` beside the sources. They are kept in the repository, so that
nobody who runs the course needs the tool (`tdewolff-minify`, in the `test` extra), and are used
only while they fit the sources.
"""

from __future__ import annotations

import gzip
import sys

from crossings.player.documents import SCRIPTS, STYLES, joined, shrunk, stamp

_KINDS = (("js", SCRIPTS, "application/javascript"), ("css", STYLES, "text/css"))


def main() -> int:
    """Shrink both; says how much was won."""
    try:
        import minify
    except ImportError:
        print("install the test extra first: ./course test", file=sys.stderr)
        return 2
    for suffix, names, media in _KINDS:
        text = joined(names)
        small = minify.string(media, text)
        content = f"{stamp(text)}\n{small}\n"
        shrunk(suffix).write_text(content, encoding="utf-8", newline="\n")
        print(f"{shrunk(suffix).name}: {_weight(text)} to {_weight(small)} bytes, compressed")
    return 0


def _weight(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


if __name__ == "__main__":
    sys.exit(main())
