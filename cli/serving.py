"""What ``server run`` and ``server worker`` do once the server extra is there."""

import math
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer
import uvicorn

from backend import stopping
from backend.bootstrap import AlreadySeeded, DatabaseUnreachable, RowsUnprotected, SchemaOutdated, assemble
from backend.domain.problems import DatabaseAway, StorageFull
from backend.logs import configure_logs
from backend.settings import Settings, SettingUnusable
from cli.exits import Exit
from cli.render import print_json, say
from models.manifest import WeightsUnusable
from models.predictors import PredictorMissing

_BACKLOG = 2048


def serve(host: str, port: int, ready_file: Path | None) -> None:
    """Serve until SIGTERM; the socket is bound first, so that port 0 has a number to tell."""
    # Opened once and closed again: a missing schema or weights file stops the start with advice.
    with advised(), assemble(settings_here()) as parts:
        settings = parts.settings
    _answer("backend.api.app:app_from_environment", host, port, settings, ready_file)


def work() -> None:
    """Carry out effects until SIGTERM or SIGINT; what is in hand is finished, or handed back."""
    with advised():
        settings = settings_here()
        if settings.worker_address:
            with assemble(settings):
                pass
    if settings.worker_address:
        host, _, port = settings.worker_address.rpartition(":")
        _answer("backend.api.app:worker_from_environment", host.strip("[]"), int(port), settings, None)
        return
    configure_logs(settings.log_format, settings.log_level)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.asked.set())
    with advised(), assemble(settings) as parts:
        parts.worker.start()
        _tell_terminal(f"working on {_shown(settings.database)} with {settings.worker_threads} threads")
        print_json({"pid": os.getpid()})
        sys.stdout.flush()
        stopping.asked.wait()
        parts.worker.stop()


def _answer(app: str, host: str, port: int, settings: Settings, ready_file: Path | None) -> None:
    """Answer HTTP until SIGTERM or SIGINT."""
    configure_logs(settings.log_format, settings.log_level)
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        app,
        factory=True,
        # uvicorn speaks through our handler, and says nothing of its own about each request.
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=math.ceil(settings.stop_patience.total_seconds()),
    )
    server = _Announcing(config, url, ready_file, settings.drain.total_seconds())
    # uvicorn stops by itself and then raises the signal again, for the handlers that were there before.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server.run(sockets=[listening])
    if not server.started:
        raise typer.Exit(Exit.FAILED)


def settings_here() -> Settings:
    """The settings of this process's environment.

    Raises:
        SettingUnusable: A FLASHCLAIM_ variable cannot be used.
    """
    return Settings.from_environment(os.environ)


@contextmanager
def advised() -> Iterator[None]:
    """Turn what stops a start into words: what is wrong, and what to do."""
    try:
        yield
    except SettingUnusable as wrong:
        say(f"{wrong}. Next: mend the variable; docs/configuration.md lists them.")
        raise typer.Exit(Exit.USAGE) from wrong
    except SchemaOutdated as wrong:
        say(f"{wrong}. Next: flashclaim server migrate")
        raise typer.Exit(Exit.FAILED) from wrong
    except RowsUnprotected as wrong:
        say(str(wrong))
        raise typer.Exit(Exit.FAILED) from wrong
    except (DatabaseUnreachable, DatabaseAway) as away:
        say(f"{away}. Next: start the database server, or mend FLASHCLAIM_DATABASE_URL.")
        raise typer.Exit(Exit.NETWORK) from away
    except ModuleNotFoundError as missing:
        if missing.name != "psycopg":
            raise
        say("PostgreSQL needs its driver. Next: pip install 'flashclaim[postgres]'")
        raise typer.Exit(Exit.USAGE) from missing
    except StorageFull as full:
        say(f"{full.detail}. Next: make room on the disk of FLASHCLAIM_DATA_FOLDER.")
        raise typer.Exit(Exit.FAILED) from full
    except AlreadySeeded as wrong:
        say(
            f"{wrong}. Next: name another database in FLASHCLAIM_DATABASE_URL, or another FLASHCLAIM_DATA_FOLDER."
        )
        raise typer.Exit(Exit.CONFLICT) from wrong
    except (WeightsUnusable, PredictorMissing) as wrong:
        say(f"{wrong}")
        raise typer.Exit(Exit.FAILED) from wrong


class _Announcing(uvicorn.Server):
    """Says where it serves once it does, and that it is about to stop before it does."""

    def __init__(self, config: uvicorn.Config, url: str, ready_file: Path | None, drain_s: float) -> None:
        super().__init__(config)
        self._url = url
        self._ready_file = ready_file
        self._drain_s = drain_s

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let load balancers see ``/readyz`` at 503 before the socket closes; a second signal stops at once."""
        if self._drain_s == 0 or stopping.asked.is_set():
            stopping.asked.set()
            super().handle_exit(sig, frame)
            return
        stopping.asked.set()
        leave = threading.Timer(self._drain_s, super().handle_exit, (sig, frame))
        leave.daemon = True
        leave.start()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Announce after the application has started."""
        await super().startup(sockets)
        if not self.started:
            return
        if self._ready_file:
            self._ready_file.write_text(self._url)
        _tell_terminal(f"serving {self._url} (API description at {self._url}/docs)")
        print_json({"url": self._url, "pid": os.getpid()})
        sys.stdout.flush()


def _tell_terminal(words: str) -> None:
    """Say it to a person; where nobody sits, stderr is the log's alone and every line of it an event."""
    if sys.stderr.isatty():
        say(words)


def _shown(database: str) -> str:
    """The database's URL without its password."""
    return re.sub(r"://[^/@]*@", "://…@", database)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named: else each answer waits 40 ms for an ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as taken:
        listening.close()
        say(f"cannot listen on {host}:{port}: {taken.strerror}. Next: choose another --port, or 0.")
        raise typer.Exit(Exit.FAILED) from taken
    listening.listen(_BACKLOG)
    return listening
