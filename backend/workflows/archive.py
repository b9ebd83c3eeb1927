"""A backup on disk: a folder of dated backups that share one folder of photos, each photo copied once.

    FOLDER/
      20261125T160000Z/manifest.json         what it holds, and the sha-256 of every file
      20261125T160000Z/tables/*.jsonl.gz     one row a line
      photos/ab/cd/<sha256>                  originals, as in the photo store

Plain files on purpose: they are read without flashclaim, and copied elsewhere by whatever copies files.
"""

import gzip
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import msgspec

from backend.adapters.blobs import BlobCorrupt, BlobMissing, Blobs, local_blobs
from backend.adapters.disk import sync
from backend.domain.problems import NotFound, Problem
from backend.store.copying import Progress
from backend.store.dump import TableFacts, TableLines

FORMAT = 1
PHOTO_TABLE = "claim_photos"
KEY_TABLE = "data_keys"
_MANIFEST = "manifest.json"


class BackupMissing(NotFound):
    """No finished backup is there."""

    type = "/problems/backup-missing"
    title = "There is no such backup"
    next = (
        "Name the folder that flashclaim server backup wrote to; --at names one of the dated folders in it."
    )


class BackupDamaged(Problem):
    """A file of the backup is gone or has changed; nothing was written anywhere."""

    type = "/problems/backup-damaged"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "The backup is damaged"
    next = "Restore an earlier one (--at), or fetch the named file from another copy of the backup."


class BackupUnwritable(Problem):
    """The folder cannot be made, or has no room; what was begun there is removed again."""

    type = "/problems/backup-unwritable"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    title = "The backup cannot be written"
    next = "Name a folder that may be written to and has room; earlier backups in it are untouched."


class BackupTooNew(Problem):
    """A newer version of flashclaim made it."""

    type = "/problems/backup-too-new"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "This version cannot read the backup"
    next = "Install the version of flashclaim that the backup names, or a newer one, and restore with that."


