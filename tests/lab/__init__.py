"""The lab: real container engines and base images for tests, where no registry can be reached.

    python -m tests.lab up      install what is missing, start what does not run, make the base images
    python -m tests.lab status  what runs, in which version
    python -m tests.lab down    stop what the lab started, and only that

Podman is there beside Docker: it has no daemon, so there is nothing to start or stop, only to install and to set up.
Everything is idempotent. Installing needs root on a Debian machine; where an engine already runs it is used as it is.
"""
