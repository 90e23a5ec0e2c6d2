"""Entry point of the command. `--version` is answered before anything heavy is imported."""

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        from dockwright import __version__

        print(f"dockwright {__version__}")
        return
    from dockwright.cli.memory import leave, without_collector

    with without_collector():  # to the very end: a collection at exit would look through everything once more
        from dockwright.cli.main import run

        leave(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
