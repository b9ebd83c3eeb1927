"""What is done to an installation at its server's shell: migrate, seed, back up, restore, move, replay, import."""

import time
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from backend.bootstrap import photo_stores, register_imports
from backend.data_keys import keys_for_backup, keys_of, migrate_with_keys
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.indemnity.product import Product
from backend.products.load import products
from backend.settings import Settings
from backend.store.claims import find as find_claim
from backend.store.copying import Progress, snapshot
from backend.store.engine import open_engine
from backend.store.migrate import check_schema
from backend.store.moving import Move, move
from backend.store.policies import farms as farms_registered
from backend.store.products import Shelf
from backend.store.replay import Replay, replay
from backend.store.run import Store
from backend.workflows.archive import find_archive
from backend.workflows.backup import Restored, Saved, back_up, check, prove, restore, stop_payouts
from backend.workflows.clock import utc_now
from backend.workflows.importing.run import Order
from backend.workflows.seed import seed_county


def migrate_database(settings: Settings) -> str:
    """Bring the settings' database to the newest schema and return its revision; personal data is encrypted.

    Raises:
        KeysMissing: It is encrypted under a key that is not in the key folder.
        DatabaseUnreachable: With the server's reason.
    """
    return migrate_with_keys(settings)


def seed_database(settings: Settings, *, farms: int, seed: int) -> dict[str, object]:
    """Fill the settings' database with a made-up county and return its tokens.

    Raises:
        AlreadySeeded: There are farms in it.
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
    """
    check_schema(settings.database)
    engine = open_engine(settings.database, keys=keys_of(settings))
    try:
        if engine.read(farms_registered, EVERYWHERE):
            raise AlreadySeeded(settings.database)
        store = Store(engine, products())
        until = utc_now() + settings.invitation_length
        return seed_county(store, farms=farms, seed=seed, at=utc_now(), invited_until=until).as_json()
    finally:
        engine.close()


def back_up_installation(settings: Settings, folder: Path, *, progress: Progress) -> Saved:
    """Save the settings' database and photos under *folder*, while servers and workers run.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        Problem: As ``backup.back_up`` says.
    """
    blobs, _ = photo_stores(settings)
    return back_up(
        settings.database, blobs, folder, version=version("flashclaim"), at=utc_now(), progress=progress
    )


def check_backup(folder: Path, name: str | None, *, progress: Progress) -> Restored:
    """Read every byte of a backup, the newest where none is named.

    Raises:
        Problem: As ``backup.check`` says.
    """
    return check(find_archive(folder, name), progress=progress)


def restore_installation(
    settings: Settings,
    folder: Path,
    name: str | None,
    *,
    photos_stay: bool,
    payouts_go_on: bool,
    progress: Progress,
) -> Restored:
    """Put a backup, the newest where none is named, back into the settings' empty places, and prove it.

    Raises:
        Problem: As ``backup.restore`` and ``backup.prove`` say.
    """
    began = time.monotonic()
    archive = find_archive(folder, name)
    blobs, _ = photo_stores(settings)
    keys = keys_for_backup(settings, archive.keys_needed(archive.manifest()))
    manifest = restore(
        archive, settings.database, blobs, keys, with_photos_there=photos_stay, progress=progress
    )
    engine = open_engine(settings.database, keys=keys)
    try:
        proved = prove(engine, manifest, progress)
        if not payouts_go_on:
            stop_payouts(engine, manifest, utc_now())
    finally:
        engine.close()
    return Restored(archive.path, manifest, proved, not payouts_go_on, time.monotonic() - began)


def move_database(settings: Settings, target_url: str, progress: Progress) -> Move:
    """Copy the settings' database into another, empty one; see ``store.moving.move``.

    Raises:
        SettingUnusable: Either is on another machine and would be spoken to in the clear.
    """
    return move(settings.database, replace(settings, database_url=target_url).database, progress)


def replay_installation(settings: Settings, claim: str | None, *, progress: Progress) -> Replay:
    """Fold every claim of the settings' database again, or one by its number or id, and make its decisions again.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        DatabaseUnusable: It cannot be opened.
        NotFound: No such claim.
    """
    check_schema(settings.database)
    with snapshot(settings.database, keys_of(settings)) as connection:
        catalogue = Shelf(products()).catalogue(connection)
        known = {product.label: product for product in catalogue}

        def product(label: str) -> Product:
            return known.get(label) or catalogue.find(label, date.max)

        only = find_claim(connection, claim) if claim else None
        return replay(connection, progress, products=product, only=only)


def import_at_server(settings: Settings, order: Order) -> dict[str, object]:
    """Import a file into the settings' database, as whoever runs the server.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        Problem: As ``Imports.carry_out``.
    """
    check_schema(settings.database)
    engine = open_engine(settings.database, keys=keys_of(settings))
    importing = register_imports(settings, Store(engine, products()), utc_now)
    try:
        return importing.carry_out(order)
    finally:
        importing.close()
        engine.close()


class AlreadySeeded(Exception):
    """A made-up county goes into an empty database only."""

    def __init__(self, database: str) -> None:
        super().__init__(f"{database} holds farms already")
