"""The checks of tabletop exercises, one kind in each module."""
