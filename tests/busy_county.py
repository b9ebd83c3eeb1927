"""A county with a claim in almost every state, at rest in a SQLite file: what is copied, backed up and moved."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import uuid4

from alembic import command
from sqlalchemy import Connection, create_engine

from backend.domain import commands as c
from backend.domain.ids import ClaimId
from backend.domain.words import HoldKind, Lane
from backend.products.load import products
from backend.store import datasets, model_switches
from backend.store.engine import open_engine
from backend.store.migrate import config
from backend.store.model_switches import Network, Switch
from backend.store.run import Store
from tests.backend.store.county import CLOCKS, County, opened_county
from tests.builders import (
    FARMER,
    a_consent,
    a_hold,
    a_label,
    a_report,
    acceptance,
    confirmed_by_bank,
    decision,
    failed_at_bank,
    rejection,
    unanswered,
)
from tests.keys import KEYS


@contextmanager
def a_busy_county(folder: Path) -> Iterator[County]:
    """A county with a claim in almost every state, with the schema's revision written down."""
    with opened_county(url_of(folder)) as county:
        command.stamp(config(url_of(folder)), "head")
        fill(county)
        yield county


@contextmanager
def a_copy_of(county: Path, folder: Path) -> Iterator[County]:
    """The county at rest in *county*, copied into *folder* and opened there."""
    shutil.copy(county / "county.db", folder / "county.db")
    engine = open_engine(url_of(folder), keys=KEYS)
    try:
        yield County(Store(engine, products(), CLOCKS))
    finally:
        engine.close()


def url_of(folder: Path) -> str:
    """Where the county in *folder* keeps its database."""
    return f"sqlite:///{folder / 'county.db'}"


def fill(county: County) -> None:
    """Claims that were paid, refused by the bank, left unanswered, rejected, held, withdrawn, or only reported."""

    serials = count(1)

    def another() -> c.Report:
        serial = next(serials)
        report = a_report(claim_id=ClaimId(uuid4()), photos=(f"photo-{serial}", f"side-{serial}"))
        animals = tuple(
            replace(one, tag=f"143012100{serial:03d}{place:03d}") for place, one in enumerate(report.animals)
        )
        return replace(report, animals=animals)

    for news in (confirmed_by_bank, failed_at_bank, unanswered):
        claim_id = county.make_payable(another()).report.claim_id
        claim = county.give(c.StartPayout(), claim_id).claim
        county.give(news(claim), claim_id)
    county.make_payable(another())
    for last in (
        rejection,
        acceptance,
        lambda _: a_hold(HoldKind.QUARANTINE),
        lambda _: c.Withdraw(by=FARMER),
    ):
        claim_id = county.report(another()).report.claim_id
        claim = county.verify(claim_id)
        if last is acceptance:
            for lane in Lane:
                claim = county.give(decision(claim, lane), claim_id).claim
        county.give(last(claim), claim_id)
    learn(county, claim_id)
    county.report(another())


def learn(county: County, claim_id: ClaimId) -> None:
    """A photo is lent, labelled and exported; a network was compared and took over."""
    photo_id = county.claim(claim_id).photos[0].id
    county.give(a_consent(), claim_id)
    county.give(replace(a_label(), photo_id=photo_id), claim_id)
    to, former = Network("own-farms@7", "7" * 64, "onnx"), Network("carcass-counter@1", "1" * 64, "onnx")
    at = county.clock()

    def work(connection: Connection) -> None:
        datasets.record_export(
            connection, by="root", at=at, folder="/srv/set", digest="5" * 64, photos=[(claim_id, photo_id)]
        )
        compared = model_switches.record_comparison(
            connection,
            by="root",
            at=at,
            model=(to.model, to.sha256),
            against=(former.model, former.sha256),
            claims=1,
            figures={"exact": 0.5, "worst": []},
        )
        made = Switch(to, former, "root", at, chosen=True, comparison_id=compared, reason=None)
        model_switches.record(connection, made)

    county.store.submit(work).result()


@contextmanager
def looking(url: str) -> Iterator[Connection]:
    """A plain connection that commits what is done with it."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
