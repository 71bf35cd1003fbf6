"""What marking costs: our runner beside nbgrader, otter and the floor."""
