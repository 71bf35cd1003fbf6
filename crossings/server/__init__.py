"""The two doors: the learner site, which executes nothing, and the staff site. Wiring only."""
