"""Networks of an insurer's own, as ``models.export`` would have written them."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from models.manifest import SHIPPED

OWN = "own-farms"


def an_export(folder: Path, version: str = "7", **fields: Any) -> Path:
    """A folder with a network that counts as the shipped one does, and is another one by name and hash."""
    shutil.copytree(SHIPPED, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    network = folder / manifest["file"]
    # One more field of the file that no reader knows: the same network under another hash.
    network.write_bytes(network.read_bytes() + b"\xfa\x7f\x00")
    own = {"name": OWN, "version": version, "sha256": hashlib.sha256(network.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest | own | fields))
    return folder


def with_other_lines(folder: Path, version: str, **lines: float) -> Path:
    """A folder with the shipped network as another version, which counts from other scores."""
    shutil.copytree(SHIPPED, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["version"] = version
    for scores in manifest["thresholds"].values():
        scores.update(lines)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder
