"""What stops two stacks, or two copies of one, from running on one machine at the same time."""
