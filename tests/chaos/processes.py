"""Real processes of ours on loopback, each stopped or killed by its own process id."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.domain.ids import KeyId
from backend.first_keys import approve_keys_here
from backend.keeping import migrate_database, seed_database
from backend.settings import Settings
from tests.databases import put_migrated
from tests.forked import forks
from tests.journeys.world import World, sign_in

PATIENCE_S = 60.0


class Process:
    """A ``flashclaim`` command that runs until it is stopped; what it says is kept in files."""

    def __init__(self, folder: Path, name: str, environment: dict[str, str], *command: str) -> None:
        self.said, self.logged = folder / f"{name}.stdout", folder / f"{name}.stderr"
        self.started = time.monotonic()
        around = os.environ | {"LC_ALL": "C.UTF-8"} | environment
        with self.said.open("ab") as said, self.logged.open("ab") as logged:
            self._process = forks().start(command, around, said, logged)

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        return self._end(signal.SIGTERM)

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def _end(self, how: signal.Signals) -> int:
        # Who has ended is gone from the table of processes, and its number may be another's.
        if not self.has_ended():
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, how)
        return self._process.wait(PATIENCE_S)


@dataclass
class Files:
    """What the worker told farmers, across its lives."""

    path: Path

    def getvalue(self) -> str:
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""


@dataclass
class Site:
    """An installation of separate processes over one folder: an API, and workers once a bank is known."""

    folder: Path
    port: int
    environment: dict[str, str]
    running: list[Process] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        return Settings.from_environment(self.environment).database

    def beside(self) -> "Site":
        """The same installation with room for one more API process on another port."""
        return Site(self.folder, free_port(), self.environment, self.running)

    def start_api(self, patience_s: float = PATIENCE_S) -> Process:
        """Serve on this site's port, and return once it does.

        Raises:
            AssertionError: It ended, or did not serve within *patience_s* seconds.
        """
        ready = self.folder / f"ready-{self.port}"
        ready.unlink(missing_ok=True)
        command = ("server", "run", "--port", str(self.port), "--ready-file", str(ready))
        api = self._start("api", *command)
        self._await(api, ready.exists, patience_s)
        return api

    def start_worker(self, bank_url: str) -> Process:
        """Carry out effects, paying at this bank. All workers tell farmers in the same file."""
        self.environment["FLASHCLAIM_BANK_URL"] = bank_url
        worker = self._start("worker", "server", "worker")
        self._await(worker, lambda: f'"pid": {worker.pid}' in worker.said.read_text(encoding="utf-8"))
        return worker

    def _start(self, name: str, *command: str) -> Process:
        process = Process(self.folder, name, self.environment, *command)
        self.running.append(process)
        return process

    @staticmethod
    def _await(process: Process, is_ready: Any, patience_s: float = PATIENCE_S) -> None:
        ends = time.monotonic() + patience_s
        while not is_ready():
            assert not process.has_ended(), process.logged.read_text(encoding="utf-8")
            assert time.monotonic() < ends, "it did not start in time"
            time.sleep(0.02)


@contextmanager
def a_site(folder: Path, database: str = "", **environment: str) -> Iterator[tuple[Site, dict[str, Any]]]:
    """A migrated and seeded site with nothing running yet, and its county; whatever runs at the end is killed.

    Args:
        folder: Holds what the processes say and, unless *database* is another one's URL, the database.
        database: An empty database's URL.
        environment: FLASHCLAIM_ settings of its processes.
    """
    chosen = {
        "FLASHCLAIM_DATA_FOLDER": str(folder),
        "FLASHCLAIM_DATABASE_URL": database,
        "FLASHCLAIM_EMBEDDED_WORKER": "0",
        "FLASHCLAIM_DATABASE_CONNECTIONS": "2",
        # Phones of a storm sign in once.
        "FLASHCLAIM_FARMER_ACCESS": "600",
    } | environment
    settings = Settings.from_environment(chosen)
    put_migrated(settings.database)
    migrate_database(settings)
    county = seed_database(settings, farms=6, seed=1)
    site = Site(folder, free_port(), chosen)
    try:
        yield site, county
    finally:
        for process in site.running:
            process.kill()


@contextmanager
def people_of(site: Site, county: dict[str, Any]) -> Iterator[World]:
    """The people of a site whose API runs: their parts, bank and counter are in other processes."""
    officers = {one["id"]: sign_in(site.url, one) for one in county["officers"]}
    keys = [KeyId(one.key_id) for one in officers.values()]
    settings = Settings.from_environment(site.environment)
    approve_keys_here(settings, keys, by="root", reason="fingerprints compared")
    elsewhere: Any = None
    told = Files(site.folder / "worker.stdout")
    try:
        yield World(site.url, county, elsewhere, elsewhere, elsewhere, told, officers)
    finally:
        for officer in officers.values():
            officer.http.close()


def free_port() -> int:
    """A port that nobody listens on; a server that comes back has to come back on the same one."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port
