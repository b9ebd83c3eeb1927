"""The only place that picks implementations: from settings to a running whole."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from backend.adapters.bank import Bank
from backend.adapters.bank_gateway import HttpBank
from backend.adapters.blobs import Blobs, local_blobs
from backend.adapters.notices import ConsoleNotices
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import EffectKind
from backend.domain.policy import policy_day
from backend.products.load import products
from backend.settings import Settings
from backend.store.engine import open_engine
from backend.store.migrate import SchemaOutdated, check_schema, migrate
from backend.store.policies import farms as farms_registered
from backend.store.requests import forget_old
from backend.store.run import Store
from backend.texts.load import Language
from backend.workflows.clock import Clock, DatabaseClock, utc_now
from backend.workflows.notify import FarmerNotices
from backend.workflows.payout import Payouts
from backend.workflows.premises import PremisesIndex
from backend.workflows.seed import seed_county
from backend.workflows.uploads import Uploads
from backend.workflows.verify import FenceLimits, Verification
from backend.workflows.worker import Worker
from models.counter import Counter
from models.onnx_counter import OnnxCounter

__all__ = [
    "AlreadySeeded",
    "Parts",
    "SchemaOutdated",
    "assemble",
    "migrate_database",
    "seed_database",
]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that an API process or a worker is made of."""

    settings: Settings
    store: Store
    blobs: Blobs
    counter: Counter
    uploads: Uploads
    payouts: Payouts
    notices: FarmerNotices
    worker: Worker
    clock: Clock


@contextmanager
def assemble(
    settings: Settings,
    *,
    clock: Clock | None = None,
    counter: Counter | None = None,
    bank: Bank | None = None,
    notice_stream: TextIO = sys.stdout,
) -> Iterator[Parts]:
    """Open everything, and close it again.

    Args:
        settings: What this installation is.
        clock: Where the time comes from, instead of the database's clock.
        counter: Instead of the network in ``settings.model_folder``.
        bank: Instead of the gateway at ``settings.bank_url``.
        notice_stream: Where notices to farmers are printed.

    Raises:
        SettingUnusable: The published secret towards a bank that is not on this machine.
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        WeightsUnusable: The counter's weights are missing or have changed.
    """
    settings.require_own_secret()
    check_schema(settings.database)
    counting = counter or _counter(settings)
    engine = open_engine(settings.database)
    clock = clock or DatabaseClock(engine)
    clocks = Clocks(
        payout_target=settings.payout_target,
        verification_wait=settings.verification_wait,
        bank_key_memory=settings.bank_key_memory,
    )
    store = Store(engine, products(), clocks)
    gateway = bank or HttpBank(
        settings.bank_url,
        settings.bank_secret,
        answer_timeout_s=settings.bank_timeout.total_seconds(),
    )
    store.submit(lambda connection: forget_old(connection, clock())).result()
    blobs = local_blobs(settings.photo_folder)
    limits = FenceLimits(settings.fence_coarsest_m, settings.fence_oldest)
    verification = Verification(store, blobs, counting, PremisesIndex(store), limits, clock)
    payouts = Payouts(store, gateway, clock, settings.bank_key_memory)
    notices = FarmerNotices(store, ConsoleNotices(notice_stream), Language(settings.language), clock)
    worker = Worker(
        store,
        {
            EffectKind.VERIFY: verification,
            EffectKind.PAY: payouts.pay,
            EffectKind.INQUIRE: payouts.inquire,
            EffectKind.SEND_CODE: notices.send_code,
            EffectKind.NOTIFY: notices.notify,
        },
        clock,
        threads=settings.worker_threads,
        lease=settings.effect_lease,
        stop_patience=settings.stop_patience,
    )
    stop_waking = store.listen_for_effects(worker.wake)
    try:
        yield Parts(
            settings=settings,
            store=store,
            blobs=blobs,
            counter=counting,
            uploads=Uploads(store, blobs, clock),
            payouts=payouts,
            notices=notices,
            worker=worker,
            clock=clock,
        )
    finally:
        stop_waking()
        engine.close()
        if isinstance(gateway, HttpBank):
            gateway.close()


def _counter(settings: Settings) -> Counter:
    return OnnxCounter.load() if settings.model_folder is None else OnnxCounter.load(settings.model_folder)


def migrate_database(settings: Settings) -> str:
    """Bring the settings' database to the newest schema and return its revision."""
    return migrate(settings.database)


def seed_database(settings: Settings, *, farms: int, seed: int) -> dict[str, object]:
    """Fill the settings' database with a made-up county and return its tokens.

    Raises:
        AlreadySeeded: There are farms in it.
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
    """
    check_schema(settings.database)
    engine = open_engine(settings.database)
    try:
        if engine.read(farms_registered):
            raise AlreadySeeded(settings.database)
        store = Store(engine, products())
        return seed_county(store, farms=farms, seed=seed, today=policy_day(utc_now())).as_json()
    finally:
        engine.close()


class AlreadySeeded(Exception):
    """A made-up county goes into an empty database only."""

    def __init__(self, database: str) -> None:
        super().__init__(f"{database} holds farms already")
