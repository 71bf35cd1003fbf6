"""nbgrader's check of cell metadata (schema 3), with its schema compiled once.

nbgrader compiles the schema, and the schema of schemas, for every cell: 6 ms each, most of what
restoring a notebook would cost. The rules beside the schema are nbgrader's own, inherited.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def validator() -> Any:
    """An nbgrader MetadataValidator of the newest schema, to be used again and again."""
    import fastjsonschema
    import jsonschema
    from nbgrader.nbgraderformat import MetadataValidator, SchemaTooNewError, SchemaTooOldError
    from nbgrader.nbgraderformat.common import BaseMetadataValidator

    class Compiled(BaseMetadataValidator):  # type: ignore[misc]
        """Comes after nbgrader's class in the order of methods: its `super()` finds this."""

        def validate_cell(self, cell: Any) -> None:
            if "nbgrader" not in cell.metadata:
                return
            meta = cell.metadata["nbgrader"]
            version = meta.get("schema_version", 0)
            if version < self.schema_version:
                raise SchemaTooOldError(f"Outdated schema version: {version}", version, 3)
            if version > self.schema_version:
                raise SchemaTooNewError(f"Schema version is too new: {version}", version, 3)
            try:
                self.fast(meta)
            except fastjsonschema.JsonSchemaException:
                jsonschema.validate(meta, self.schema)  # nbgrader's own word for it

    class Newest(MetadataValidator, Compiled):  # type: ignore[misc]
        pass

    made = Newest()
    made.fast = fastjsonschema.compile(made.schema)
    return made
