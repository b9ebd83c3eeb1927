"""Does a simulated county of 100 000 claims say the same everywhere? Page, command line, export and metrics.

A real server on loopback over a simulated database, its clock standing at the midnight on which the simulation ended.
Chromium opens ``/i`` and reads its tiles; ``flashclaim stats speed --json`` and ``flashclaim stats export`` (CSV)
are run as commands; ``/metrics`` is scraped. Shares and quantiles are worked out again from the export's rows, by
Kaplan and Meier as the book has it. Ends with 1 where two of them differ; says what the page takes and weighs.

The reader is an officer of the first county's insurer whose office covers the insurers of all others: what covers and
what signs in is written into the database, which is for looking at anyhow.

Run: python bench/county.py [--claims N] [--counties N] [--days N]      simulates first
     FLASHCLAIM_DATA_FOLDER=… FLASHCLAIM_KEY_FOLDER=… python bench/county.py --database FILE_OR_URL
"""

import argparse
import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Connection, func, select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend import serving
from backend.api.app import create_app
from backend.api.bearing import COOKIE
from backend.api.insurer_pages.shown import writers
from backend.bootstrap import Parts, assemble
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import KeyId, OfficerId, OrganisationId
from backend.domain.policy import policy_day
from backend.domain.words import Lane
from backend.settings import Settings
from backend.simulating import simulate_counties
from backend.simulation.plan import Plan, Staff
from backend.store import duties, sessions, tables
from backend.store.packing import midnight
from backend.texts.load import Language
from backend.workflows.secrets import token_hash
from cli.profiles import Profile
from cli.vault import FOLDER_VARIABLE, FileVault
from tests.fakes import FakeBank
from tests.journeys.world import FakeCounter

TOKEN, COOKIE_SECRET = "the bench's session", "the bench's page"
SAID = writers(Language.EN)
QUANTILES = (("p50", 0.5), ("p90", 0.9), ("p95", 0.95))
SHOWN = ("claims", "open", "within-15", "p50", "p90", "p95")
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_METRICS_WITHIN_S = 300.0
_A_MILLISECOND = 0.001


@dataclass
class Check:
    """What was compared, and what differed."""

    compared: int = 0
    differed: int = 0

    def same(self, what: str, *sides: object) -> None:
        """All sides are equal, or it is said which are not."""
        self.compared += 1
        if any(one != sides[0] for one in sides[1:]):
            self.differed += 1
            print(f"DIFFERS  {what}: {' | '.join(map(str, sides))}")

    def holds(self, what: str, holds: bool) -> None:  # noqa: FBT001 - a fact to be told
        """It is so, or it is said that it is not."""
        self.same(what, holds, True)


def main() -> int:
    """Simulate or take, ask everywhere, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", metavar="FILE_OR_URL", help="one that was simulated already")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--counties", type=int, default=10)
    parser.add_argument("--days", type=int, default=180)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, check = Path(name), Check()
        if asked.database:
            settings = replace(Settings.from_environment(os.environ), database_url=_url(asked.database))
        else:
            settings = Settings(data_folder=folder, database_url=_url(f"{folder}/county.db"))
            _simulate(settings, asked.claims, asked.counties, asked.days)
        now = _ended_at(settings)
        opened = assemble(settings, clock=lambda: now, counter=FakeCounter(), bank=FakeBank())
        parts = stack.enter_context(opened)
        parts.store.submit(lambda connection: _let_in(connection, now)).result()
        url = stack.enter_context(_served(parts))
        os.environ[FOLDER_VARIABLE] = str(folder / "cli")
        Profile(name="default", server=url, vault=FileVault.kind).save()
        FileVault(folder / "cli").write("default.session", TOKEN)
        told = json.loads(_timed("flashclaim stats speed --json", lambda: _command("speed", "--json")))
        tiles = _tiles_in_chromium(url)
        rows = _exported(folder / "claims.csv")
        gauges = _metrics(url)
    _compare(check, told, tiles, rows, gauges)
    print(f"{len(rows):,} claims: {check.compared} figures compared, {check.differed} differ")
    return min(check.differed, 1)


def _url(named: str) -> str:
    return named if "://" in named else f"sqlite:///{Path(named).resolve()}"


def _simulate(settings: Settings, claims: int, counties: int, days: int) -> None:
    plan = Plan(
        counties=counties,
        days=days,
        claims=claims,
        staff=Staff(5, 4, 4, 6),
        seed=1,
        begins=date(2026, 5, 1),
    )
    done = simulate_counties(settings, settings.database_url, plan, lambda *_: None)
    print(f"simulated {done.written.claims:,} claims in {done.seconds:.0f} s")


def _ended_at(settings: Settings) -> datetime:
    """The midnight after the last event: where the simulation's time stood in the end."""
    with assemble(settings, counter=FakeCounter(), bank=FakeBank()) as parts:
        last = parts.store.engine.read(
            lambda connection: connection.scalar(select(func.max(tables.events.c.at))), EVERYWHERE
        )
    return midnight(policy_day(last) + timedelta(days=1))


