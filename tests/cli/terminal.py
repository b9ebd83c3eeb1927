"""A command at a terminal of 80 by 24 cells: what it shows, and keys for it."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROWS, COLUMNS = 24, 80
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CLEARED = "\x1b[2J\x1b[H"


@dataclass
class Terminal:
    """The officer's end of a pseudo-terminal."""

    process: subprocess.Popen[bytes]
    end: int
    shown: str = ""
    # A read may end in the middle of a character.
    decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def sees(self, words: str, seconds: float = 20.0) -> str:
        """Wait until the words are on the screen; returns the screen."""
        ends = time.monotonic() + seconds
        while words not in self.screen:
            assert time.monotonic() < ends, f"{words!r} did not come; the screen shows:\n{self.screen}"
            self._read(0.1)
        return self.screen

    def shows_no(self, words: str, seconds: float = 20.0) -> str:
        """Wait until there is a screen without these words, or the command has ended; returns what is left."""
        ends = time.monotonic() + seconds
        while (words in self.screen or not self.screen) and self.process.poll() is None:
            assert time.monotonic() < ends, f"{words!r} stays; the screen shows:\n{self.screen}"
            self._read(0.1)
        return self.screen

    def press(self, keys: str) -> None:
        """Type; what is on the screen now is forgotten."""
        self.shown = ""
        os.write(self.end, keys.encode())

    def interrupt(self) -> None:
        """Ctrl-C, as the terminal of a shell sends it to what runs in it."""
        self.process.send_signal(signal.SIGINT)

    def ends(self, seconds: float = 20.0) -> int:
        """Wait for the command's end; returns its exit code."""
        ends = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < ends, f"still running; the screen shows:\n{self.screen}"
            self._read(0.1)
        self._read(0.0)
        return self.process.returncode

    @property
    def screen(self) -> str:
        """What has been written since the screen was last cleared, without colours."""
        return _CONTROL.sub("", self.shown.rpartition(_CLEARED)[2]).replace("\r\n", "\n")

    def _read(self, seconds: float) -> None:
        while select.select([self.end], [], [], seconds)[0]:
            try:
                self.shown += self.decoder.decode(os.read(self.end, 65_536))
            except OSError:  # the other end is closed
                return


@contextmanager
def at_terminal(command: Sequence[str | Path], environment: dict[str, str]) -> Iterator[Terminal]:
    """Start a command at a terminal of its own; it is stopped at the end."""
    own, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    settings = {name: value for name, value in environment.items() if name not in {"COLUMNS", "NO_COLOR"}}
    with subprocess.Popen(
        command,
        stdin=its,
        stdout=its,
        stderr=its,
        env=settings | {"TERM": "xterm-256color"},
        start_new_session=True,
    ) as process:
        os.close(its)
        try:
            yield Terminal(process, own)
        finally:
            process.kill()
            process.wait()
            os.close(own)
