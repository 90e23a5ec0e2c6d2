"""The report on images, for people and programs."""
