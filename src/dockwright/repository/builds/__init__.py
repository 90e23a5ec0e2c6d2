"""The ways in which a repository builds images: one module per kind of file that says so."""
