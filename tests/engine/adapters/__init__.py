"""Engines behind the protocol: one contract, held against the fake, Docker and Podman; and the parts they are made of."""
