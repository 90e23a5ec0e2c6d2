"""What is told of resolved compose stacks: differences, proofs, collisions, environments."""
