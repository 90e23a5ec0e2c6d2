"""Base images from Debian's packages, tagged as the names fixtures use and labelled as the stand-ins they are."""

import subprocess
from pathlib import Path

from tests.lab.engine import HOME, docker

LABEL = "dockwright.lab=stand-in"
EXCLUDED = "/usr/share/{doc,man,locale}/*"


def present(name: str) -> bool:
    return docker("image", "inspect", name, check=False).returncode == 0


def debian(name: str = "debian:bookworm-slim") -> None:
    """A minimal Debian, made by mmdebstrap and imported under `name`."""
    if present(name):
        return
    tar = HOME / "bookworm.tar"
    if not tar.exists():
        partial = tar.with_suffix(".partial")
        subprocess.run(
            [
                "mmdebstrap",
                "--quiet",
                "--variant=minbase",
                "--format=tar",
                f"--dpkgopt=path-exclude={EXCLUDED}",
                "bookworm",
                str(partial),
                mirror_line(),
            ],
            check=True,
        )
        partial.rename(tar)
    docker("import", "--change", f"LABEL {LABEL}", str(tar), name)


def mirror_line() -> str:
    """The `deb` line for mmdebstrap, from this machine's own source."""
    from tests.lab.packages import mirror

    return f"deb {mirror()} bookworm main"


def scratch_like(names: list[str]) -> None:
    """Empty stand-ins for base images of which only the name matters (COPY checks): one small file each."""
    for name in names:
        if not present(name):
            folder = Path(HOME / "empty")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "Dockerfile").write_text(f"FROM scratch\nLABEL {LABEL}\nCOPY Dockerfile /stand-in\n")
            docker("build", "--quiet", "--tag", name, str(folder))
