"""Cache keys: what BuildKit identifies each step by, and which steps of a build it would find in its cache."""
