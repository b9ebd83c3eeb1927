"""The only place that picks implementations: from settings to a running whole."""

import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextlib import closing as closes
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import TextIO
from urllib.parse import urlsplit

from backend import instruments
from backend.adapters.bank import Bank
from backend.adapters.bank_gateway import HttpBank
from backend.adapters.blobs import Blobs, ObstoreBlobs, local_blobs
from backend.adapters.derivatives import Derivatives, ObstoreDerivatives, local_derivatives
from backend.adapters.notices import Notices
from backend.adapters.pain001 import Payer
from backend.adapters.part_files import PartFolder
from backend.adapters.s3 import Bucket, bucket_store
from backend.adapters.signed_post import SignedPosts
from backend.adapters.signing_key import SigningKey
from backend.channels import open_channels, to_officers, webhook_secrets
from backend.data_keys import open_with_keys
from backend.domain.clocks.deadlines import Timetable
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import EffectKind
from backend.domain.events import AnsweredError
from backend.domain.feed.cloud_event import SOURCE
from backend.domain.notices.steps import Promises
from backend.evidence.reading.pool import ReaderPool
from backend.evidence.reading.reader import Hurried
from backend.insight.metrics import Figures
from backend.products.load import products
from backend.settings import PREFIX, Settings, SettingUnusable
from backend.store.engine import DatabaseEngine, Transaction
from backend.store.farmer_sessions import forget_old as forget_old_sign_ins
from backend.store.migrate import DatabaseUnreachable, SchemaOutdated, check_schema
from backend.store.pools import measure_pools
from backend.store.postgres_roles import RowsUnprotected
from backend.store.requests import forget_old
from backend.store.run import Store
from backend.texts.load import Language
from backend.timetables.load import timetable as read_timetable
from backend.timetables.unusable import TimetableUnusable
from backend.workflows.clock import Clock, DatabaseClock, utc_now
from backend.workflows.deadlines import DeadlineWatch
from backend.workflows.farmers.post import PostRoom
from backend.workflows.four_eyes.deciding import FourEyes
from backend.workflows.four_eyes.hands import hands
from backend.workflows.importing.run import Imports
from backend.workflows.near_copies import NearCopies
from backend.workflows.notify import FarmerNotices
from backend.workflows.packing import Packer
from backend.workflows.payment_files import PaymentFiles
from backend.workflows.payout import Payouts
from backend.workflows.photo_views import PhotoViews
from backend.workflows.pictures import Pictures
from backend.workflows.premises import PremisesIndex
from backend.workflows.readiness import Readiness
from backend.workflows.resumable import ResumableUploads
from backend.workflows.sequencing import Rhythm, Sequencer
from backend.workflows.signing import SigningKeyUnusable, open_signing_key
from backend.workflows.switching import follow, note_start, recorded
from backend.workflows.uploads import Uploads
from backend.workflows.verify import DECODED_SIDE, FenceLimits, Verification
from backend.workflows.visits import VisitWatch
from backend.workflows.webhooks.alarm import Alarm
from backend.workflows.webhooks.delivering import Deliveries
from backend.workflows.webhooks.fan_out import FanOut
from backend.workflows.worker import Worker
from models.choice import InUse, in_use
from models.counter import Counter
from models.manifest import Manifest

_COURIER_PATIENCE = timedelta(seconds=3)
"""At a stop: what an endpoint has not answered by then is handed back, and sent again under its id."""
_COURIER_POLL = timedelta(seconds=5)

MOST_WAITING_A_READER = 16
"""Photos of people who wait for an answer, before others are told to come back: a second or two of decoding."""

