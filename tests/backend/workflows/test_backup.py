"""A backup: taken while others write, checked to the last byte, restored into an empty place, and proved."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from backend.adapters.blobs import Blobs, local_blobs
from backend.adapters.key_ring import KeyRing
from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import PhotoId
from backend.domain.problems import PhotoStoreUnavailable
from backend.store import payment_gate, tables
from backend.store.copying import tally_of
from backend.store.engine import open_engine
from backend.store.migrate import config, migrate
from backend.store.portable import Tally
from backend.store.refusals import CopyDiffers, TargetNotEmpty
from backend.workflows.archive import (
    Archive,
    BackupDamaged,
    BackupMissing,
    BackupTooNew,
    BackupUnwritable,
    find_archive,
)
from backend.workflows.backup import Saved, back_up, check, prove, restore, stop_payouts
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, FARMER, a_photo, a_report
from tests.busy_county import a_busy_county, a_copy_of, looking, url_of
from tests.databases import a_database
from tests.keys import kept_in

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
PHOTOS = (b"the first photo", b"the second photo")


def unheard(_what: str, _done: int) -> None:
    """Nobody watches the progress."""


def digest(photo: bytes) -> PhotoId:
    return PhotoId(hashlib.sha256(photo).hexdigest())


@dataclass
class Site:
    """An installation with its photos, and a folder for backups."""

    county: County
    folder: Path
    blobs: Blobs

    @property
    def database(self) -> str:
        return url_of(self.folder)

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def save(self, at: datetime = NOON) -> Saved:
        return back_up(self.database, self.blobs, self.backups, version="0.1.0", at=at, progress=unheard)

    def receive(self, photo: bytes) -> None:
        self.blobs.put(digest(photo), photo)
        self.county.give(c.ReceivePhoto(photo_id=digest(photo), bytes=len(photo), by=FARMER))

    def archive(self) -> Archive:
        return find_archive(self.backups, None)


@dataclass
class Place:
    """Where something is restored to."""

    folder: Path

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'new' / 'flashclaim.db'}"

    @property
    def blobs(self) -> Blobs:
        return local_blobs(self.folder / "new-photos")

    def restore(self, archive: Archive, **changes: Any) -> Any:
        database = changes.pop("database", self.database)
        options = {"with_photos_there": False, "progress": unheard} | changes
        return restore(archive, database, self.blobs, self.keys, **options)

    @property
    def keys(self) -> KeyRing:
        return kept_in(self.folder / "keys")

    @property
    def is_untouched(self) -> bool:
        return not (self.folder / "new" / "flashclaim.db").exists() and self.blobs.is_empty()


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A busy county, and a claim that announced two photos. No other claim's photo has ever been more than a hash."""
    folder = tmp_path_factory.mktemp("county")
    announced = tuple(replace(a_photo(), photo_id=digest(photo), bytes=len(photo)) for photo in PHOTOS)
    with a_busy_county(folder) as county:
        county.report(replace(a_report(claim_id=CLAIM_ID), photos=announced))
        not_received = tables.claim_photos.update().values(received_at=None)
        county.store.submit(lambda connection: connection.execute(not_received)).result()
        return folder


@pytest.fixture
def site(at_rest: Path, tmp_path: Path) -> Iterator[Site]:
    """The county with the first of the two photos."""
    with a_copy_of(at_rest, tmp_path) as county:
        site = Site(county, tmp_path, local_blobs(tmp_path / "photos"))
        site.receive(PHOTOS[0])
        yield site


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def held(url: str) -> dict[str, Tally]:
    with looking(url) as connection:
        # What counts the day's claims says something else on either engine.
        kept = [table for table in tables.metadata.sorted_tables if table is not tables.claim_numbers]
        return {table.name: tally_of(connection, table) for table in kept}


def test_what_is_restored_is_what_was_saved(site: Site, place: Place) -> None:
    saved = site.save()

    manifest = place.restore(site.archive())

    assert manifest == saved.manifest
    assert held(place.database) == held(site.database)
    assert place.blobs.get(digest(PHOTOS[0])) == PHOTOS[0]
    assert (manifest.photos, saved.photos_new, manifest.photos_missing) == (1, 1, [])


def test_a_backup_from_sqlite_is_restored_into_postgres(site: Site, place: Place) -> None:
    site.save()

    with a_database("postgresql", place.folder) as postgres:
        restore(site.archive(), postgres, place.blobs, place.keys, with_photos_there=False, progress=unheard)

        assert held(postgres) == held(site.database)


