"""What ``server run`` and ``server worker`` do once the server extra is there."""

import math
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
import uvicorn

from backend.bootstrap import AlreadySeeded, SchemaOutdated, assemble
from backend.logs import configure_logs
from backend.settings import Settings, SettingUnusable
from cli.exits import Exit
from cli.render import print_json, say
from models.manifest import WeightsUnusable

_BACKLOG = 2048


def serve(host: str, port: int, ready_file: Path | None) -> None:
    """Serve until SIGTERM; the socket is bound first, so that port 0 has a number to tell."""
    # Opened once and closed again: a missing schema or weights file stops the start with advice.
    with advised(), assemble(settings_here()) as parts:
        patience = parts.settings.stop_patience
    listening = _listen(host, port)
    url = f"http://{host}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        "backend.api.app:app_from_environment",
        factory=True,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=math.ceil(patience.total_seconds()),
    )
    server = _Announcing(config, url, ready_file)
    server.run(sockets=[listening])
    if not server.started:
        raise typer.Exit(Exit.FAILED)


def work() -> None:
    """Carry out effects until SIGTERM or SIGINT; what is in hand is finished, or handed back."""
    configure_logs()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with advised(), assemble(settings_here()) as parts:
        parts.worker.start()
        say(f"working on {parts.settings.database} with {parts.settings.worker_threads} threads")
        print_json({"pid": os.getpid()})
        sys.stdout.flush()
        stopping.wait()
        parts.worker.stop()


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
    except AlreadySeeded as wrong:
        say(
            f"{wrong}. Next: name another database in FLASHCLAIM_DATABASE_URL, or another FLASHCLAIM_DATA_FOLDER."
        )
        raise typer.Exit(Exit.CONFLICT) from wrong
    except WeightsUnusable as wrong:
        say(f"{wrong}")
        raise typer.Exit(Exit.FAILED) from wrong


class _Announcing(uvicorn.Server):
    """Says where it serves once it does."""

    def __init__(self, config: uvicorn.Config, url: str, ready_file: Path | None) -> None:
        super().__init__(config)
        self._url = url
        self._ready_file = ready_file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Announce after the application has started."""
        await super().startup(sockets)
        if not self.started:
            return
        if self._ready_file:
            self._ready_file.write_text(self._url)
        say(f"serving {self._url} (API description at {self._url}/docs)")
        print_json({"url": self._url, "pid": os.getpid()})
        sys.stdout.flush()


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as taken:
        listening.close()
        say(f"cannot listen on {host}:{port}: {taken.strerror}. Next: choose another --port, or 0.")
        raise typer.Exit(Exit.FAILED) from taken
    listening.listen(_BACKLOG)
    return listening