def _let_in(connection: Connection, now: datetime) -> None:
    """Sign an officer in whose insurer covers every other one: what the registers let one person see."""
    officers, keys, offices = tables.officers, tables.officer_keys, tables.organisations
    insurers = connection.scalars(
        select(offices.c.id).where(offices.c.lane == Lane.INSURER).order_by(offices.c.id)
    )
    own, *others = insurers.all()
    person = connection.execute(
        select(officers.c.id, keys.c.key_id)
        .join(keys, keys.c.officer_id == officers.c.id)
        .where(officers.c.organisation_id == own)
        .order_by(officers.c.id)
        .limit(1)
    ).one()
    day, officer = timedelta(days=1), OfficerId(person.id)
    for other in others:
        row = {
            "id": uuid4(),
            "organisation_id": OrganisationId(other),
            "cover_id": OrganisationId(own),
            "starts_at": now - day,
            "ends_at": now + day,
            "reason": "bench",
            "named_by": officer,
        }
        duties.name_cover(connection, row)
    session = sessions.put(
        connection,
        token_hash(TOKEN),
        officer,
        "bench",
        now,
        idle=day,
        length=day,
        key_id=KeyId(person.key_id),
    )
    parent = connection.execute(select(tables.sessions).where(tables.sessions.c.id == session)).one()
    sessions.put_for_page(connection, token_hash(COOKIE_SECRET), parent, "bench", now, day)


@contextmanager
def _served(parts: Parts) -> Iterator[str]:
    app = create_app(nullcontext(parts), with_worker=False)
    server = uvicorn.Server(serving.Listening(app, parts.settings, log_level="error", lifespan="on"))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


def _command(*words: str) -> str:
    """What ``flashclaim stats`` writes."""
    program = [sys.executable, "-c", "from cli.main import main; main()", "stats", *words]
    return subprocess.run(program, check=True, capture_output=True, text=True).stdout


def _timed(what: str, work: Any) -> Any:
    began, cpu = time.perf_counter(), time.process_time()
    found = work()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{what:40} {wall:7.2f} s wall, {cpu:6.2f} s of the server's processor")
    return found


