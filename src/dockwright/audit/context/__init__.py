"""Context audit: what a build is sent, what of it is used, and which ignore file would send less."""
