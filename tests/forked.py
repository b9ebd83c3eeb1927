"""Commands in processes of their own, forked from one that has already read our modules.

Reading them takes a fresh interpreter a quarter of a second, and two for a command of the server: more than most
commands then work, and the suite starts hundreds. So one process a test run reads them once
and forks for each command: its arguments, environment, standard streams, exit code and end are a process's own. That
the installed script starts from nothing is told where the start is the point (``Shell.afresh``).

A request is a message of one byte with four descriptors: a socket of its own, then stdin, stdout and stderr. On that
socket come the arguments and the environment, as JSON until its end; back go the process id, and the exit code when it
is over.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).resolve().parents[1]
_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG")
"""What an interpreter reads at its start only: a command with other values than these processes' starts afresh."""

_READ_AHEAD = (
    *(
        "httpx",
        "httpx_sse",
        "keyring",
        "filelock",
        "segno",
        "rich.console",
        "rich.table",
        "rich.progress",
        "rich.live",
    ),
    *("cryptography.hazmat.primitives.kdf.scrypt", "cryptography.hazmat.primitives.asymmetric.ed25519"),
    *("backend.api.app", "backend.keeping", "backend.serving", "uvicorn"),
)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Forked:
    """A command that runs, or has run, in a process of its own."""

    def __init__(self, told: socket.socket) -> None:
        self._told, self._heard = told, b""
        self._one_listens = threading.Lock()
        self._code: int | None = None
        self.pid = self._next_number(None)

    def poll(self) -> int | None:
        """Its exit code, negative for the signal that ended it; None while it runs."""
        try:
            return self.wait(0)
        except TimeoutError:
            return None

    def wait(self, seconds: float) -> int:
        """Its exit code, once it has ended.

        Raises:
            TimeoutError: It still runs.
        """
        with self._one_listens:
            if self._code is None:
                self._code = self._next_number(seconds)
                self._told.close()
            return self._code

    def _next_number(self, seconds: float | None) -> int:
        while b"\n" not in self._heard:
            waiting = select.poll()
            waiting.register(self._told, select.POLLIN)
            if not waiting.poll(None if seconds is None else seconds * 1000):
                raise TimeoutError
            heard = self._told.recv(64)
            if not heard:
                raise RuntimeError("the process that forks commands has ended")
            self._heard += heard
        number, _, self._heard = self._heard.partition(b"\n")
        return int(number)


class Forks:
    """The process that has read our modules, as whoever wants a command from it sees it."""

    def __init__(self) -> None:
        self._asking, its = socket.socketpair()
        one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP")}
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(its.fileno())],
                cwd=ROOT,
                env=os.environ | one_thread | {"LC_ALL": "C.UTF-8"},
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def start(
        self, arguments: Sequence[str], environment: dict[str, str], out: BinaryIO, err: BinaryIO
    ) -> Forked:
        """Start ``flashclaim`` with these arguments, without a terminal; it writes where *out* and *err* do."""
        own, its = socket.socketpair()
        with its, Path(os.devnull).open("rb") as nothing:
            handed = [its.fileno(), nothing.fileno(), out.fileno(), err.fileno()]
            socket.send_fds(self._asking, [b"!"], handed)
        own.sendall(json.dumps({"arguments": arguments, "environment": environment}).encode())
        own.shutdown(socket.SHUT_WR)
        return Forked(own)

    def run(self, arguments: Sequence[str], environment: dict[str, str], *, seconds: float) -> Ended:
        """Run ``flashclaim`` with these arguments to its end.

        Raises:
            AssertionError: It did not end in time, and was killed.
        """
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            command = self.start(arguments, environment, out, err)
            try:
                code = command.wait(seconds)
            except TimeoutError:
                os.kill(command.pid, signal.SIGKILL)
                command.wait(seconds)
                raise AssertionError(
                    f"flashclaim {' '.join(arguments)} still ran after {seconds} s"
                ) from None
            return Ended(code, _read(out), _read(err))

    def end(self) -> None:
        """No more commands."""
        self._asking.close()
        self._process.wait(10)


def can_run(environment: dict[str, str]) -> bool:
    """Whether a fork behaves as a fresh interpreter would in this environment."""
    asked = {name: value for name, value in environment.items() if name.startswith(_OF_THE_INTERPRETER)}
    ours = {name: value for name, value in os.environ.items() if name.startswith(_OF_THE_INTERPRETER)}
    return asked == ours | {"LC_ALL": "C.UTF-8"}


@cache
def forks() -> Forks:
    """The one of this test run: it ends when the run does."""
    started = Forks()
    atexit.register(started.end)
    return started


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


@dataclass(frozen=True)
class _Asked:
    """One command, in the fork that is to run it."""

    answers: socket.socket
    streams: list[int]

    def become(self) -> None:
        """Take over the command's arguments, environment and streams."""
        for number, stream in enumerate(self.streams):
            os.dup2(stream, number)
            os.close(stream)
        with self.answers.makefile() as request:
            asked = json.loads(request.read())
        self.answers.close()
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = ["flashclaim", *asked["arguments"]]


def _next_in_a_fork(asking: socket.socket) -> _Asked | None:
    """The next command, in a fork of its own; None in this process, once nobody asks any more."""
    waiting = select.poll()
    waiting.register(asking, select.POLLIN)
    running: dict[int, tuple[int, socket.socket]] = {}
    while True:
        for ready, _ in waiting.poll():
            if ready in running:
                waiting.unregister(ready)
                _tell_the_end(ready, *running.pop(ready))
                continue
            _, descriptors, *_ = socket.recv_fds(asking, 1, 4)
            if not descriptors:
                return None
            answers, streams = socket.socket(fileno=descriptors[0]), descriptors[1:]
            if not (pid := os.fork()):
                asking.close()
                for watched, (_, other) in running.items():
                    os.close(watched)
                    other.close()
                return _Asked(answers, streams)
            for stream in streams:
                os.close(stream)
            _tell(answers, pid)
            watched = os.pidfd_open(pid)
            waiting.register(watched, select.POLLIN)
            running[watched] = pid, answers


def _tell_the_end(watched: int, pid: int, answers: socket.socket) -> None:
    os.close(watched)
    _, status = os.waitpid(pid, 0)
    with answers:
        _tell(answers, os.waitstatus_to_exitcode(status))


def _tell(answers: socket.socket, number: int) -> None:
    # Who asked may have given up.
    with contextlib.suppress(BrokenPipeError):
        answers.sendall(f"{number}\n".encode())


def _main() -> None:
    import typer.main

    from cli.main import app, main

    for name in _READ_AHEAD:
        importlib.import_module(name)
    # The tree of commands, which no command changes, is made once too.
    typer.main.get_command = cache(typer.main.get_command)
    typer.main.get_command(app)
    gc.freeze()
    asked = _next_in_a_fork(socket.socket(fileno=int(sys.argv[1])))
    if asked is None:
        return
    asked.become()
    try:
        main()
    except SystemExit as ended:
        _leave(ended.code)


def _leave(code: Any) -> None:
    """End as an interpreter does, but for taking every module apart, which would copy all of this memory."""
    vars(threading)["_shutdown"]()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code or 0))


if __name__ == "__main__":
    # Usage names the program: as the installed script does, not by this module.
    sys.modules["__main__"].__package__ = None
    _main()
