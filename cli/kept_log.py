"""What this machine keeps of a server's audit log for one organisation: the last checkpoint that it found to follow.

    FLASHCLAIM_CLI_FOLDER/audit/<server>_<organisation>/
      checkpoint.json          the checkpoint, the installation's keys, the tree's edge, our co-signature
      checkpoint.json.leaves   every record's leaf hash under it, 32 bytes each, in the log's order
      contradiction-*.json     what a server showed that does not follow

The leaf hashes are what names the first bad record later: a root alone says only that there is one.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any  # JSON from the server and from our own file
from urllib.parse import quote, urlsplit

from backend.domain.ids import KeyId
from backend.domain.merkle.checkpoint import Checkpoint
from backend.domain.merkle.problems import HistoryRewritten, InstallationUnknown, ProofUnreadable
from backend.domain.merkle.tree import Frontier
from backend.domain.merkle.verifying import extends
from backend.domain.proof.keys import installation_key, unintroduced
from backend.domain.signatures import Signature
from backend.ed25519 import fits
from cli.vault import cli_folder, write_private

if TYPE_CHECKING:
    from cli.client import Api

LEAF = 32
FORM = "flashclaim/kept-checkpoint/1"
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that was found to follow the one before it."""

    checkpoint: Checkpoint
    signature: Signature
    keys: tuple[Mapping[str, Any], ...]
    subtrees: tuple[bytes, ...]
    cosigned: Mapping[str, Any] | None = None

    @property
    def key_ids(self) -> frozenset[str]:
        """Keys of the installation that were known, or confirmed, when this was kept."""
        return frozenset(str(one["key_id"]) for one in self.keys)

    def as_json(self) -> dict[str, Any]:
        """The file's content."""
        made = self.checkpoint
        return {
            "form": FORM,
            "installation": made.installation,
            "checkpoint": {
                "size": made.size,
                "root": made.root,
                "at": made.at.isoformat(timespec="microseconds"),
                "key_id": self.signature.key_id,
                "signature": self.signature.value,
            },
            "keys": [*self.keys],
            "subtrees": [one.hex() for one in self.subtrees],
            "cosigned": self.cosigned,
        }


def read_kept(path: Path) -> Kept:
    """A checkpoint out of a file.

    Raises:
        ProofUnreadable: It is none, or no key in it signed it.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["form"] != FORM:
            raise ProofUnreadable(f"{path} is of form {said['form']!r}, not {FORM}")
        kept = replace(
            _shown(said),
            subtrees=tuple(bytes.fromhex(one) for one in said["subtrees"]),
            cosigned=said["cosigned"],
        )
        is_whole = Frontier(kept.checkpoint.size, kept.subtrees).root.hex() == kept.checkpoint.root
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise ProofUnreadable(f"{path}: {wrong}") from wrong
    if not is_whole:
        raise ProofUnreadable(f"{path} contradicts itself: its root is not over its subtrees")
    _require_signed(kept)
    return kept


def kept_leaves(path: Path) -> Iterator[bytes] | None:
    """The leaf hashes beside a checkpoint's file, in order; None where they were not kept."""
    leaves = leaves_of(path)
    return _leaves(leaves) if leaves.exists() else None


def leaves_of(path: Path) -> Path:
    """The file of leaf hashes that goes with a checkpoint's file."""
    return path.with_name(path.name + ".leaves")


