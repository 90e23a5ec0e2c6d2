"""Small images made in memory: tars of layers, archives as `docker save` and OCI layouts write them."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Sequence
from typing import Any

from dockwright.image.entries import Layer
from dockwright.image.layers import Reader
from dockwright.image.limits import DEFAULT

TYPES = {"file": tarfile.REGTYPE, "dir": tarfile.DIRTYPE, "link": tarfile.LNKTYPE, "symlink": tarfile.SYMTYPE,
         "fifo": tarfile.FIFOTYPE, "char": tarfile.CHRTYPE}  # fmt: skip


class Item:
    """One tar entry to be."""

    def __init__(
        self, path: str, data: bytes | int = b"", kind: str = "file", link: str = "", **fields: Any
    ) -> None:
        content = bytes(data) if isinstance(data, int) else data
        self.data = content
        self.info = tarfile.TarInfo(path)
        self.info.type = TYPES[kind]
        self.info.size = len(content)
        self.info.linkname = link
        self.info.mode = 0o755 if kind == "dir" else 0o644
        for name, value in fields.items():
            setattr(self.info, name, value)


def tar(items: Iterable[Item], form: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for item in items:
            archive.addfile(item.info, io.BytesIO(item.data))
    return made.getvalue()


def layer(*items: Item) -> Layer:
    """A layer as the reader makes it of a tar."""
    return Reader(DEFAULT).layer("layer", [tar(items)], "test")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def config(layers: Sequence[bytes], **more: Any) -> bytes:
    content = {
        "architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": ["sh"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha(data)}" for data in layers]},
        "history": [{"created_by": f"RUN step {number}"} for number in range(len(layers))], **more,
    }  # fmt: skip
    return json.dumps(content).encode()


def old_archive(layers: Sequence[bytes], tag: str = "app:1", last: bool = True, **more: Any) -> bytes:
    """As `docker save` before 25 wrote it: a folder per layer, `manifest.json` last."""
    document = config(layers, **more)
    names = [f"{number:064x}/layer.tar" for number in range(len(layers))]
    manifest = json.dumps([{"Config": f"{sha(document)}.json", "RepoTags": [tag], "Layers": names}]).encode()
    items = [Item(name, data) for name, data in zip(names, layers, strict=True)]
    items.append(Item(f"{sha(document)}.json", document))
    items.insert(len(items) if last else 0, Item("manifest.json", manifest))
    return tar(items, tarfile.USTAR_FORMAT)


def blob(data: bytes, kind: str) -> dict[str, Any]:
    return {"mediaType": kind, "digest": f"sha256:{sha(data)}", "size": len(data)}


def oci_files(
    images: dict[str, Sequence[bytes]], pack: Any = gzip.compress, tag: str = "app:1"
) -> dict[str, bytes]:
    """The files of an OCI layout with an image per platform."""
    files: dict[str, bytes] = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}
    manifests = []
    for platform, layers in images.items():
        system, _, rest = platform.partition("/")
        architecture, _, variant = rest.partition("/")
        document = config(layers, os=system, architecture=architecture, variant=variant)
        packed = [pack(data) for data in layers]
        manifest = json.dumps({
            "schemaVersion": 2, "config": blob(document, "application/vnd.oci.image.config.v1+json"),
            "layers": [blob(data, "application/vnd.oci.image.layer.v1.tar+gzip") for data in packed],
        }).encode()  # fmt: skip
        for data in (document, manifest, *packed):
            files[f"blobs/sha256/{sha(data)}"] = data
        described = blob(manifest, "application/vnd.oci.image.manifest.v1+json")
        parts = {"os": system, "architecture": architecture, **({"variant": variant} if variant else {})}
        manifests.append({**described, "platform": parts})
    index = json.dumps({"schemaVersion": 2, "manifests": manifests}).encode()
    files[f"blobs/sha256/{sha(index)}"] = index
    top = {
        **blob(index, "application/vnd.oci.image.index.v1+json"),
        "annotations": {"io.containerd.image.name": tag},
    }
    files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [top]}).encode()
    return dict(sorted(files.items()))


def oci_tar(files: dict[str, bytes]) -> bytes:
    return tar([Item(name, data) for name, data in files.items()])
