"""Photos are read by child processes: what a hostile photo brings down is one of them, and the next photo gets another.

A child that crashes, runs out of memory or time, or says what makes no sense has met a photo that cannot be read: that
is the answer, and the caller keeps the original. Children stay up between photos; starting one takes as long as
reading five.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import LifoQueue
from threading import Timer
from typing import BinaryIO, cast

import structlog

from backend.evidence.photo import Decoded, PhotoFacts
from backend.evidence.reading import wire
from backend.evidence.reading.wire import Answered, Asked, Garbled
from backend.evidence.reduced import Side
from backend.evidence.refusals import MAX_BYTES, PhotoTooBig, PhotoTooCostly

MOST_WAIT_S = 20.0
"""From the first byte to the last: processor time is bounded much more tightly, but a busy machine may give it late."""
_PIPE_BYTES = 1 << 20
_PHOTOS_A_CHILD = 1_000
"""Then it makes room for a new one, whatever its libraries may have forgotten to free."""
_COMMAND = (sys.executable, "-I", "-m", "backend.evidence.reading.child")
# No setting of ours, and so no secret. Threads of a library for linear algebra would only take address space.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}

log = structlog.get_logger()


class ReaderPool:
    """A ``PhotoReader`` over children, each started when it is first needed, or by ``warm``.

    Args:
        children: How many photos are read side by side.
        most_wait_s: How long one photo may take by the clock on the wall.
    """

    def __init__(self, children: int, *, most_wait_s: float = MOST_WAIT_S) -> None:
        self._is_closed = False
        self._most_wait_s = most_wait_s
        self._free: LifoQueue[_Child | None] = LifoQueue()
        for _ in range(children):
            self._free.put(None)

    def inspect(self, content: bytes) -> PhotoFacts:
        """As ``photo.inspect``.

        Raises:
            PhotoRefused: As there, and PhotoTooCostly.
        """
        answered, _ = self._ask(Asked("inspect"), content)
        if answered.facts is None:
            raise PhotoTooCostly("its decoder answered nothing of use")
        return answered.facts

    def decode(self, content: bytes, *, target: int | None = None) -> Decoded:
        """As ``photo.decode``, and raises as ``inspect``."""
        answered, pixels = self._ask(Asked("decode", target), content)
        if answered.shape is None:
            raise PhotoTooCostly("its decoder answered nothing of use")
        try:
            return wire.decoded(answered.shape, pixels)
        except Garbled as wrong:
            raise PhotoTooCostly("its decoder answered nothing of use") from wrong

    def reduced(self, content: bytes, side: Side) -> bytes:
        """As ``reduced.reduced``, and raises as ``inspect``."""
        _, picture = self._ask(Asked("reduced", side), content)
        return bytes(picture)

    def warm(self) -> None:
        """Start the children now, so that the first photo need not wait for one."""
        waiting = [self._free.get() for _ in range(self._free.qsize())]
        for child in waiting:
            self._free.put(child or _Child())

    def close(self) -> None:
        """End the children; a photo that is being read is finished first. Closing again does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        while not self._free.empty():
            child = self._free.get()
            if child:
                child.end()

    def _ask(self, asked: Asked, content: bytes) -> tuple[Answered, bytearray]:
        if len(content) > MAX_BYTES:
            raise PhotoTooBig(size=len(content))
        with self._child() as child:
            answered, payload = child.ask(asked, content, self._most_wait_s)
        if answered.refusal:
            try:
                refusal = wire.raised(answered.refusal)
            except Garbled as wrong:
                raise PhotoTooCostly("its decoder answered nothing of use") from wrong
            raise refusal
        return answered, payload

    @contextmanager
    def _child(self) -> Iterator["_Child"]:
        free = self._free.get()
        child: _Child | None = None
        try:
            child = free or _Child()
            yield child
        finally:
            if child and (self._is_closed or not child.is_fit):
                child.end()
                child = None
            self._free.put(child)


class _Child:
    """One process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            # Ctrl-C in a terminal is the server's to take: it finishes what is in hand.
            start_new_session=True,
            bufsize=0,
        )
        self._asking = cast("BinaryIO", self._process.stdin)
        self._answering = cast("BinaryIO", self._process.stdout)
        self._read = 0
        self.is_fit = True
        if sys.platform == "linux":
            for end in (self._asking, self._answering):
                # Without larger pipes a decoded photo would be passed on in 150 pieces.
                with suppress(OSError):
                    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def ask(self, asked: Asked, content: bytes, most_wait_s: float) -> tuple[Answered, bytearray]:
        """Have one photo read.

        Raises:
            PhotoTooCostly: The child did not survive it, or did not end in time.
        """
        limit = Timer(most_wait_s, self._process.kill)
        limit.daemon = True
        limit.start()
        self.is_fit = False
        try:
            wire.put(self._asking, asked, content)
            answer = wire.take_answered(self._answering)
        except (OSError, EOFError, Garbled) as gone:
            self._process.kill()
            log.warning(
                "photo.broke_its_reader", ended=self._process.wait(), task=asked.task, bytes=len(content)
            )
            raise PhotoTooCostly("its decoder did not survive it, or did not come to an end") from gone
        finally:
            limit.cancel()
        self._read += 1
        self.is_fit = self._read < _PHOTOS_A_CHILD
        return answer

    def end(self) -> None:
        """Let it go; it ends by itself once nobody asks any more."""
        self._asking.close()
        self._answering.close()
        try:
            self._process.wait(MOST_WAIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
