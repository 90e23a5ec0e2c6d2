"""What package managers have installed in an image, from their own lists; none of them is run."""
