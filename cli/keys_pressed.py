"""Waits for a key at the terminal, or for a bell that another thread rings: what is on screen may have changed."""

import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import TracebackType
from typing import Self

_CTRL_C, _CTRL_D = "\x03", "\x04"
_LOOK_S = 0.05

if sys.platform == "win32":
    import msvcrt

    class Keyboard:
        """This console's keys; looked at often, for Windows cannot wait for a key and a bell at once."""

        def __init__(self) -> None:
            self._bell = Event()

        def __enter__(self) -> Self:
            return self

        def __exit__(
            self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
        ) -> None:
            return None

        def ring(self) -> None:
            """End the wait that is under way, or the next one; from any thread."""
            self._bell.set()

        def forget(self) -> None:
            """Drop what was typed ahead."""
            while msvcrt.kbhit():
                msvcrt.getwch()

        def wait(self) -> str | None:
            """The next key, or None where the bell rang first."""
            while not msvcrt.kbhit():
                if self._bell.is_set():
                    self._bell.clear()
                    return None
                time.sleep(_LOOK_S)
            return _meant(msvcrt.getwch())

        @contextmanager
        def lines(self) -> Iterator[None]:
            """Whole lines are typed in here."""
            yield

else:
    import select
    import termios

    class Keyboard:
        """This terminal's keys, one at a time and without an echo, from entering to leaving."""

        def __init__(self) -> None:
            self._keys = sys.stdin.fileno()
            self._heard, self._rung = os.pipe()
            os.set_blocking(self._rung, False)
            os.set_blocking(self._heard, False)
            self._stood = termios.tcgetattr(self._keys)
            self._typed: deque[str] = deque()

        def __enter__(self) -> Self:
            self._single_keys()
            return self

        def __exit__(
            self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
        ) -> None:
            termios.tcsetattr(self._keys, termios.TCSADRAIN, self._stood)

        def ring(self) -> None:
            """End the wait that is under way, or the next one; from any thread."""
            try:
                os.write(self._rung, b"!")
            except BlockingIOError:
                return  # it is ringing already

        def forget(self) -> None:
            """Drop what was typed ahead."""
            self._typed.clear()
            termios.tcflush(self._keys, termios.TCIFLUSH)

        def wait(self) -> str | None:
            """The next key, or None where the bell rang first.

            Raises:
                KeyboardInterrupt: Ctrl-C.
                EOFError: Ctrl-D, or the terminal is gone.
            """
            while not self._typed:
                ready, _, _ = select.select([self._keys, self._heard], [], [])
                if self._heard in ready:
                    os.read(self._heard, 4096)
                    return None
                self._typed.extend(self._read())
            return _meant(self._typed.popleft())

        @contextmanager
        def lines(self) -> Iterator[None]:
            """Whole lines are typed in here, with the terminal's own editing."""
            termios.tcsetattr(self._keys, termios.TCSADRAIN, self._stood)
            try:
                yield
            finally:
                self._single_keys()

        def _single_keys(self) -> None:
            # Output stays as it is: only a raw terminal would need carriage returns.
            changed = termios.tcgetattr(self._keys)
            changed[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG)
            termios.tcsetattr(self._keys, termios.TCSADRAIN, changed)

        def _read(self) -> str:
            content = os.read(self._keys, 1024)
            if not content:
                raise EOFError
            keys = content.decode(errors="replace")
            # An arrow key is one key that means nothing here, not three of which one might decide.
            return "\x1b" if keys.startswith("\x1b") else keys


def _meant(key: str) -> str:
    if key == _CTRL_C:
        raise KeyboardInterrupt
    if key == _CTRL_D:
        raise EOFError
    return key