class TableFile(msgspec.Struct, frozen=True):
    """One table: what it was, and the sha-256 of the file that holds it."""

    table: str
    sha256: str
    rows: int
    fingerprint: str
    columns: dict[str, str]

    @property
    def facts(self) -> TableFacts:
        """What its lines have to be."""
        return TableFacts(self.table, self.columns, self.rows, self.fingerprint)


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds.

    ``photos`` counts what all claims received; of these ``photos_missing`` were not whole in the photo store.
    """

    format: int
    flashclaim: str
    made_at: datetime
    schema: str
    tables: list[TableFile]
    events_digest: str
    photos: int
    photos_missing: list[str]


class Archive:
    """One dated backup, written or to be read."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.photos: Blobs = local_blobs(folder / "photos")

    @property
    def path(self) -> Path:
        """The dated folder."""
        return self.folder / self.name

    def manifest(self) -> Manifest:
        """What it holds.

        Raises:
            BackupMissing: It is not there.
            BackupDamaged: It cannot be read.
            BackupTooNew: A newer version wrote it in another form.
        """
        try:
            content = (self.path / _MANIFEST).read_bytes()
        except OSError as missing:
            raise BackupMissing("finished backup in", self.path) from missing
        try:
            if (form := json.loads(content)["format"]) != FORMAT:
                raise BackupTooNew(f"it is of format {form}, this version reads {FORMAT}")
            return msgspec.json.decode(content, type=Manifest)
        except (msgspec.MsgspecError, ValueError, KeyError, TypeError) as wrong:
            raise BackupDamaged(f"{self.path / _MANIFEST} cannot be read: {wrong}") from wrong

    def lines(self, table: str) -> Iterator[bytes]:
        """The lines of a table.

        Raises:
            BackupDamaged: The file is gone or cut short.
        """
        path = self._file(table)
        try:
            with gzip.open(path, "rb") as file:
                for line in file:
                    yield line.rstrip(b"\n")
        except (OSError, EOFError, zlib.error) as wrong:
            raise BackupDamaged(f"{path} cannot be read: {wrong}") from wrong

    def recorded_photos(self) -> Iterator[str]:
        """The sha-256 of every photo that a claim had received; one that several claims show comes several times."""
        for line in self.lines(PHOTO_TABLE):
            row = json.loads(line)
            if row["received_at"] is not None:
                yield str(row["photo_id"])

    def keys_needed(self, manifest: Manifest) -> list[str]:
        """Ids of the keys that its personal data is encrypted under; none of a backup of before it was."""
        if KEY_TABLE not in {one.table for one in manifest.tables}:
            return []
        rows = (json.loads(line) for line in self.lines(KEY_TABLE))
        return [str(row["key_id"]) for row in rows if row["retired_at"] is None]

    def check(self, manifest: Manifest, progress: Progress) -> None:
        """Read every byte of it.

        Raises:
            BackupDamaged: With the file, or the photo, that is gone or has changed.
        """
        for one in manifest.tables:
            progress(f"checking {one.table}", 0)
            self._check_file(one)
        missing = frozenset(manifest.photos_missing)
        for done, photo in enumerate(self.recorded_photos(), start=1):
            if photo not in missing:
                self.photo(photo)
            progress("checking photos", done)

    def _check_file(self, one: TableFile) -> None:
        path = self._file(one.table)
        try:
            found = _sha256(path)
        except OSError as wrong:
            raise BackupDamaged(f"{path}: {wrong.strerror}") from wrong
        if found != one.sha256:
            raise BackupDamaged(f"{path} has sha-256 {found}, its manifest says {one.sha256}")

    def photo(self, photo: str) -> bytes:
        """An original, checked.

        Raises:
            BackupDamaged: It is gone or has changed.
        """
        try:
            return self.photos.get(photo)
        except BlobMissing as gone:
            raise BackupDamaged(f"photo {photo} is not in {self.folder / 'photos'}") from gone
        except BlobCorrupt as changed:
            raise BackupDamaged(f"photo {photo} in {self.folder / 'photos'} has changed") from changed

    def write_table(self, lines: TableLines, progress: Progress) -> TableFile:
        """Write one table's lines."""
        path = self._file(lines.table)
        # No name and no time inside: the same rows make the same file.
        with _private(path) as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            for line in lines:
                packed.write(line + b"\n")
                if lines.rows % 1000 == 0:
                    progress(f"saving {lines.table}", lines.rows)
        facts = lines.facts
        return TableFile(facts.table, _sha256(path), facts.rows, facts.fingerprint, dict(facts.columns))

    def write_manifest(self, manifest: Manifest) -> None:
        """Finish: until this is there, it is no backup."""
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        with _private(self.path / _MANIFEST) as file:
            file.write(content + b"\n")
        for folder in (self.path / "tables", self.path, self.folder):
            sync(folder)

    def _file(self, table: str) -> Path:
        return self.path / "tables" / f"{table}.jsonl.gz"


@contextmanager
def new_archive(folder: Path, at: datetime) -> Iterator[Archive]:
    """A backup to be written; what is not finished when an exception passes is removed again.

    Raises:
        BackupUnwritable: The folder cannot be made or written.
    """
    path = folder / at.strftime("%Y%m%dT%H%M%SZ")
    try:
        (path / "tables").mkdir(parents=True)
        (folder / "photos").mkdir(exist_ok=True)
        for private in (path, folder / "photos"):
            # Tokens' hashes, accounts and places of families are in it.
            private.chmod(0o700)
        archive = Archive(folder, path.name)
    except OSError as wrong:
        raise BackupUnwritable(f"{path}: {wrong.strerror}") from wrong
    try:
        yield archive
    except BaseException as wrong:
        shutil.rmtree(path, ignore_errors=True)
        if isinstance(wrong, OSError):
            raise BackupUnwritable(f"{path}: {wrong.strerror}") from wrong
        raise


def find_archive(folder: Path, name: str | None) -> Archive:
    """The newest finished backup in *folder*, or the one of this name.

    Raises:
        BackupMissing: There is none.
    """
    finished = sorted(path.parent.name for path in folder.glob(f"*/{_MANIFEST}"))
    if name is None and finished:
        return Archive(folder, finished[-1])
    if name in finished:
        return Archive(folder, str(name))
    raise BackupMissing("finished backup in", folder / (name or ""))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    """A new file that only we may read, on the disk once this is left."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
