"""Base images from Debian's packages, tagged as the names fixtures use and labelled as the stand-ins they are."""

import io
import subprocess
import tarfile
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


BUSYBOX = "dockwright-lab:busybox"


def busybox(name: str = BUSYBOX) -> str:
    """A small base with a shell, for builds by the hundred: Debian's static busybox on an empty image."""
    if not present(name):
        docker("import", "--change", f"LABEL {LABEL}", "-", name, stdin=busybox_root())
    return name


def busybox_root() -> bytes:
    """The root file system of that base as a tar, made once."""
    tar = HOME / "busybox" / "root.tar"
    if not tar.exists():
        folder = HOME / "busybox"
        (folder / "download").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["apt-get", "-q", "download", "busybox-static"],
            cwd=folder / "download",
            capture_output=True,
            check=False,
        )
        packages = sorted((folder / "download").glob("busybox-static_*.deb"))
        if done.returncode or not packages:
            raise RuntimeError(
                f"apt-get download busybox-static: {done.stderr.decode('utf-8', 'replace')[-2000:]}"
            )
        subprocess.run(["dpkg-deb", "--extract", str(packages[-1]), str(folder / "package")], check=True)
        program = next(path for path in (folder / "package").rglob("bin/busybox"))
        tar.write_bytes(_root_of(program))
    return tar.read_bytes()


def _root_of(program: Path) -> bytes:
    """A root file system with busybox under the names of all it can do, as a tar."""
    names = subprocess.run([str(program), "--list"], capture_output=True, check=True).stdout.decode().split()
    files = {
        "bin/busybox": (program.read_bytes(), 0o755),
        "etc/passwd": (b"root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n", 0o644),
        "etc/group": (b"root:x:0:\nuser:x:1000:\n", 0o644),
    }
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for path in ("bin", "etc", "tmp", "root", "proc", "sys", "dev"):
            folder = tarfile.TarInfo(path)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(folder)
        for path, (data, mode) in files.items():
            file = tarfile.TarInfo(path)
            file.size, file.mode = len(data), mode
            archive.addfile(file, io.BytesIO(data))
        for name in sorted({*names} - {"busybox"}):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
    return made.getvalue()


PYTHON = "dockwright-lab:python"
_AUTHORITIES = Path("/usr/local/share/ca-certificates")
_PYTHON = f"""FROM debian:bookworm-slim
COPY certificates /usr/local/share/ca-certificates/
RUN apt-get update \\
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-pip python-is-python3 \\
 && rm -rf /var/lib/apt/lists/*
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \\
    PIP_BREAK_SYSTEM_PACKAGES=1 PIP_DISABLE_PIP_VERSION_CHECK=1
LABEL {LABEL}
"""


def python(name: str = PYTHON) -> str:
    """A stand-in for python:3.11-slim from Debian's packages, with this machine's own certificate authorities."""
    if not present(name):
        debian()
        folder = HOME / "python"
        (folder / "certificates").mkdir(parents=True, exist_ok=True)
        for file in _AUTHORITIES.glob("*.crt"):
            (folder / "certificates" / file.name).write_bytes(file.read_bytes())
        (folder / "certificates" / "none.crt.txt").write_text("so that there is something to copy\n")
        (folder / "Dockerfile").write_text(_PYTHON)
        docker("build", "--quiet", "--tag", name, str(folder))
    return name
