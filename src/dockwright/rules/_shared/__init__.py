"""What rules of several families share: how compose files are loaded, what image a service runs."""
