"""What a replay has found, for people and programs."""
