"""Parts on a real disk: held by one at a time, by the kernel's word."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.adapters.part_files import PartBusy, PartFolder, PartMoved

NAME = "claim-photo"


@pytest.fixture
def folder(tmp_path: Path) -> PartFolder:
    return PartFolder(tmp_path / "uploads")


def files(folder: PartFolder) -> list[str]:
    return sorted(path.name for path in folder._folder.iterdir())


def left(folder: PartFolder, content: bytes) -> None:
    """A part with these bytes that nobody holds."""
    part = folder.open(NAME)
    part.append(content)
    part.close()


def test_a_part_goes_on_where_it_ended(folder: PartFolder) -> None:
    left(folder, b"abc")
    left(folder, b"def")

    part = folder.open(NAME)

    assert (part.size, part.read()) == (6, b"abcdef")
    found = folder.find(NAME)
    assert found is not None
    assert found.size == 6
    assert abs(found.touched_at - datetime.now(UTC)) < timedelta(minutes=1)
    part.close()


def test_a_part_is_cut_back(folder: PartFolder) -> None:
    part = folder.open(NAME)
    part.append(b"abcdef")
    part.cut(2)
    part.append(b"X")

    assert part.read() == b"abX"
    part.close()


def test_one_holds_a_part_at_a_time(folder: PartFolder) -> None:
    part = folder.open(NAME)
    part.append(b"abc")

    with pytest.raises(PartBusy):
        folder.open(NAME)

    part.close()
    folder.open(NAME).close()


def test_a_killed_process_holds_nothing(folder: PartFolder) -> None:
    held = "import sys; from pathlib import Path; from backend.adapters.part_files import PartFolder\n"
    held += f"part = PartFolder(Path(sys.argv[1])).open({NAME!r}); part.append(b'abc'); print('held', flush=True)\n"
    held += "sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", held, folder._folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(PartBusy):
            folder.open(NAME)
        other.kill()
        other.wait(10)

        part = folder.open(NAME)

    assert part.size == 3
    part.close()


def test_a_part_that_was_let_go_is_held_again_as_it_was_left(folder: PartFolder) -> None:
    part = folder.open(NAME)
    part.append(b"abc")
    part.let_go()
    folder.open(NAME).close()

    part.hold_again()

    with pytest.raises(PartBusy):
        folder.open(NAME)
    part.close()


@pytest.mark.parametrize("size", [0, 3])
@pytest.mark.parametrize("happens", ["held", "grown", "dropped", "made anew"])
def test_a_part_that_moved_meanwhile_is_not_held_again(folder: PartFolder, size: int, happens: str) -> None:
    part = folder.open(NAME)
    part.append(b"abc"[:size])
    part.let_go()
    other = folder.open(NAME)
    if happens == "grown":
        other.append(b"d")
    elif happens == "dropped":
        other.drop()
    elif happens == "made anew":
        other.drop()
        left(folder, b"abc")
    if happens != "held":
        other.close()

    with pytest.raises(PartMoved):
        part.hold_again()
    part.close()

    assert len(files(folder)) == (happens != "dropped")
    other.close() if happens == "held" else None


def test_a_part_without_a_byte_leaves_nothing(folder: PartFolder) -> None:
    folder.open(NAME).close()

    assert (files(folder), folder.find(NAME)) == ([], None)


def test_what_is_dropped_while_held_does_not_come_back(folder: PartFolder) -> None:
    part = folder.open(NAME)
    part.append(b"abc")

    folder.drop(NAME)
    part.append(b"def")
    part.drop()
    part.close()
    folder.drop(NAME)

    assert files(folder) == []


def test_what_stands_aside_is_gone_afterwards(folder: PartFolder) -> None:
    with folder.aside() as aside:
        aside.write(bytes(1_000_000))
        during = files(folder)

    assert (during, files(folder)) == ([], [])


def test_old_parts_are_swept_and_held_ones_stay(folder: PartFolder) -> None:
    left(folder, b"abc")
    held = folder.open("held")
    held.append(b"abc")
    young = folder.open("young")
    young.append(b"abc")
    young.close()
    now = datetime.now(UTC)
    for name in (NAME, "held"):
        os.utime(folder._path(name), (now.timestamp() - 100,) * 2)

    swept = folder.sweep(now - timedelta(seconds=50))

    assert swept == [NAME]
    assert files(folder) == ["held.part", "young.part"]
    held.close()