def _tiles_in_chromium(url: str) -> dict[str, str]:
    """The tiles of ``/i``, opened twice: the first page a process answers reads every pack anew."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.add_cookies([{"name": COOKIE, "value": COOKIE_SECRET, "url": url}])
        page, weighed = context.new_page(), [0]
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda told: weighed.append(told["encodedDataLength"]))
        for visit in ("first", "second"):
            wire.send("Network.clearBrowserCache")
            weighed.clear()
            _timed(
                f"/i in Chromium, {visit} visit, complete", lambda: page.goto(f"{url}/i", wait_until="load")
            )
            page.wait_for_load_state("networkidle")
            print(
                f"{'':40} {_first_byte_ms(page):7.0f} ms to its first byte, {sum(weighed) / 1000:.0f} kB on the wire"
            )
        tiles = {
            one: page.locator(f"#{one}").evaluate("one => one.firstChild.textContent.trim()") for one in SHOWN
        }
        browser.close()
    return tiles


def _first_byte_ms(page: Page) -> float:
    return float(page.evaluate("performance.getEntriesByType('navigation')[0].responseStart"))


def _exported(file: Path) -> list[dict[str, str]]:
    _timed("flashclaim stats export, CSV", lambda: _command("export", "--into", str(file)))
    print(f"{'':40} {file.stat().st_size / 1e6:7.1f} MB")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _metrics(url: str) -> str:
    """What Prometheus reads, once the figures are in it: they are refreshed aside."""
    ends = time.monotonic() + _METRICS_WITHIN_S
    while time.monotonic() < ends:
        told = httpx.get(f"{url}/metrics", timeout=60, trust_env=False).raise_for_status().text
        if "flashclaim_paid_within_promise_ratio" in told:
            return told
        time.sleep(1)
    raise TimeoutError(f"no figures in /metrics within {_METRICS_WITHIN_S:.0f} s")


def _compare(
    check: Check, told: dict[str, Any], tiles: dict[str, str], rows: Sequence[dict[str, str]], gauges: str
) -> None:
    counted = [row for row in rows if row["ended_unpaid"] == "0"]
    way, is_open = told["stages"][0], sum(not row["paid_at"] for row in counted)
    check.same("claims", tiles["claims"], SAID["count"](told["claims"]), SAID["count"](len(counted)))
    check.same("open", tiles["open"], SAID["count"](told["open"]), SAID["count"](is_open))
    curve = PaidBy(counted)
    share = told["paid_within_15_min"]
    check.same("paid within 15 min", tiles["within-15"], SAID["percent"](share))
    check.holds("… as the export's rows say", abs(curve.by(900) - share) < 0.0001)
    check.same("… as a gauge", _gauge(gauges, "flashclaim_paid_within_promise_ratio"), share)
    for name, quantile in QUANTILES:
        seconds = way[f"{name}_seconds"]
        check.same(name, tiles[name], SAID["long"](seconds))
        reached = curve.by(seconds - _A_MILLISECOND) < quantile <= curve.by(seconds) + 1e-9
        check.holds(f"{name} as the export's rows say", reached)
        labels = f'{{quantile="{quantile}",stage="report_to_paid"}}'
        check.same(f"{name} as a gauge", _gauge(gauges, f"flashclaim_stage_seconds{labels}"), seconds)
    for holder in told["minutes"]["holders"]:
        summed = sum(float(row[f"held.{holder['holder']}"]) for row in rows)
        # Each row is rounded to the millisecond.
        check.holds(
            f"minutes of {holder['holder']}", abs(summed - holder["seconds"]) < len(rows) * _A_MILLISECOND
        )


class PaidBy:
    """Kaplan and Meier by the book, from the rows of the export: open claims have waited at least as long."""

    def __init__(self, rows: Sequence[dict[str, str]]) -> None:
        self._times = sorted((float(row["report_to_paid"]), not row["paid_at"]) for row in rows)

    def by(self, seconds: float) -> float:
        """The share paid by then."""
        left = 1.0
        for place, (took, is_open) in enumerate(self._times):
            if took > seconds:
                break
            if not is_open:
                left *= 1 - 1 / (len(self._times) - place)
        return 1 - left


def _gauge(gauges: str, name: str) -> float | None:
    found = re.search(rf"^{re.escape(name)} (\S+)$", gauges, re.MULTILINE)
    return float(found[1]) if found else None


if __name__ == "__main__":
    sys.exit(main())
