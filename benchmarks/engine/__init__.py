"""Steps a second and memory of the two engines, and of inkjs on the same graphs."""
