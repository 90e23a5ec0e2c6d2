"""Container engines: Docker and Podman behind one protocol. The only place that starts a process of an engine."""
