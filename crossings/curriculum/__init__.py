"""The whole course, loaded and cross-checked. Pure: it reads files and no more."""

from crossings.curriculum.load import current, load, read
from crossings.curriculum.model import Course
from crossings.curriculum.problem import CourseError, Problem

__all__ = ["Course", "CourseError", "Problem", "current", "load", "read"]
