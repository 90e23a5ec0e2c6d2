"""`dockwright diff --scan`: what scanners say of one side only, read from JSON of their own form."""

import json
import os
from pathlib import Path

import pytest

from dockwright.engine.faults import Failed
from dockwright.errors import UsageError
from dockwright.measure.scanning import arguments
from tests.cli.test_diff import archive, run
from tests.image.tars import Item


def trivy(*found: tuple[str, str, str]) -> object:
    rows = [
        {
            "VulnerabilityID": name,
            "PkgName": package,
            "InstalledVersion": version,
            "Severity": "HIGH",
            "Title": "x",
        }
        for name, package, version in found
    ]
    return {
        "SchemaVersion": 2,
        "Results": [{"Target": "os", "Class": "os-pkgs"}, {"Target": "x", "Vulnerabilities": rows}],
    }


def grype(*found: tuple[str, str, str]) -> object:
    return {
        "matches": [
            {
                "vulnerability": {"id": name, "severity": "Low", "fix": {}},
                "artifact": {"name": package, "version": version, "type": "deb"},
            }
            for name, package, version in found
        ]
    }


def syft(*found: tuple[str, str, str]) -> object:
    return {"artifacts": [{"name": name, "version": version, "type": kind} for kind, name, version in found]}


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two archives, and a PATH on which no scanner is."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return archive(tmp_path, "one.tar", [Item("a", b"1")]), archive(tmp_path, "other.tar", [Item("a", b"1")])


def scanner(folder: Path, name: str, before: object, after: object, code: int = 0) -> None:
    """A program that answers with one document for the first image and another for the second."""
    for side, document in (("one", before), ("other", after)):
        text = document if isinstance(document, str) else json.dumps(document)
        (folder / f"{name}-{side}.json").write_text(text)
    script = folder / "bin" / name
    script.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *one.tar*) /bin/cat "{folder}/{name}-one.json";; *) /bin/cat "{folder}/{name}-other.json";; esac\n'
        f"[ {code} = 0 ] || echo no database >&2\nexit {code}\n"
    )
    script.chmod(0o755)


def test_new_and_fixed_findings(images: tuple[str, str], tmp_path: Path) -> None:
    scanner(
        tmp_path,
        "trivy",
        trivy(("CVE-1", "curl", "7"), ("CVE-2", "zlib", "1")),
        trivy(("CVE-2", "zlib", "1"), ("CVE-3", "curl", "8")),
    )
    scanner(tmp_path, "grype", grype(), grype(("GHSA-1", "left-pad", "1.0")))
    scanner(
        tmp_path,
        "syft",
        syft(("go-module", "x/net", "1"), ("deb", "curl", "7")),
        syft(("go-module", "x/net", "2")),
    )
    found = run(*images, "--scan")
    assert found.return_value == 1  # x/net is another version
    assert "changed  go-module  x/net 1 → 2" in found.stdout
    assert found.stdout.split("finding")[0].endswith("trivy, grype and syft: 3 ")
    assert [line.split()[:3] for line in found.stdout.splitlines() if "CVE" in line or "GHSA" in line] == [
        ["new", "high", "CVE-3"], ["fixed", "high", "CVE-1"], ["new", "low", "GHSA-1"],
    ]  # fmt: skip
    report = json.loads(run(*images, "--scan", "--format", "json").stdout)
    assert report["findings"][0] == {
        "change": "new", "scanner": "trivy", "id": "CVE-3", "package": "curl", "version": "8", "severity": "high",
    }  # fmt: skip


def test_the_same_findings_on_both_sides(images: tuple[str, str], tmp_path: Path) -> None:
    scanner(tmp_path, "trivy", trivy(("CVE-1", "curl", "7")), trivy(("CVE-1", "curl", "7")))
    found = run(*images, "--scan")
    assert found.return_value == 0
    assert "trivy: the same findings on both sides" in found.stdout


def test_a_scanner_that_fails_or_says_something_else(images: tuple[str, str], tmp_path: Path) -> None:
    scanner(tmp_path, "grype", "", "", code=1)
    with pytest.raises(Failed, match=r"`grype` cannot scan .*no database"):
        run(*images, "--scan")
    scanner(tmp_path, "grype", "<html>", "<html>")
    with pytest.raises(Failed, match="wrote no JSON of its kind"):
        run(*images, "--scan")


def test_no_scanner_is_a_mistake_only_when_asked_for(images: tuple[str, str]) -> None:
    assert run(*images).return_value == 0
    with pytest.raises(UsageError, match="none of trivy, grype, syft is on PATH"):
        run(*images, "--scan")
    with pytest.raises(UsageError, match="standard input passes once"):
        run(images[0], "-", "--scan", given=Path(images[0]).read_bytes())


def test_how_scanners_are_started(tmp_path: Path) -> None:
    tar = tmp_path / "a.tar"
    tar.touch()
    assert arguments("trivy", str(tar), "docker")[-2:] == ("--input", str(tar))
    assert arguments("trivy", "app:1", "podman")[-3:] == ("--image-src", "podman", "app:1")
    assert arguments("grype", str(tar), "docker")[1] == f"docker-archive:{tar}"
    assert arguments("syft", os.fspath(tmp_path), "docker")[1] == f"oci-dir:{tmp_path}"
    assert arguments("syft", "app:1", "podman")[1] == "podman:app:1"
