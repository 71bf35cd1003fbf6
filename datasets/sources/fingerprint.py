"""Make `fingerprints.bin` of a folder with the source documents as text files.

    python datasets/sources/fingerprint.py FOLDER

The documents belong to their publishers and are not part of the course. What is kept are hashes of
each run of nine words; `./course check` finds with them what was copied.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from crossings.curriculum.fingerprints import FILE, of_texts, packed  # noqa: E402


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Give the folder with the documents (*.txt).", file=sys.stderr)
        return 2
    documents = sorted(Path(arguments[0]).glob("*.txt"))
    if not documents:
        print(f"There is no *.txt in {arguments[0]}.", file=sys.stderr)
        return 2
    prints = of_texts(path.read_text(encoding="utf-8") for path in documents)
    data = packed(prints)
    (HERE / Path(FILE).name).write_bytes(data)
    print(f"{len(documents)} documents, {len(prints)} runs of words, {len(data):,} bytes.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
