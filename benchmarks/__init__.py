"""One command each; results in a table. See each module."""