def test_what_is_written_meanwhile_is_in_the_next_backup(site: Site, place: Place) -> None:
    before = held(site.database)

    def writing(what: str, _done: int) -> None:
        if what == "copying photos" and site.county.claim().version == 2:
            site.receive(PHOTOS[1])

    back_up(site.database, site.blobs, site.backups, version="0.1.0", at=NOON, progress=writing)
    place.restore(site.archive())

    assert held(place.database) == before != held(site.database)


def test_a_later_backup_copies_only_new_photos(site: Site, place: Place) -> None:
    first = site.save()
    site.receive(PHOTOS[1])
    second = site.save(NOON + timedelta(days=1))

    place.restore(find_archive(site.backups, first.path.name))

    assert (first.photos_new, second.photos_new, second.manifest.photos) == (1, 1, 2)
    assert site.archive().name == second.path.name > first.path.name
    assert not place.blobs.has(digest(PHOTOS[1]))


def test_photos_that_are_lost_are_named_and_the_rest_is_saved(site: Site, place: Place) -> None:
    shutil.rmtree(site.folder / "photos")
    site.receive(PHOTOS[1])

    saved = site.save()
    manifest = place.restore(site.archive())

    assert saved.manifest.photos_missing == [digest(PHOTOS[0])] == manifest.photos_missing
    assert place.blobs.get(digest(PHOTOS[1])) == PHOTOS[1]


def test_nobody_else_may_read_a_backup(site: Site) -> None:
    saved = site.save()

    files = [path for path in saved.path.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in (saved.path, site.backups / "photos", *files)} == {0}


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {"cut": content[:-10], "changed": content[:20] + b"!" + content[21:], "empty": b""}[how]
        )


@pytest.mark.parametrize("how", ["gone", "cut", "changed", "empty"])
@pytest.mark.parametrize("what", ["events", "farms"])
def test_a_damaged_table_is_named_and_nothing_is_written(
    site: Site, place: Place, how: str, what: str
) -> None:
    saved = site.save()
    damage(saved.path / "tables" / f"{what}.jsonl.gz", how)

    with pytest.raises(BackupDamaged, match=rf"{what}\.jsonl\.gz"):
        place.restore(site.archive())

    assert place.is_untouched


@pytest.mark.parametrize("how", ["gone", "cut", "changed", "empty"])
def test_a_damaged_photo_is_named_and_nothing_is_written(site: Site, place: Place, how: str) -> None:
    site.save()
    name = digest(PHOTOS[0])
    path = site.backups / "photos" / name[:2] / name[2:4] / name
    damage(path, "empty" if how == "cut" else "gone" if how == "changed" else how)

    with pytest.raises(BackupDamaged, match=name):
        place.restore(site.archive())

    assert place.is_untouched


def test_a_check_reads_everything_and_restores_nothing(site: Site, place: Place) -> None:
    site.save()

    assert check(site.archive(), progress=unheard).replayed is None
    damage(site.archive().path / "tables" / "policies.jsonl.gz", "changed")
    with pytest.raises(BackupDamaged):
        check(site.archive(), progress=unheard)
    assert place.is_untouched


@pytest.mark.parametrize(
    "change", [{"format": 2}, {"schema": "29991231_0000"}, {"schema": ""}], ids=["format", "schema", "none"]
)
def test_a_backup_of_a_newer_version_is_refused(site: Site, place: Place, change: dict[str, Any]) -> None:
    manifest = site.save().path / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))

    with pytest.raises(BackupTooNew):
        place.restore(site.archive())

    assert place.is_untouched


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}'])
def test_a_manifest_that_cannot_be_read_is_damaged(site: Site, content: str) -> None:
    (site.save().path / "manifest.json").write_text(content)

    with pytest.raises(BackupDamaged, match=r"manifest\.json"):
        site.archive().manifest()


def test_a_target_that_holds_anything_is_refused(site: Site, place: Place) -> None:
    site.save()

    with pytest.raises(TargetNotEmpty, match="of the database holds rows"):
        place.restore(site.archive(), database=site.database)
    place.blobs.put(digest(b"another"), b"another")
    with pytest.raises(TargetNotEmpty, match="--photos-stay"):
        place.restore(site.archive())

    assert not (place.folder / "new" / "flashclaim.db").exists()


