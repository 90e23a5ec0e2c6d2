"""What developers of dockwright use; not part of the package."""
