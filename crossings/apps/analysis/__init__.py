"""The analysis of a class as a trainer reads it: on the desk, as an HTML page, as a notebook."""
