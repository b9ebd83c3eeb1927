"""A PostgreSQL server of one's own that may be killed: its own folder, port and processes, nothing shared."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

PATIENCE_S = 60.0
_PLACES = "/usr/lib/postgresql/*/bin/postgres"
_CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 32MB
fsync = on
synchronous_commit = on
"""


def programs() -> Path | None:
    """The folder of PostgreSQL's own programs, None where there is none."""
    on_path = shutil.which("postgres")
    found = [Path(on_path)] if on_path else sorted(Path("/").glob(_PLACES.lstrip("/")))
    return found[-1].parent if found else None


class Cluster:
    """One server's files and, while it runs, its processes; commits wait for the disk."""

    def __init__(self, folder: Path, port: int) -> None:
        binaries = programs()
        if binaries is None:
            raise FileNotFoundError("no PostgreSQL programs on this machine")
        self._postgres = binaries / "postgres"
        self._data, self._log = folder / "data", folder / "log"
        self.port = port
        # The server refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        initdb = (binaries / "initdb", "-D", self._data, "-U", "flashclaim", "-A", "trust", "-E", "UTF8")
        subprocess.run(
            [*initdb, "--no-locale", "--no-sync"],
            user=self._user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(f"{_CONFIGURATION}port = {port}\n")

    def start(self) -> "Server":
        """Start the server; it answers once ``answers`` says so."""
        with self._log.open("ab") as log:
            return Server(
                subprocess.Popen(
                    [self._postgres, "-D", self._data],
                    user=self._user,
                    cwd=self._data,
                    stdout=log,
                    stderr=log,
                )
            )

    def answers(self) -> bool:
        with suppress(psycopg.Error):
            psycopg.connect(self.url("postgres", driver="postgresql"), connect_timeout=2).close()
            return True
        return False

    def url(self, database: str, *, driver: str = "postgresql+psycopg") -> str:
        return f"{driver}://flashclaim@127.0.0.1:{self.port}/{database}"


class Server:
    """The server's processes: the one that was started, and those that it starts itself."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def children(self) -> list[int]:
        """A process for each connection, and the server's own helpers."""
        with suppress(OSError):
            listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
            return [int(child) for child in listed.split()]
        return []

    def kill(self) -> None:
        """End all of them at once, as a power cut does."""
        for pid in (self.pid, *self.children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE_S)

    def stop(self) -> int:
        """Have it disconnect everyone and end."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)
        return self._process.wait(PATIENCE_S)

    def has_ended(self) -> bool:
        return self._process.poll() is not None


@contextmanager
def a_folder_for_a_cluster() -> Iterator[Path]:
    """A folder that another user may enter, unlike pytest's; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="flashclaim-cluster-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
