"""Does it stay quick? Reports, queues, lists and effects over a database of a thousand claims and of a million.

Two databases of the same shape are filled with closed claims of the past (rows by SQL: claim, events, photos, tags,
stages, effects, payout) and the same few hundred open ones; then each measure is taken on both in turns, in one
process.

Run: python bench/scale.py [--claims N] [--rounds N] [--server postgresql://…]
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.words import Lane
from backend.products.load import products
from backend.store import claims, effects, events
from backend.store.engine import open_engine
from backend.store.migrate import migrate
from backend.store.run import Store
from bench.report import NOW, POLICIES, reports, seed
from tests.keys import KEYS

FEW = 1_000
OPEN = 400
_DIALECT = {
    "sqlite": {
        "rows": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < :most) SELECT {} FROM t",
        "id": "printf('%032x', {} + n)",
        "hex": "printf('%064x', n)",
        "serial": "printf('%07d', n)",
        "at": "strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', '2026-11-01', (n * 2 - 2000000 + {}) || ' seconds')",
        "json": "'{}'",
    },
    "postgresql": {
        "rows": "SELECT {} FROM generate_series(1, :most) AS t(n)",
        "id": "lpad(to_hex({} + n), 32, '0')::uuid",
        "hex": "lpad(to_hex(n), 64, '0')",
        "serial": "lpad(n::text, 7, '0')",
        "at": "timestamptz '2026-11-01' + (n * 2 - 2000000 + {}) * interval '1 second'",
        "json": "'{}'::json",
    },
}
_EVENTS = 12


def past(connection: Connection, most: int) -> None:
    """Fill in *most* closed claims."""
    say = _DIALECT[connection.dialect.name]
    claim, number = say["id"].format(0), f"'FC-20261001-' || {say['serial']}"

    def put(table: str, columns: str, values: str) -> None:
        connection.execute(
            text(f"INSERT INTO {table} ({columns}) " + say["rows"].format(values)), {"most": most}
        )

    put(
        "claims",
        "id, number, version, policy_number, farm_id, county, species, product, heads, state, path, amount, insurer, "
        "veterinary, inspection, heads_committed, reported_at, due_at, paid_at, body_hash",
        f"{claim}, {number}, {_EVENTS}, 'P' || (n % {POLICIES}), 'F' || (n % {POLICIES}), '430626', 'pig', "
        f"'pig-bands@1', 1, 'CLOSED', 'FAST', 52500, 'approved', 'approved', 'approved', 0, {say['at'].format(0)}, "
        f"{say['at'].format(900)}, {say['at'].format(600)}, {say['hex']}",
    )
    for seq in range(1, _EVENTS + 1):
        put(
            "events",
            "claim_id, seq, at, type, actor_kind, actor, payload, leaf_hash",
            f"{claim}, {seq}, {say['at'].format(seq)}, 'photo-received', 'farmer', 'P', '{'x' * 300}', {say['hex']}",
        )
    put("claim_photos", "claim_id, photo_id, received_at", f"{claim}, {say['hex']}, {say['at'].format(1)}")
    put("claim_tags", "claim_id, tag", f"{claim}, '1430626' || {say['serial']} || '9'")
    for place, stage in enumerate(
        ("upload", "verification", "joint_review", "acceptance", "handover", "payment")
    ):
        put(
            "claim_stages",
            "claim_id, place, name, held_by, entered_at, started_at, ended_at",
            f"{claim}, {place}, '{stage}', 'farmer', {say['at'].format(place)}, {say['at'].format(place)}, "
            f"{say['at'].format(place + 1)}",
        )
    for kind in range(5):
        put(
            "effects",
            "id, claim_id, kind, arguments, state, due_at, failures, lease_token, ended_at",
            f"{say['id'].format(kind * 10_000_000)}, {claim}, 'notify', {say['json']}, 'done', "
            f"{say['at'].format(kind)}, 0, 1, {say['at'].format(kind + 1)}",
        )
    put(
        "payouts",
        "id, claim_id, no, amount, state, started_at, confirmed_at",
        f"{claim}, {claim}, 1, 52500, 'confirmed', {say['at'].format(500)}, {say['at'].format(600)}",
    )


def settle(url: str) -> None:
    """What PostgreSQL does by itself after a while; SQLite never does."""
    if make_url(url).get_backend_name() != "postgresql":
        return
    owner = create_engine(make_url(url), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("ANALYZE"))
    owner.dispose()


@contextmanager
def filled(url: str, most: int) -> Iterator[Store]:
    """A store over *most* closed claims and a few hundred open ones."""
    migrate(url)
    engine = open_engine(url, keys=KEYS)
    engine.write(seed).result()
    began = time.perf_counter()
    engine.write(partial(past, most=most)).result()
    settle(url)
    print(f"{most} claims filled in within {time.perf_counter() - began:.0f} s", file=sys.stderr)
    store = Store(engine, products())
    for command in reports(8_000_000, OPEN):
        store.run_blocking(command.claim_id, command, at=NOW)
    try:
        yield store
    finally:
        engine.close()


@contextmanager
def databases(server: str | None, sizes: tuple[int, ...]) -> Iterator[list[Store]]:
    """Filled databases, one of each size: files, or made on *server* and dropped."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = [f"sqlite:///{folder}/{size}.db" for size in sizes]
        if server:
            admin = create_engine(
                make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
            )
            names = [f"flashclaim_bench_{uuid4().hex[:8]}" for _ in sizes]
            for name in names:
                with admin.connect() as connection:
                    connection.execute(text(f"CREATE DATABASE {name}"))
                stack.callback(_drop, admin, name)
            urls = [
                make_url(server).set(database=name).render_as_string(hide_password=False) for name in names
            ]
        yield [stack.enter_context(filled(url, size)) for url, size in zip(urls, sizes, strict=True)]