__all__ = [
    "DatabaseUnreachable",
    "Parts",
    "RowsUnprotected",
    "SchemaOutdated",
    "SigningKeyUnusable",
    "TimetableUnusable",
    "assemble",
    "network_in_use",
    "open_blobs",
    "photo_stores",
    "reader_pool",
]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that an API process or a worker is made of."""

    settings: Settings
    store: Store
    blobs: Blobs
    counter: Counter
    uploads: Uploads
    pictures: Pictures
    resumable: ResumableUploads
    imports: Imports
    four_eyes: FourEyes
    payouts: Payouts
    payment_files: PaymentFiles
    notices: FarmerNotices
    post_room: PostRoom
    worker: Worker
    clock: Clock
    signing: SigningKey
    sequencer: Sequencer
    timetable: Timetable
    figures: Figures
    readiness: Readiness
    readers: ReaderPool


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
        counter: Instead of the network and predictor that the settings or ``flashclaim model use`` chose.
        bank: Instead of the gateway at ``settings.bank_url``.
        notice_stream: Where notices to farmers are printed.

    Raises:
        SettingUnusable: The published secret towards a bank that is not on this machine, no payer for files, or a
            webhook without address or secret.
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        RowsUnprotected: PostgreSQL would not keep readings to what they may see.
        TimetableUnusable: A file of office hours or deadlines is wrong.
        SigningKeyUnusable: The key that signs for this installation is not in the key folder.
        WeightsUnusable: The counter's weights are missing or have changed.
        PredictorMissing: The vision extra is needed and not installed.
    """
    settings.require_safe_bank()
    settings.require_safe_photo_store()
    payer = _payer(settings)
    signing = webhook_secrets(settings)
    check_schema(settings.database)
    used: InUse | None = None
    manifest: Manifest | None = None
    if counter is None:
        used = network_in_use(settings)
        counter = network = used.load()
        manifest = network.manifest
    measure_pools()
    engine, clock, signing_key = _opened(settings, used, clock)
    timetable = read_timetable(settings.timetables)
    clocks = Clocks(
        payout_target=settings.payout_target,
        verification_wait=settings.verification_wait,
        bank_key_memory=settings.bank_key_memory,
        daily_limit=settings.daily_payout_limit,
        timetable=timetable,
        channels=settings.notices,
    )
    store = Store(engine, products(), clocks, seal=signing_key.sign, most_waiting=settings.writes_waiting)
    gateway = bank or HttpBank(
        settings.bank_url,
        settings.bank_secret,
        answer_timeout_s=settings.bank_timeout.total_seconds(),
    )
    closing = ExitStack()
    store.submit(lambda connection: _forget_old(connection, clock())).result()
    blobs, derivatives = photo_stores(settings)
    readers, hurried = _readers(settings, closing)
    verification = _verification(settings, store, blobs, readers, counter, manifest, clock)
    payouts = Payouts(store, gateway, clock, settings.bank_key_memory, leaves_in_files=payer is not None)
    language = Language(settings.language)
    channels = closing.enter_context(open_channels(settings, signing, notice_stream, clock))
    notices = FarmerNotices(
        store=store,
        channels=channels,
        language=language,
        clock=clock,
        promises=Promises(timetable.hours, settings.verification_wait),
        patience=settings.notice_patience,
    )
    courier, fan_out = _webhooks(settings, store, clock, to_officers(channels, notice_stream), closing)
    watch = DeadlineWatch(store, to_officers(channels, notice_stream), language, clock, timetable)
    rhythm = Rhythm(settings.checkpoint_events, settings.checkpoint_wait)
    sequencer = Sequencer(store, signing_key, clock, rhythm, placed=fan_out.wake)
    worker = Worker(
        store,
        {
            EffectKind.VERIFY: verification,
            EffectKind.PAY: payouts.pay,
            EffectKind.INQUIRE: payouts.inquire,
            EffectKind.SEND_CODE: notices.send_code,
            EffectKind.NOTIFY: notices.notify,
            EffectKind.DEADLINE: watch.look,
            EffectKind.ESCALATE: watch.tell,
            EffectKind.END_VISIT: VisitWatch(store, clock).end,
        },
        clock,
        threads=settings.worker_threads,
        lease=settings.effect_lease,
        stop_patience=settings.stop_patience,
        beside=(sequencer, Packer(store, settings.pack_every), fan_out, courier),
    )
    stop_waking = store.listen_for_effects(worker.wake)
    importing = register_imports(settings, store, clock)
    uploads = Uploads(store, blobs, clock, hurried)
    instruments.BUILD.info(
        {"version": version("flashclaim"), "python": platform.python_version(), "counter": counter.name}
    )
    figures = Figures(engine.read, clock)
    readiness = Readiness(
        store,
        blobs,
        worker,
        clock,
        database=settings.database,
        folder=settings.data_folder,
        disk_floor_bytes=settings.disk_floor * 1_000_000,
        oldest_due=settings.effects_oldest,
    )
    try:
        yield Parts(
            settings=settings,
            store=store,
            blobs=blobs,
            counter=counter,
            uploads=uploads,
            pictures=Pictures(blobs, derivatives, hurried),
            resumable=ResumableUploads(uploads, PartFolder(settings.part_folder), settings.upload_expiry),
            imports=importing,
            four_eyes=FourEyes(hands(store, settings.invitation_length), settings.proposal_length),
            payouts=payouts,
            payment_files=PaymentFiles(store, payer),
            notices=notices,
            post_room=PostRoom(store, channels, language, clock),
            worker=worker,
            clock=clock,
            signing=signing_key,
            sequencer=sequencer,
            timetable=timetable,
            figures=figures,
            readiness=readiness,
            readers=readers,
        )
    finally:
        stop_waking()
        closing.close()
        figures.close()
        readiness.close()
        importing.close()
        engine.close()
        if isinstance(gateway, HttpBank):
            gateway.close()


def _verification(
    settings: Settings,
    store: Store,
    blobs: Blobs,
    readers: ReaderPool,
    counter: Counter,
    manifest: Manifest | None,
    clock: Clock,
) -> Verification:
    """The machine's checks on photos: what is counted, where it was taken, and whether it is a copy."""
    premises = PremisesIndex(store)
    views = PhotoViews(blobs, manifest.image_size if manifest else DECODED_SIDE, readers)
    return Verification(
        store,
        blobs,
        counter,
        premises,
        FenceLimits(settings.fence_coarsest_m, settings.fence_oldest),
        clock,
        views,
        copies=NearCopies(store, views, premises),
        answered_error=_answered_error(manifest) if manifest else None,
    )


