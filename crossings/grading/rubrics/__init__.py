"""What a person marks, and by what: the questions of an assignment with their rubrics.

questions.py  each question that a person marks: criteria, levels, examples, a good answer
given.py      what the trainees wrote, as text that can be shown without harm
shown.py      the rubric as HTML, for nbgrader's formgrader
"""

from crossings.grading.rubrics.questions import Criterion, Question, questions

__all__ = ["Criterion", "Question", "questions"]
