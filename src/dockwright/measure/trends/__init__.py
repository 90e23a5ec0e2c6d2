"""How measured values of a target go over time, and where they changed for good."""
