"""The whole course, loaded and cross-checked. Pure: reads files, knows no Jupyter and no network."""

from crossings.curriculum.load import current, load, read
from crossings.curriculum.model import Course
from crossings.curriculum.problem import CourseError, Problem

__all__ = ["Course", "CourseError", "Problem", "current", "load", "read"]
