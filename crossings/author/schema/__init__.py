"""The models as JSON Schemas, so that editors complete, explain and check author's files."""

from crossings.author.schema.export import FILES, exported, write

__all__ = ["FILES", "exported", "write"]