def _webhooks(
    settings: Settings, store: Store, clock: Clock, way: Notices, closing: ExitStack
) -> tuple[Worker, FanOut]:
    """What sends state changes to insurers' own systems: a worker for that alone, and what gives it work."""
    posts = closing.enter_context(closes(SignedPosts(clock, allow_private=settings.webhook_allow_private)))
    deliveries = Deliveries(
        store,
        posts,
        clock,
        Alarm(store, way, Language(settings.language)),
        source=settings.public_url or SOURCE,
        patience=settings.webhook_patience,
    )
    courier = Worker(
        store,
        {EffectKind.DELIVER: deliveries.deliver},
        clock,
        threads=settings.webhook_threads,
        lease=settings.effect_lease,
        stop_patience=_COURIER_PATIENCE,
        share=deliveries.share,
        poll=_COURIER_POLL,
    )
    return courier, FanOut(store, clock, courier.wake)


def _forget_old(connection: Transaction, now: datetime) -> None:
    """Drop what no honest caller can still come with."""
    forget_old(connection, now)
    forget_old_sign_ins(connection, now)


def _opened(
    settings: Settings, used: InUse | None, clock: Clock | None
) -> tuple[DatabaseEngine, Clock, SigningKey]:
    """The database, its clock unless there is another, and the key that signs for it."""
    engine = open_with_keys(settings)
    if used:
        note_start(engine, settings.data_folder, used, version("flashclaim"), utc_now())
    clock = clock or DatabaseClock(engine)
    try:
        return engine, clock, open_signing_key(engine, settings.keys, clock())
    except SigningKeyUnusable:
        engine.close()
        raise


def _payer(settings: Settings) -> Payer | None:
    if settings.bank == "gateway":
        return None
    try:
        return Payer(settings.payer_name, settings.payer_account, settings.payer_bank)
    except ValueError as wrong:
        whole = f"{PREFIX}PAYER_NAME, {PREFIX}PAYER_ACCOUNT and {PREFIX}PAYER_BANK"
        raise SettingUnusable(
            f"{PREFIX}BANK", settings.bank, f"usable without a payer: {wrong}; set {whole}"
        ) from wrong


def open_blobs(settings: Settings) -> Blobs:
    """Where this installation keeps its photos.

    Raises:
        SettingUnusable: As ``photo_stores``.
    """
    return photo_stores(settings)[0]


def network_in_use(settings: Settings) -> InUse:
    """What a server started now would count with; where the database records a choice, the data folder follows it.

    Raises:
        WeightsUnusable: The chosen network is not installed on this machine, or is another one than was chosen.
        DatabaseUnreachable, DatabaseUnusable: The database cannot be asked.
    """
    home, choice = settings.data_folder, recorded(settings.database)
    if choice:
        follow(home, choice)
    return in_use(home, folder=settings.model_folder, predictor=settings.predictor, recorded=choice)


def _answered_error(manifest: Manifest) -> AnsweredError | None:
    """How often the network is wrong where it is sure, as far as its manifest says."""
    stated = manifest.answered_error
    if stated is None:
        return None
    share, low, high = (Decimal(str(round(one, 4))) for one in (stated.share, stated.low, stated.high))
    return AnsweredError(share=share, low=low, high=high, photos=stated.n)


def register_imports(settings: Settings, store: Store, clock: Clock) -> Imports:
    """What brings register files in, over this store."""
    stands_for = settings.invitation_length
    return Imports(store, clock, settings.import_most_bytes, invitations_stand_for=stands_for)


def photo_stores(settings: Settings) -> tuple[Blobs, Derivatives]:
    """Where originals are kept, and the smaller pictures made from them: in the data folder or in a bucket.

    Raises:
        SettingUnusable: Photos would travel in the clear.
    """
    if not settings.photos_url:
        return local_blobs(settings.photo_folder), local_derivatives(settings.derived_folder)
    settings.require_safe_photo_store()
    address = urlsplit(settings.photos_url)
    bucket = Bucket(
        name=address.netloc,
        prefix=address.path.strip("/"),
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        key_id=settings.s3_key_id,
        secret=settings.s3_secret,
        timeout=settings.s3_timeout,
    )
    return ObstoreBlobs(bucket_store(bucket, "photos")), ObstoreDerivatives(bucket_store(bucket, "derived"))


def _readers(settings: Settings, closing: ExitStack) -> tuple[ReaderPool, Hurried]:
    readers = closing.enter_context(reader_pool(settings))
    return readers, Hurried(readers, settings.photo_readers * MOST_WAITING_A_READER)


@contextmanager
def reader_pool(settings: Settings) -> Iterator[ReaderPool]:
    """Children that photos are read in; they start with the first photo, and end with the context."""
    pool = ReaderPool(settings.photo_readers)
    try:
        yield pool
    finally:
        pool.close()
