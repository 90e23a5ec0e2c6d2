"""`python -m tests.lab up|status|down`."""

import sys

from tests.lab import engine, images, packages, podman


def main(action: str) -> None:
    if action == "down":
        print("stopped" if engine.stop() else "the lab started nothing that still runs")
        return
    if action == "up":
        engine.start()
        images.busybox()
        images.debian()
        podman.start()
        packages.install_watchers()
    if not engine.answers():
        sys.exit("no container engine answers; `python -m tests.lab up` starts one")
    versions = {**engine.versions(), **podman.versions()}
    print(", ".join(f"{name} {version}" for name, version in versions.items()))


if __name__ == "__main__":
    if sys.argv[1:] not in (["up"], ["status"], ["down"]):
        sys.exit("usage: python -m tests.lab up | status | down")
    main(sys.argv[1])