def _drop(admin: object, name: str) -> None:
    with admin.connect() as connection:  # type: ignore[attr-defined]
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


Measure = Callable[[Store, int], object]


def report(store: Store, turn: int) -> object:
    """One report, durable."""
    [command] = reports(9_000_000 + turn, 1)
    return store.run_blocking(command.claim_id, command, at=NOW)


def take_effect(store: Store, _: int) -> object:
    """Lease the next effect and end it."""

    def work(connection: Connection) -> None:
        leased = effects.lease(connection, "bench", NOW, NOW - NOW.replace(hour=1))
        if leased:
            effects.finish(connection, leased, NOW)

    return store.submit(work).result()


def looking(work: Callable[[Connection], object]) -> Measure:
    """A read."""
    return lambda store, _: store.engine.read(work, EVERYWHERE)


def one_claim(connection: Connection) -> object:
    """A claim by its number, folded from its events."""
    [row] = claims.listed(connection, claims.Wanted(most=1))
    return events.load(connection, claims.find(connection, row.number))


MEASURES: dict[str, Measure] = {
    "report": report,
    "effect taken and ended": take_effect,
    "queue, veterinary": looking(lambda c: claims.queue(c, Lane.VETERINARY, 50)),
    "queue, insurer": looking(lambda c: claims.queue(c, Lane.INSURER, 50)),
    "queue length": looking(lambda c: claims.queue_length(c, Lane.INSURER)),
    "newest 50 claims": looking(lambda c: claims.listed(c, claims.Wanted())),
    "newest 50 open claims": looking(lambda c: claims.listed(c, claims.Wanted(open_only=True))),
    "page in the middle": looking(lambda c: claims.listed(c, claims.Wanted(after="FC-20261001-0000500"))),
    "oldest open claim": looking(claims.oldest_open),
    "next effect due": looking(lambda c: effects.next_due(c, NOW)),
    "one claim": looking(one_claim),
}


def measured(stores: list[Store], name: str, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds on the small and on the large database, in turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        for store, figures in zip(stores, taken, strict=True):
            start = time.perf_counter()
            MEASURES[name](store, turn)
            figures.append((time.perf_counter() - start) * 1000)
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--server", help="a PostgreSQL server that may make databases; without it SQLite")
    asked = parser.parse_args()
    with databases(asked.server, (FEW, asked.claims)) as stores:
        print(f"{'':24} {FEW:>12,} {asked.claims:>12,}   ratio of medians")
        for name in MEASURES:
            measured(stores, name, 5)
            few, many = (statistics.median(figures) for figures in measured(stores, name, asked.rounds))
            print(f"{name:24} {few:9.2f} ms {many:9.2f} ms   {many / few:.2f}")


if __name__ == "__main__":
    main()
