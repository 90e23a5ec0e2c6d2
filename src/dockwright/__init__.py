"""dockwright: from a repository with sprawled Docker files to one proven source of truth."""

__version__ = "0.1.0"

__all__ = ["__version__"]