def test_photos_that_survived_stay_and_a_damaged_one_is_healed(site: Site, place: Place) -> None:
    site.save()
    place.blobs.put(digest(b"another"), b"another")
    place.blobs.put(digest(PHOTOS[0]), PHOTOS[0])
    name = digest(PHOTOS[0])
    (place.folder / "new-photos" / name[:2] / name[2:4] / name).write_bytes(b"damaged")

    place.restore(site.archive(), with_photos_there=True)

    assert place.blobs.get(name) == PHOTOS[0]
    assert place.blobs.has(digest(b"another"))


def test_a_database_that_was_migrated_and_is_empty_is_fine(site: Site, place: Place) -> None:
    site.save()
    migrate(place.database)

    place.restore(site.archive())

    assert held(place.database) == held(site.database)


def test_what_a_farmer_forged_into_a_backup_is_found_out(site: Site, place: Place) -> None:
    saved = site.save()
    path = saved.path / "tables" / "claims.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    rows[0]["due_at"] = "2030-01-01T00:00:00Z"
    lines = [
        json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() for row in rows
    ]
    path.write_bytes(gzip.compress(b"\n".join(lines) + b"\n"))
    tally = Tally()
    for line in lines:
        tally.add(line)
    manifest = json.loads((saved.path / "manifest.json").read_text())
    [entry] = [one for one in manifest["tables"] if one["table"] == "claims"]
    entry |= {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "fingerprint": tally.fingerprint}
    (saved.path / "manifest.json").write_text(json.dumps(manifest))

    read = place.restore(site.archive())
    engine = open_engine(place.database, keys=place.keys)
    try:
        with pytest.raises(CopyDiffers, match=r"claims\.due_at"):
            prove(engine, read, unheard)
    finally:
        engine.close()


def test_payments_are_stopped_until_an_officer_resumes_them(site: Site, place: Place) -> None:
    site.save()
    manifest = place.restore(site.archive())
    engine = open_engine(place.database)
    try:
        stop_payouts(engine, manifest, NOON)
        stop_payouts(engine, manifest, NOON)

        stop = engine.read(payment_gate.standing, EVERYWHERE)
        assert stop is not None
        assert (stop.by, "2026-11-25 04:00 UTC" in stop.reason) == ("server-restore", True)
        assert len(engine.read(lambda connection: payment_gate.turns(connection, 5), EVERYWHERE)) == 1
    finally:
        engine.close()


def test_no_backup_is_said(tmp_path: Path, site: Site) -> None:
    with pytest.raises(BackupMissing):
        find_archive(tmp_path / "nowhere", None)
    site.save()
    with pytest.raises(BackupMissing, match="20200101T000000Z"):
        find_archive(site.backups, "20200101T000000Z")


def test_a_backup_that_breaks_off_leaves_no_trace(site: Site) -> None:
    folder = site.folder / "photos" / digest(PHOTOS[0])[:2]
    shutil.rmtree(folder)
    folder.write_bytes(b"a file where a folder should be")

    with pytest.raises(PhotoStoreUnavailable):
        site.save()

    assert [path.name for path in site.backups.iterdir()] == ["photos"]


def test_a_folder_that_cannot_be_written_is_said(site: Site) -> None:
    site.backups.write_bytes(b"a file")

    with pytest.raises(BackupUnwritable):
        site.save()


def test_two_backups_of_one_second_do_not_mix(site: Site) -> None:
    first = site.save()

    with pytest.raises(BackupUnwritable, match="exists"):
        site.save()

    assert check(site.archive(), progress=unheard).manifest == first.manifest


def test_a_backup_from_before_a_change_of_schema_is_brought_up_to_date(site: Site, place: Place) -> None:
    [oldest] = ScriptDirectory.from_config(config("")).get_bases()
    saved = site.save()
    # Tables that the first schema had already, as they still are.
    kept = {"farms": None, "claim_numbers": None, "claim_photos": b""}
    manifest = json.loads((saved.path / "manifest.json").read_text()) | {"schema": oldest}
    manifest["tables"] = [
        one | ({} if kept[one["table"]] is None else emptied(saved.path, one["table"]))
        for one in manifest["tables"]
        if one["table"] in kept
    ]
    (saved.path / "manifest.json").write_text(json.dumps(manifest))

    place.restore(site.archive())

    assert held(place.database)["farms"] == held(site.database)["farms"]


def emptied(backup: Path, table: str) -> dict[str, object]:
    """Make a table of a backup empty; what its manifest says then."""
    path = backup / "tables" / f"{table}.jsonl.gz"
    path.write_bytes(gzip.compress(b""))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"sha256": sha256, "rows": 0, "fingerprint": Tally().fingerprint}
