"""The networks that an installation has: the shipped one, and those in its data folder.

A network is named ``NAME@VERSION`` and lies in ``models/NAME@VERSION/`` of the data folder as ``models.export`` wrote
it.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from models.manifest import MANIFEST, SHIPPED, Manifest, WeightsUnusable, read_manifest

_FOLDER = "models"


@dataclass(frozen=True, slots=True)
class Installed:
    """A network in its folder: what its manifest says, or why it cannot be used."""

    folder: Path
    manifest: Manifest | None
    fault: WeightsUnusable | None = None

    @property
    def name(self) -> str:
        """``name@version``; the folder's name where the manifest cannot tell."""
        return self.manifest.full_name if self.manifest else self.folder.name

    @property
    def is_shipped(self) -> bool:
        """True for the network that came with flashclaim."""
        return self.folder == SHIPPED


class NotInstalled(LookupError):
    """No network by that name; ``known`` are those there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no network {name} is installed, only {', '.join(known)}")
        self.name, self.known = name, known


class NameTaken(ValueError):
    """Another network is installed under the same name and version: counts could not be told apart."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(f"another network is installed as {name} in {folder}")
        self.name, self.folder = name, folder


def look_at(folder: Path) -> Installed:
    """Read and check one folder; a fault is an answer."""
    try:
        return Installed(folder, read_manifest(folder))
    except WeightsUnusable as fault:
        return Installed(folder, None, fault)


def installed(home: Path) -> tuple[Installed, ...]:
    """Every network, the shipped one first, each read and checked against its hash.

    Args:
        home: The data folder; need not be there.
    """
    own = home / _FOLDER
    # What begins with a dot is a copy under way.
    folders = sorted(path for path in own.glob("[!.]*") if path.is_dir()) if own.is_dir() else []
    return tuple(look_at(folder) for folder in (SHIPPED, *folders))


def find(home: Path, name: str) -> Installed:
    """Return the network *name*, usable or not.

    Raises:
        NotInstalled: There is none.
    """
    everything = installed(home)
    for one in everything:
        if one.name == name:
            return one
    raise NotInstalled(name, tuple(one.name for one in everything))


def install(home: Path, source: Path) -> tuple[Installed, bool]:
    """Copy the network in *source* into the data folder *home*; false where the same one was there already.

    Raises:
        WeightsUnusable: *source* holds no whole network.
        NameTaken: Another network has its name and version.
    """
    manifest = read_manifest(source)
    target = home / _FOLDER / manifest.full_name
    for other in installed(home):
        if other.name == manifest.full_name or other.folder == target:
            if other.manifest == manifest:
                return other, False
            raise NameTaken(manifest.full_name, other.folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Copied beside and renamed: whoever looks meanwhile sees the whole network or none.
    with TemporaryDirectory(prefix=".", dir=target.parent) as scratch:
        copy = Path(scratch) / target.name
        copy.mkdir()
        for name in (MANIFEST, manifest.file):
            shutil.copyfile(source / name, copy / name)
        read_manifest(copy)
        copy.rename(target)
    return Installed(target, manifest), True
