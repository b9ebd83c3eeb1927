"""Back up while the server runs; restore into an empty place, and prove that what came out is what went in."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from backend.adapters.blobs import BlobCorrupt, BlobMissing, Blobs, BlobStoreFull
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.problems import StorageFull
from backend.store.copying import Progress, require_empty
from backend.store.dump import dumping, refill
from backend.store.engine import DatabaseEngine
from backend.store.migrate import is_known
from backend.store.payment_gate import turn
from backend.store.refusals import CopyDiffers, TargetNotEmpty
from backend.store.replay import Replay, events_digest, replay
from backend.workflows.archive import FORMAT, Archive, BackupTooNew, Manifest, new_archive

_AT_ONCE = 4
"""Photos copied side by side: at most 80 MB in memory, and a bucket's answers overlap."""

_RESTORER = Officer(OfficerId("server-restore"), "server restore", OrganisationId("server"), None)
"""Who stops payments after a restore: nobody has signed in yet."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A finished backup; ``photos_new`` were not in the folder yet."""

    path: Path
    manifest: Manifest
    photos_new: int
    seconds: float

    def as_json(self) -> dict[str, object]:
        """For ``server backup --json``."""
        return _described(self.path, self.manifest) | {
            "photos_new": self.photos_new,
            "photos_missing": self.manifest.photos_missing,
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; ``replayed`` is None after a check alone."""

    path: Path
    manifest: Manifest
    replayed: Replay | None
    is_stopped: bool
    seconds: float

    def as_json(self) -> dict[str, object]:
        """For ``server restore --json``."""
        return _described(self.path, self.manifest) | {
            "restored": self.replayed is not None,
            "claims": self.replayed.claims if self.replayed else None,
            "events": self.replayed.events if self.replayed else None,
            "payouts_stopped": self.is_stopped,
            "photos_missing": self.manifest.photos_missing,
            "seconds": round(self.seconds, 2),
        }


def back_up(
    database: str, blobs: Blobs, folder: Path, *, version: str, at: datetime, progress: Progress
) -> Saved:
    """Save everything under *folder*: all tables at one moment, and the photos that are not there yet.

    Raises:
        BackupUnwritable: The folder cannot be made, or has no room.
        PhotoStoreUnavailable: The photos cannot be read now.
        SchemaOutdated, DatabaseUnusable: As ``dumping``.
    """
    began = time.monotonic()
    with new_archive(folder, at) as archive:
        with dumping(database) as dump:
            files = [archive.write_table(lines, progress) for lines in dump.tables()]
            schema, digest = dump.schema, dump.events_digest
        # After the tables: a photo is in the store before it is recorded, so none that they name can be too young.
        photos, new, missing = _copy_photos(blobs, archive, progress)
        manifest = Manifest(FORMAT, version, at, schema, files, digest, photos, missing)
        archive.write_manifest(manifest)
    return Saved(archive.path, manifest, new, time.monotonic() - began)


def check(archive: Archive, *, progress: Progress) -> Restored:
    """Read every byte of a backup, and restore nothing.

    Raises:
        BackupDamaged, BackupTooNew: As ``restore``.
    """
    began = time.monotonic()
    return Restored(archive.path, _checked(archive, progress), None, False, time.monotonic() - began)


def restore(
    archive: Archive, database: str, blobs: Blobs, *, with_photos_there: bool, progress: Progress
) -> Manifest:
    """Put a backup back into an empty database and an empty photo store.

    Everything is read and checked before anything is written.

    Args:
        archive: What to restore.
        database: Where the tables go.
        blobs: Where the photos go.
        with_photos_there: The photo store may hold photos, as after the loss of the database alone: what is in it
            and right stays.
        progress: Told how far it is.

    Raises:
        BackupDamaged: A file or photo is gone or has changed.
        BackupTooNew: A newer version made it.
        TargetNotEmpty: There is something in the target already.
        StorageFull, PhotoStoreUnavailable: The photo store takes no more.
        CopyDiffers: The database does not give back what it was given; it was left empty.
    """
    require_empty(database)
    if not with_photos_there and not blobs.is_empty():
        raise TargetNotEmpty("the photo store holds photos; --photos-stay uses those that are right")
    manifest = _checked(archive, progress)
    _put_photos(archive, manifest, blobs, progress)
    tables = [(one.facts, partial(archive.lines, one.table)) for one in manifest.tables]
    refill(database, manifest.schema, tables, progress)
    return manifest


def prove(engine: DatabaseEngine, manifest: Manifest, progress: Progress) -> Replay:
    """Work out what is restored from its events, and compare.

    Raises:
        CopyDiffers: An event, a list or a claim is not what its events say.
    """
    done = engine.read(lambda connection: replay(connection, progress), EVERYWHERE)
    digest = engine.read(lambda connection: events_digest(connection, anew=True), EVERYWHERE)
    if digest != manifest.events_digest:
        said = f"events' leaf hashes are {digest:.12}…, the backup says {manifest.events_digest:.12}…"
        raise CopyDiffers("; ".join([said, *done.faults]))
    if done.faults:
        raise CopyDiffers("; ".join(done.faults))
    return done


def stop_payouts(engine: DatabaseEngine, manifest: Manifest, at: datetime) -> None:
    """Turn the switch above all payouts: what the backup would send may have been paid since it was made."""
    why = (
        f"restored from the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC: compare the account's statement "
        f"since then before payouts leave"
    )
    engine.write(lambda connection: turn(connection, _RESTORER, stopped=True, reason=why, at=at)).result()


def _checked(archive: Archive, progress: Progress) -> Manifest:
    manifest = archive.manifest()
    if not is_known(manifest.schema):
        raise BackupTooNew(f"flashclaim {manifest.flashclaim} made it, at schema {manifest.schema}")
    archive.check(manifest, progress)
    return manifest


def _copy_photos(blobs: Blobs, archive: Archive, progress: Progress) -> tuple[int, int, list[str]]:
    """How many photos all claims received, how many are new in the backup, which the store does not have whole."""
    done, new, missing = 0, 0, set[str]()

    def copied(photo: str) -> bool | None:
        if archive.photos.has(photo):
            return False
        try:
            content = blobs.get(photo)
        except (BlobMissing, BlobCorrupt):
            return None
        archive.photos.put(photo, content)
        return True

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for photos in _chunks(archive.recorded_photos()):
            each = list(dict.fromkeys(photos))
            for photo, is_new in zip(each, pool.map(copied, each), strict=True):
                if is_new is None:
                    missing.add(photo)
                new += bool(is_new)
            done += len(photos)
            progress("copying photos", done)
    return done, new, sorted(missing)


def _put_photos(archive: Archive, manifest: Manifest, blobs: Blobs, progress: Progress) -> None:
    missing, done = frozenset(manifest.photos_missing), 0

    def put(photo: str) -> None:
        blobs.put(photo, archive.photo(photo))
        # Read back: what a store acknowledges is not always what it keeps.
        blobs.get(photo)

    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for photos in _chunks(one for one in archive.recorded_photos() if one not in missing):
                list(pool.map(put, dict.fromkeys(photos)))
                done += len(photos)
                progress("restoring photos", done)
    except BlobStoreFull as full:
        raise StorageFull(f"{full}; --photos-stay goes on from here") from full


def _chunks(photos: Iterator[str]) -> Iterator[list[str]]:
    """Some at a time: a million names are never in memory together."""
    while chunk := list(islice(photos, 64)):
        yield chunk


def _described(path: Path, manifest: Manifest) -> dict[str, object]:
    return {
        "backup": str(path),
        "made_at": manifest.made_at.isoformat(),
        "flashclaim": manifest.flashclaim,
        "schema": manifest.schema,
        "tables": {one.table: one.rows for one in manifest.tables},
        "rows": sum(one.rows for one in manifest.tables),
        "events_digest": manifest.events_digest,
        "photos": manifest.photos,
    }
