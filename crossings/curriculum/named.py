"""What a question of a notebook assignment is called, where one assignment has several notebooks.

nbgrader keeps the ids of cells apart by notebook only: two notebooks may both have a cell `count`.
A question's name is therefore the cell's id, with the notebook's name before it (`part-2/count`)
unless the notebook is called as the assignment is. So a name does not change when another notebook
comes or goes, and it says by itself where its cell stands. Ids of cells have no `/`.
"""

from __future__ import annotations


def question(assignment: str, notebook: str, cell: str) -> str:
    """The name of the question in `cell` of `notebook`, unique in the assignment."""
    return cell if notebook == assignment else f"{notebook}/{cell}"


def place(assignment: str, name: str) -> tuple[str, str]:
    """The notebook and the cell of the question called `name`."""
    notebook, _, cell = name.rpartition("/")
    return notebook or assignment, cell
