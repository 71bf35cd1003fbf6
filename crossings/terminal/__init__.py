"""What people read and type in a terminal: the tools for authors of cases, a case played there."""
