"""A process that reads one photo after another and can do nothing else: ``python -m backend.evidence.reading.child``.

What a photo can make it do is bounded by the kernel: memory, processor time, no new file or connection, no file
written, no memory image left behind. It is told nothing but photos, and has no secret to give away.
"""

import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from backend.evidence import photo
from backend.evidence.reading.smallest import smallest_photos
from backend.evidence.reading.wire import Answered, Asked, put, refusal_of, shape_of, take_asked
from backend.evidence.reduced import Side, reduced
from backend.evidence.refusals import PhotoRefused, PhotoTooCostly

MOST_MEMORY = 400_000_000
"""Bytes beyond what an idle child has."""
MOST_PROCESSOR_S = 2.0
"""Of one photo; the kernel ends the process there."""


def main() -> None:
    """Answer until nobody asks any more."""
    asking, answering = _own_ends()
    # Decoders are loaded by their first photo, and find no file any more once the door is shut.
    for content in smallest_photos():
        reduced(content, Side.LIST)
        photo.inspect(content)
    _shut_doors()
    while wanted := take_asked(asking):
        signal.setitimer(signal.ITIMER_PROF, MOST_PROCESSOR_S)
        words, payload = _answer(wanted[0], bytes(wanted[1]))
        signal.setitimer(signal.ITIMER_PROF, 0)
        put(answering, words, payload)


def _answer(asked: Asked, content: bytes) -> tuple[Answered, bytes | memoryview]:
    try:
        match asked.task:
            case "inspect":
                return Answered(facts=photo.inspect(content)), b""
            case "decode":
                decoded = photo.decode(content, target=asked.size)
                return Answered(shape=shape_of(decoded)), decoded.image.reshape(-1).data
            case "reduced":
                return Answered(is_picture=True), reduced(content, Side(asked.size or 0))
    except PhotoRefused as refused:
        return Answered(refusal=refusal_of(refused)), b""
    except MemoryError:
        return Answered(refusal=refusal_of(PhotoTooCostly("decoding it takes too much memory"))), b""


def _own_ends() -> tuple[BinaryIO, BinaryIO]:
    """The pipes, out of the way of whatever writes on stdout."""
    asking, answering = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return asking, answering


def _shut_doors() -> None:
    bounds = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NOFILE: 0}
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        bounds[resource.RLIMIT_AS] = pages * resource.getpagesize() + MOST_MEMORY
    for kind, most in bounds.items():
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
