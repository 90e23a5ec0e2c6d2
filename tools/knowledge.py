"""Compiles the knowledge tables from TOML, as people write them, to JSON, as the program reads them; or checks them.

python -m tools.knowledge write | check
"""

import sys
import tomllib
from pathlib import Path

import msgspec

DATA = Path(__file__).resolve().parent.parent / "src" / "dockwright" / "knowledge" / "data"


def compiled(path: Path) -> bytes:
    """The JSON of one TOML file."""
    return msgspec.json.format(msgspec.json.encode(tomllib.loads(path.read_text("utf-8"))), indent=0) + b"\n"


def main(action: str) -> int:
    folder = DATA / "compiled"
    wanted = {folder / f"{path.stem}.json": compiled(path) for path in sorted(DATA.glob("*.toml"))}
    stale = [path for path, data in wanted.items() if not path.exists() or path.read_bytes() != data]
    surplus = [path for path in folder.glob("*.json") if path not in wanted]
    if action == "check":
        for path in (*stale, *surplus):
            print(f"{path.name}: not what the TOML says; run `python -m tools.knowledge write`")
        return 1 if stale or surplus else 0
    folder.mkdir(exist_ok=True)
    for path in stale:
        path.write_bytes(wanted[path])
    for path in surplus:
        path.unlink()
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["write"], ["check"]):
        sys.exit("usage: python -m tools.knowledge write | check")
    sys.exit(main(sys.argv[1]))
