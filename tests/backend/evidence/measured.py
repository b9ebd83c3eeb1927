"""What reading a photo takes of a child: memory at its peak, processor time, and whether the child lived on."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from structlog.testing import capture_logs

from backend.evidence.reading.child import MOST_PROCESSOR_S
from backend.evidence.reading.pool import ReaderPool
from backend.evidence.reduced import Side
from backend.evidence.refusals import PhotoRefused

DEMO = Path(__file__).resolve().parents[3] / "demo" / "photos"
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_TOOK_TOO_LONG = -27
"""SIGPROF: the bound on processor time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read in every way that the server reads photos.

    ``peak_bytes`` is resident, with the child's own 45 MB; ``processor_s`` is of the slowest way of reading.
    """

    name: str
    said: str
    peak_bytes: int
    processor_s: float
    crashed: bool
    """The child ended otherwise than by its bounds."""


def readings(files: Iterable[tuple[str, bytes]]) -> Iterator[Reading]:
    """Read them one after the other.

    Raises:
        Exception: What is no refusal: a mistake of ours.
    """
    pool = ReaderPool(1)
    pool.warm()
    try:
        for name, content in files:
            yield _read(pool, name, content)
    finally:
        pool.close()


def mutants(originals: Iterable[Path], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Photos with bytes overwritten, swapped, doubled or cut out; the same seed makes the same ones."""
    chance = Random(seed)
    photos = [(path.name, path.read_bytes()) for path in originals]
    for number in range(count):
        name, content = photos[number % len(photos)]
        yield f"{name} #{number} of seed {seed}", _mutant(bytearray(content), chance)


def _mutant(content: bytearray, chance: Random) -> bytes:
    # Most of what a decoder believes stands at the beginning.
    is_anywhere = chance.random() < 0.5
    for _ in range(chance.choice((1, 2, 4, 16, 64))):
        reach = len(content) if is_anywhere else min(len(content), 1_000)
        if not reach:
            break
        at, length = chance.randrange(reach), chance.choice((1, 1, 2, 4, 32, 512))
        match chance.randrange(5):
            case 0:
                content[at : at + length] = chance.randbytes(length)
            case 1:
                content[at : at + length] = bytes([chance.choice((0, 0x7F, 0x80, 0xFF))]) * length
            case 2:
                content[at:at] = content[at : at + length]
            case 3:
                del content[at : at + length]
            case _:
                content[at] ^= 1 << chance.randrange(8)
    return bytes(content)


def _read(pool: ReaderPool, name: str, content: bytes) -> Reading:
    said, peak, slowest, crashed = [], 0, 0.0, False
    for way in (
        lambda: pool.inspect(content).format,
        lambda: pool.decode(content, target=640).format,
        lambda: f"{len(pool.reduced(content, Side.SCREEN))} bytes",
    ):
        pool.warm()
        child = pool._free.queue[-1]
        pid = child._process.pid
        _forget_peak(pid)
        before = _processor_s(pid)
        with capture_logs() as logs:
            try:
                said.append(way())
            except PhotoRefused as refused:
                said.append(refused.code)
        ended = [entry["ended"] for entry in logs if entry["event"] == "photo.broke_its_reader"]
        if ended:
            crashed |= ended != [_TOOK_TOO_LONG]
            slowest = max(slowest, MOST_PROCESSOR_S)
        elif child.is_fit:  # else it has read as many as a child reads, and is gone
            peak, slowest = max(peak, _peak_bytes(pid)), max(slowest, _processor_s(pid) - before)
    return Reading(name, " ".join(said), peak, slowest, crashed)


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _processor_s(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) * _TICK_S
