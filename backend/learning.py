"""The learning loop at the server's shell: labels out, networks compared on past claims, the switch recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backend.bootstrap import network_in_use, photo_stores, reader_pool
from backend.data_keys import keys_of
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.problems import FieldError, InvalidInput
from backend.products.load import products
from backend.settings import Settings
from backend.store import model_switches
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.migrate import DatabaseUnreachable, check_schema, current_revision
from backend.store.refusals import DatabaseUnusable
from backend.store.run import Store
from backend.workflows.clock import utc_now
from backend.workflows.comparing import Comparison, compare
from backend.workflows.dataset_export import Exported, Order, Progress, export
from backend.workflows.photo_views import PhotoViews
from backend.workflows.premises import PremisesIndex
from backend.workflows.switching import Switched, recorded, switch
from backend.workflows.verify import FenceLimits, Verification
from backend.workflows.yolo_folder import Provenance
from models.choice import Choice, choose
from models.counter import Predictor
from models.installed import find
from models.predictors import NetworkCounter, load_counter


@dataclass(frozen=True, slots=True)
class Compared:
    """Two networks on past claims; ``id`` is None where there was no claim to look at, and nothing is recorded."""

    id: int | None
    model: NetworkCounter
    against: NetworkCounter
    found: Comparison

    def as_json(self) -> dict[str, object]:
        """For ``model compare --json``."""
        return {
            "comparison": self.id,
            "model": self.model.name,
            "sha256": self.model.manifest.sha256,
            "against": self.against.name,
            "against_sha256": self.against.manifest.sha256,
            "predictor": self.model.predictor,
        } | self.found.as_json()


def export_dataset(
    settings: Settings, into: Path, *, since: date | None, by: str, progress: Progress
) -> Exported:
    """Write officers' labels and their photos, as far as farmers consented, into the folder *into*.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        Problem: As ``dataset_export.export`` says.
    """
    provenance = Provenance(settings.dataset_source, settings.dataset_licence, settings.dataset_author)
    order = Order(into=into, since=since, provenance=provenance, by=by, at=utc_now())
    blobs, _ = photo_stores(settings)
    with _opened(settings) as engine:
        return export(engine, blobs, order, progress)


def compare_networks(
    settings: Settings, name: str, against: str, *, most: int, by: str, progress: Progress
) -> Compared:
    """Count past claims with the network *name* and with *against*, or with what counts now, and record the figures.

    Nothing else is written.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        InvalidInput: Both are the same network.
        NotInstalled, WeightsUnusable, PredictorMissing: Of either network.
        PhotoStoreUnavailable: The photos cannot be read now.
    """
    home = settings.data_folder
    check_schema(settings.database)
    used = network_in_use(settings)
    new = load_counter(find(home, name).folder, used.predictor)
    old = load_counter(find(home, against).folder if against else used.folder, used.predictor)
    # The weights may be those of another version, which counts otherwise by the scores that it asks for.
    if (new.name, new.manifest.sha256) == (old.name, old.manifest.sha256):
        error = FieldError("/against", f"{old.name} is the same network: name another one with --against")
        raise InvalidInput(f"{new.name} cannot be compared with itself", errors=[error])
    blobs, _ = photo_stores(settings)
    with _opened(settings) as engine, reader_pool(settings) as readers:
        store = Store(engine, products())
        limits = FenceLimits(settings.fence_coarsest_m, settings.fence_oldest)
        by_new, by_old = (
            Verification(
                store,
                blobs,
                one,
                PremisesIndex(store),
                limits,
                utc_now,
                PhotoViews(blobs, one.manifest.image_size, readers),
            )
            for one in (new, old)
        )
        found = compare(engine, by_new, by_old, most, progress)
        if not found.claims:
            return Compared(None, new, old, found)
        compared = engine.write(
            lambda connection: model_switches.record_comparison(
                connection,
                by=by,
                at=utc_now(),
                model=(new.name, new.manifest.sha256),
                against=(old.name, old.manifest.sha256),
                claims=found.claims,
                figures=found.as_json(),
            )
        ).result()
    return Compared(compared, new, old, found)


def switch_network(
    settings: Settings, name: str, predictor: Predictor | None, *, by: str, without_comparison: str
) -> Switched:
    """Have the installation count with the network *name* from the next start on.

    Before there is a database, the data folder alone keeps it.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        DatabaseUnreachable: Nobody could tell the other machines.
        ComparisonNeeded: As ``switching.switch`` says.
        NotInstalled, WeightsUnusable, PredictorMissing: Of the network.
    """
    home = settings.data_folder
    if current_revision(settings.database) is None:
        choice, is_new = choose(home, name, predictor, by=by, at=utc_now())
        return Switched(choice, changed=is_new, recorded=False)
    with _opened(settings) as engine:
        return switch(
            engine, home, name, predictor, by=by, at=utc_now(), without_comparison=without_comparison
        )


def recorded_choice(settings: Settings) -> Choice | None:
    """What the database says that counts; None where it says nothing, or cannot be asked now."""
    try:
        return recorded(settings.database)
    except (DatabaseUnreachable, DatabaseUnusable, ModuleNotFoundError):
        return None


def switches(settings: Settings, most: int) -> list[dict[str, object]]:
    """Every recorded switch with the comparison that it rests on, the newest first; none before there is a database.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
    """
    if current_revision(settings.database) is None:
        return []
    with _opened(settings) as engine:
        found = engine.read(lambda connection: model_switches.history(connection, most), EVERYWHERE)
    return [switch.as_json() | {"comparison": compared} for switch, compared in found]


@contextmanager
def _opened(settings: Settings) -> Iterator[DatabaseEngine]:
    check_schema(settings.database)
    engine = open_engine(settings.database, keys=keys_of(settings))
    try:
        yield engine
    finally:
        engine.close()
