"""Entry point of the command. `--version` and `compose` are answered before anything heavy is imported."""

import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        from dockwright import __version__

        print(f"dockwright {__version__}")
        return
    if sys.stderr is None:  # closed: whoever writes to it would fail
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - to the end of the process
    from dockwright.cli.memory import leave, without_collector

    with without_collector():  # to the very end: a collection at exit would look through everything once more
        if sys.argv[1:2] == ["compose"]:
            from dockwright.cli.compose import start

            leave(start(sys.argv[2:]))
        from dockwright.cli.msgspec_only import import_msgspec

        import_msgspec()
        from dockwright.cli.main import run

        leave(run(sys.argv[1:]))


if __name__ == "__main__":
    # `python -m` puts the working directory, which is the repository being read, in front of everything imported late.
    if not sys.flags.safe_path and sys.path and sys.path[0] == os.getcwd():
        del sys.path[0]
    main()
