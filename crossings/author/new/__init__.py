"""New cases, modules and items: files that load at once, and say what to write where."""

from crossings.author.new.made import Made, NewError

__all__ = ["Made", "NewError"]