def _leaves(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(LEAF * _PIECE):
            for at in range(0, len(piece), LEAF):
                yield piece[at : at + LEAF]


class KeptLog:
    """One organisation's own record of one server's log, on this machine."""

    def __init__(self, server: str, organisation: str) -> None:
        self.folder = cli_folder() / "audit" / quote(f"{urlsplit(server).netloc}_{organisation}", safe="")
        self.file = self.folder / "checkpoint.json"

    def load(self) -> Kept | None:
        """What is kept; None before the first time.

        Raises:
            ProofUnreadable: The file is damaged.
        """
        return read_kept(self.file) if self.file.exists() else None

    def advance(self, api: "Api", *, accept_key: str = "", most_leaves: int | None = None) -> Kept:
        """Fetch the newest checkpoint, make sure that it follows what is kept, and keep it instead.

        Args:
            api: The server, as somebody who has signed in.
            accept_key: A key of the installation that nobody known vouches for, and that was confirmed by phone.
            most_leaves: Go no further than so many records at a time; what is kept then stays.

        Raises:
            HistoryRewritten: It does not follow. What the server showed is kept beside, as evidence.
            InstallationUnknown: Another installation, or a key that nobody vouches for.
            Refused: By the server.
        """
        shown = api.get("audit", "checkpoint")
        fresh, kept = _shown(shown | {"cosigned": None}), self.load()
        _require_known(fresh, kept, accept_key)
        _require_signed(fresh)
        if kept is None:
            kept = replace(fresh, checkpoint=replace(fresh.checkpoint, size=0, root=""), subtrees=())
        behind = fresh.checkpoint.size - kept.checkpoint.size
        if most_leaves is not None and behind > most_leaves:
            return kept
        try:
            frontier, leaves = self._followed(api, kept, fresh)
        except HistoryRewritten:
            self._keep_contradiction(shown)
            raise
        after = replace(fresh, subtrees=frontier.subtrees, cosigned=kept.cosigned if behind == 0 else None)
        self._append(kept.checkpoint.size, leaves)
        self.keep(after)
        return after

    def keep(self, kept: Kept) -> None:
        """Keep this from now on."""
        write_private(self.file, json.dumps(kept.as_json(), ensure_ascii=False, indent=2) + "\n")

    def copy_to(self, path: Path) -> None:
        """Put what is kept into a file of one's own, and its leaf hashes beside it."""
        shutil.copyfile(leaves_of(self.file), leaves_of(path))
        shutil.copyfile(self.file, path)

    def _followed(self, api: "Api", kept: Kept, fresh: Kept) -> tuple[Frontier, bytes]:
        """The tree's edge at the new checkpoint, and the leaves that it took from the kept one to there."""
        old, new = kept.checkpoint, fresh.checkpoint
        if new.size < old.size:
            raise HistoryRewritten(f"{old.size} records were kept here, the server shows {new.size}")
        if old.size and new.size > old.size:
            said = api.get("audit", "consistency", old=old.size, new=new.size)
            is_longer = extends(
                old_size=old.size,
                old_root=bytes.fromhex(old.root),
                new_size=new.size,
                new_root=bytes.fromhex(new.root),
                proof=[bytes.fromhex(one) for one in said["proof"]],
            )
            if not is_longer:
                raise HistoryRewritten(f"the first {old.size} records are no longer those that were kept")
        frontier, leaves = Frontier(old.size, kept.subtrees), bytearray()
        while frontier.size < new.size:
            most = min(_PIECE, new.size - frontier.size)
            piece = api.content("audit", "leaves", start=frontier.size, most=most)
            if not piece or len(piece) % LEAF:
                raise HistoryRewritten(f"the server does not show the records after {frontier.size}")
            for at in range(0, len(piece), LEAF):
                frontier.add(piece[at : at + LEAF])
            leaves += piece
        if frontier.root.hex() != new.root:
            raise HistoryRewritten(
                f"the checkpoint over {new.size} records is not over what was kept and shown"
            )
        return frontier, bytes(leaves)

    def _append(self, size: int, leaves: bytes) -> None:
        path = leaves_of(self.file)
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            # What an earlier run appended before it was cut off is not under the checkpoint that is kept.
            file.truncate(size * LEAF)
            file.seek(size * LEAF)
            file.write(leaves)
            file.flush()
            os.fsync(file.fileno())

    def _keep_contradiction(self, shown: Mapping[str, Any]) -> None:
        said = shown["checkpoint"]
        path = self.folder / f"contradiction-{said['size']}-{said['root'][:8]}.json"
        write_private(path, json.dumps(shown, ensure_ascii=False, indent=2) + "\n")


def _shown(said: Mapping[str, Any]) -> Kept:
    made = said["checkpoint"]
    checkpoint = Checkpoint(
        said["installation"], made["size"], made["root"], datetime.fromisoformat(made["at"])
    )
    return Kept(checkpoint, Signature(KeyId(made["key_id"]), made["signature"]), tuple(said["keys"]), ())


def _require_signed(kept: Kept) -> None:
    key = next((one for one in map(installation_key, kept.keys) if one.key_id == kept.signature.key_id), None)
    made = kept.checkpoint
    if key is None or not key.was_good(made.at) or not fits(key.public_key, kept.signature, made.document):
        raise HistoryRewritten(f"the checkpoint over {made.size} records is not signed by the installation")


def _require_known(fresh: Kept, kept: Kept | None, accept_key: str) -> None:
    """The keys that were known, and after them only such as they vouch for."""
    known = {one["key_id"]: one["public_key"] for one in kept.keys} if kept else {}
    first = fresh.keys[0]["key_id"] if fresh.keys else ""
    if first != fresh.checkpoint.installation or (
        kept and fresh.checkpoint.installation != kept.checkpoint.installation
    ):
        raise InstallationUnknown(f"the server is installation {fresh.checkpoint.installation}")
    shown = {one["key_id"]: one["public_key"] for one in fresh.keys}
    if any(shown.get(key_id) != public for key_id, public in known.items()):
        raise InstallationUnknown("the server no longer shows a key that was known here")
    if [*shown][: len(known)] != [*known]:
        raise InstallationUnknown("the server shows a key between those that were known here")
    strangers = [one for one in unintroduced(fresh.keys, fits) if one not in known and one != accept_key]
    # The first time there is nothing to compare with: people compare the key's id, by phone.
    if kept and strangers:
        raise InstallationUnknown(f"key {strangers[0]} signs, and no key known here vouches for it")


def cosignature_body(kept: Kept, signed: Mapping[str, str]) -> dict[str, object]:
    """What is sent to stand by the checkpoint."""
    return {"size": kept.checkpoint.size, "root": kept.checkpoint.root, **signed}
