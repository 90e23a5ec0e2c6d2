"""What a comparison of two images says, for people and machines."""
