"""How long does it take to hash a whole log again, against a checkpoint that was kept, and in how much memory?

The database is filled with claims of twenty events whose payloads are as long as real ones, through the sequencer's own
functions; then ``audit verify --against`` runs as a process of its own. Also measured: a checkpoint over the full log,
one claim's proofs out of it, and what a mark in ``audit_waiting`` adds to a report.

Run: python bench/audit.py [--events N] [--server postgresql://…]
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.engine import make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.adapters.signing_key import make_key
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId
from backend.domain.merkle.proofs import inclusion_proof
from backend.domain.record import actor_text, record_text
from backend.store import audit_checkpoints, audit_log, tables
from backend.store.audit_tables import audit_waiting
from backend.store.engine import open_engine
from backend.store.migrate import migrate
from backend.workflows.signing import open_signing_key

A_CLAIM = 20
_BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
_PAYLOAD = json.dumps({"note": "死猪一头，已在栏外", "filler": "x" * 500, "heads": 1}, ensure_ascii=False)
_AT_ONCE = 20_000


def fill(connection: Connection, events: int) -> None:
    """Events of many claims, each with its true leaf hash, waiting for their places."""
    claims = [
        {"id": UUID(int=(7 << 64) + n), "number": f"FC-20261101-{n:07d}", "version": A_CLAIM}
        for n in range(events // A_CLAIM)
    ]
    same = {
        "policy_number": "P-1",
        "farm_id": "farm-1",
        "county": "370800",
        "species": "pig",
        "product": "pig-bands@1",
        "heads": 1,
        "state": "CLOSED",
        "insurer": "approved",
        "veterinary": "approved",
        "inspection": "approved",
        "reported_at": _BEGAN,
        "due_at": _BEGAN,
        "body_hash": "0" * 64,
    }
    connection.execute(text("INSERT INTO farms (id, name, county) VALUES ('farm-1', 'Willow', '370800')"))
    connection.execute(
        insert(tables.policies),
        {
            "number": "P-1",
            "farm_id": "farm-1",
            "species": "pig",
            "product": "pig-bands@1",
            "incepted": _BEGAN.date(),
            "expires": _BEGAN.date(),
            "insured_heads": 1,
            "stock": 1,
            "pay_gate": "HANDOVER",
        },
    )
    for start in range(0, len(claims), _AT_ONCE // A_CLAIM):
        some = claims[start : start + _AT_ONCE // A_CLAIM]
        connection.execute(insert(tables.claims), [same | one for one in some])
        rows = [row for one in some for row in _rows(ClaimId(one["id"]))]
        connection.execute(insert(tables.events), rows)
        connection.execute(
            insert(audit_waiting), [{"claim_id": row["claim_id"], "seq": row["seq"]} for row in rows]
        )


def _rows(claim_id: ClaimId) -> Iterator[dict[str, object]]:
    actor = actor_text("machine", "flashclaim", None)
    for seq in range(1, A_CLAIM + 1):
        at = _BEGAN + timedelta(seconds=seq)
        record = record_text(
            actor=actor,
            at=at.isoformat(timespec="microseconds"),
            claim_id=str(claim_id),
            payload=_PAYLOAD,
            seq=seq,
            event_type="photo-checked",
        )
        yield {
            "claim_id": claim_id,
            "seq": seq,
            "at": at,
            "type": "photo-checked",
            "actor_kind": "machine",
            "actor": "flashclaim",
            "organisation": None,
            "payload": _PAYLOAD,
            "leaf_hash": hashlib.sha256(b"\x00" + record.encode()).hexdigest(),
        }


def keep(url: str, file: Path) -> None:
    """What ``audit checkpoint --save`` writes, straight from the database."""
    engine = open_engine(url)
    try:
        signed = engine.read(audit_checkpoints.newest, EVERYWHERE)
        assert signed
        made = signed.checkpoint
        hashes = engine.read(lambda c: audit_log.leaves(c, 0, made.size), EVERYWHERE)
        from backend.domain.merkle.tree import Frontier
        from backend.insight.audit import key_document, signed_document
        from backend.store import signing_keys

        frontier = Frontier()
        for one in hashes:
            frontier.add(one)
        keys = [key_document(one) for one in engine.read(signing_keys.every, EVERYWHERE)]
        said = {
            "form": "flashclaim/kept-checkpoint/1",
            "installation": made.installation,
            "checkpoint": signed_document(signed),
            "keys": keys,
            "subtrees": [one.hex() for one in frontier.subtrees],
            "cosigned": None,
        }
        file.write_text(json.dumps(said))
        file.with_name(file.name + ".leaves").write_bytes(b"".join(hashes))
    finally:
        engine.close()


@contextmanager
def a_database(folder: Path, server: str | None) -> Iterator[str]:
    """A new SQLite file, or a new database of the server, dropped in the end."""
    if server is None:
        yield f"sqlite:///{folder / 'flashclaim.db'}"
        return
    address = make_url(server).set(drivername="postgresql+psycopg")
    name = f"flashclaim_bench_{uuid4().hex[:8]}"
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def verify(url: str, folder: Path, against: Path) -> tuple[float, float, int, dict[str, object]]:
    """Seconds by the clock and of the processor, peak memory in megabytes, and what ``audit verify`` said."""
    # Not ru_maxrss: a child begins with what its parent held when it was made.
    script = (
        "import atexit, re, sys, time;"
        "most = lambda: re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1];"
        "atexit.register(lambda: sys.stderr.write(f'PEAK {most()} {time.process_time()}'));"
        "from cli.main import main; main()"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, "audit", "verify", "--against", str(against), "--json"],
        env=os.environ | {"FLASHCLAIM_DATABASE_URL": url, "FLASHCLAIM_DATA_FOLDER": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    peak, busy = done.stderr.rpartition("PEAK ")[2].split()
    return seconds, float(busy), int(peak) // 1024, json.loads(done.stdout)


def main() -> None:
    """Fill, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--server")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with a_database(folder, asked.server) as url:
            _measure(url, folder, asked.events)


def _measure(url: str, folder: Path, events: int) -> None:
    migrate(url)
    engine = open_engine(url)
    try:
        key = open_signing_key(engine, folder / "keys", _BEGAN)
        make_key(folder / "keys")
        began = time.perf_counter()
        engine.write(lambda c: fill(c, events)).result()
        print(f"filled with {events:,} events in {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        while engine.write(lambda c: audit_log.sequence(c, most=1000)).result():
            pass
        spent = time.perf_counter() - began
        print(f"places given: {events / spent:,.0f} events/s")
        began = time.perf_counter()
        made = engine.write(lambda c: audit_checkpoints.make(c, key.sign, datetime.now(UTC))).result()
        assert made
        print(f"a checkpoint over {made.checkpoint.size:,}: {(time.perf_counter() - began) * 1000:.1f} ms")
        began = time.perf_counter()
        middle = made.checkpoint.size // 2

        def prove(connection: Connection) -> None:
            tree = audit_log.StoredTree(connection)
            for place in range(middle, middle + A_CLAIM):
                inclusion_proof(place, made.checkpoint.size, tree)

        engine.read(prove, EVERYWHERE)
        print(f"proofs of one claim's {A_CLAIM} events: {(time.perf_counter() - began) * 1000:.1f} ms")
    finally:
        engine.close()
    against = folder / "checkpoint.json"
    keep(url, against)
    seconds, busy, peak, said = verify(url, folder, against)
    print(f"audit verify --against: {seconds:.1f} s by the clock, {busy:.1f} s of one core, peak {peak} MB")
    print(f"  {said['events']} events, bad: {said['bad']}")


if __name__ == "__main__":
    main()
