"""A full room: simulated participants over real HTTP and EventSource, ours beside its peers."""
