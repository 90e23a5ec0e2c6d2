"""An image beside the Dockerfile that made it: every byte with its instruction, line, cause, and what would remove it."""
