"""What a trainee reads. No word here shows an expected value, an input or a test's text."""

from __future__ import annotations

WHY: dict[str, str] = {
    "not there": "There is nothing to check yet: the name is not defined.",
    "raised": "Your code stopped with an error.",
    "unsupported": "This is an object of a kind that the check cannot read. Use plain numbers, "
    "texts, lists or data frames.",
    "too large": "This is much larger than it should be.",
    "kind": "The answer is of another kind than asked for. Read in the task what it must be.",
    "value": "The value is not right yet.",
    "not a number": "This is not a number.",
    "number": "The number is not right yet.",
    "not a text": "This is not a text.",
    "text": "The text is not right yet.",
    "not a table": "This is not a data frame.",
    "columns": "The columns are not the ones that the task asks for.",
    "column order": "The columns are right, but in another order.",
    "rows": "The number of rows is not right.",
    "row order": "The rows are right, but in another order.",
    "index": "The index (the row names) is not right.",
    "dtypes": "A column holds values of another type than asked for, for example text, not dates.",
    "cells": "The form of the table is right, but some values in it are not.",
    "not a chart": "There is no chart here to check. Keep the axes in the variable that is named.",
    "axis labels": "Both axes need a label.",
    "no title": "The chart needs a title.",
    "title": "A word that the title must have is missing.",
    "title says too much": "The title says more than the chart shows.",
    "axis start": "The axis of the values must start at 0.",
    "numbers": "The marks must carry their numbers.",
    "marks": "The chart is not of the kind that the task asks for.",
    "charts": "The number of charts is not right.",
    "drawn data": "The chart does not show the right values.",
    "no function": "There is no function here to try.",
    "function": "The function does not give the right answer for every input that was tried.",
    "changed input": "The function changes what it is given. It must leave it as it is.",
    "missing check": "The test ended before this check was reached.",
}

NOT_PASSED = "A check of this question did not pass."
RECORDED = "recorded; it is compared when your work is marked"
RIGHT = "right"
NOT_YET = "not yet"
