"""The audit on a terminal: the few things that matter, in the order in which they matter."""
