"""The installation that a storm is raised over: every process of it real, each at a post that is filled again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from backend.keeping import migrate_database, seed_database
from backend.settings import Settings
from tests.backend.sandbox.process import SECRET
from tests.chaos.cluster import Cluster, a_folder_for_a_cluster
from tests.chaos.keeper import Keeper, Post, Running
from tests.chaos.processes import Process, Site, free_port
from tests.chaos.proxy import Line
from tests.databases import put_migrated
from tests.journeys.world import PLAIN, eventually

FARMS = 30
WORKERS = 2
UP_WITHIN_S = 120.0
_CUT_SHARE = 0.25


@dataclass
class Grounds:
    """Where everything is."""

    site: Site
    """Its port is the line that nobody cuts, to whichever API listens."""
    county: dict[str, Any]
    keeper: Keeper
    bad_line: Line
    bank_url: str
    books: Path
    """The bank's database."""

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.site.environment)

    def posts(self, kind: str) -> list[Post]:
        return [post for post in self.keeper.posts if post.kind == kind]

    def tell_bank(self, switches: dict[str, Any]) -> bool:
        """Tell the bank how to behave; False when it does not hear."""
        with suppress(httpx.TransportError):
            told = httpx.post(f"{self.bank_url}/switches", json=switches, timeout=5, **PLAIN)
            return told.is_success
        return False


@contextmanager
def an_installation(dialect: str, folder: Path, seed: str, **changes: str) -> Iterator[Grounds]:
    """Database, bank, two workers, one API on SQLite and two on PostgreSQL: all up, and gone afterwards."""
    with ExitStack() as stack:
        cluster = None
        if dialect == "postgresql":
            cluster = Cluster(stack.enter_context(a_folder_for_a_cluster()), free_port())
        ports = [free_port() for _ in range(2 if cluster else 1)]
        calm, bad = Line(ports, seed, cut_share=0), Line(ports, seed, cut_share=_CUT_SHARE)
        stack.callback(calm.close)
        stack.callback(bad.close)
        bank_port = free_port()
        bank_url = f"http://127.0.0.1:{bank_port}"
        environment = {
            "FLASHCLAIM_DATA_FOLDER": str(folder),
            "FLASHCLAIM_DATABASE_URL": cluster.url("flashclaim") if cluster else "",
            "FLASHCLAIM_EMBEDDED_WORKER": "0",
            # Phones of a storm sign in once.
            "FLASHCLAIM_FARMER_ACCESS": "600",
            "FLASHCLAIM_BANK_URL": bank_url,
            "FLASHCLAIM_BANK_SECRET": SECRET,
        } | changes
        county = _prepared(Settings.from_environment(environment), cluster)
        site = Site(folder, calm.port, environment)
        posts = [_api(site, place, port) for place, port in enumerate(ports)]
        posts += [_worker(site, place) for place in range(WORKERS)]
        posts.append(_bank(site, bank_port, f"{site.url}/api/v1/bank/callbacks"))
        if cluster:
            posts.insert(0, Post("postgres", "postgres", cluster.start, lambda _: cluster.answers()))
        keeper = Keeper(posts)
        stack.enter_context(keeper.at_work())
        for post in posts:
            assert post.is_up.wait(UP_WITHIN_S), f"{post.name} did not start; see {folder}"
        yield Grounds(site, county, keeper, bad, bank_url, folder / "bank.db")


def _prepared(settings: Settings, cluster: Cluster | None) -> dict[str, Any]:
    """Schema and county, in a database server that is stopped again."""
    server = cluster.start() if cluster else None
    try:
        if cluster:
            eventually(cluster.answers, UP_WITHIN_S, "PostgreSQL")
            with psycopg.connect(cluster.url("postgres", driver="postgresql"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE flashclaim")
        put_migrated(settings.database)
        migrate_database(settings)
        return seed_database(settings, farms=FARMS, seed=1)
    finally:
        if server:
            server.stop()


def _api(site: Site, place: int, port: int) -> Post:
    def serves(_: Running) -> bool:
        return _answers(f"http://127.0.0.1:{port}/api/v1/health")

    command = ("server", "run", "--port", str(port))
    return Post(
        f"api {place}", "api", lambda: Process(site.folder, "api", site.environment, *command), serves
    )


def _worker(site: Site, place: int) -> Post:
    """All workers tell farmers in the same file: the newest code is the last one in it."""

    def serves(process: Running) -> bool:
        said = (site.folder / "worker.stdout").read_bytes()
        return f'"pid": {process.pid}\n'.encode() in said

    return Post(
        f"worker {place}",
        "worker",
        lambda: Process(site.folder, "worker", site.environment, "server", "worker"),
        serves,
    )


def _bank(site: Site, port: int, callback_url: str) -> Post:
    command = ("sandbox", "bank", "--port", str(port), "--callback-url", callback_url, "--database")
    return Post(
        "bank",
        "bank",
        lambda: Process(site.folder, "bank", site.environment, *command, str(site.folder / "bank.db")),
        lambda _: _answers(f"http://127.0.0.1:{port}/switches"),
    )


def _answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(url, timeout=2, **PLAIN).is_success
    return False
