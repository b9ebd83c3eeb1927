"""Lines that break, fall silent or come twice: each photo is whole, or honestly missing."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backend.api.uploading import Line, Upload, checksum
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually

CHUNK = 10_000

# What happens on the line does not depend on the database; test_tus.py runs on both kinds.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def upload(world: World) -> Iterator[Upload]:
    with Upload.announce(world, a_photo()) as announced:
        yield announced


@pytest.fixture
def quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing is logged: a line that breaks is no event on a bad line."""
    yield
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("over", [0, 1, CHUNK // 2, CHUNK - 1])
def test_cut_at_and_behind_every_boundary_the_bytes_so_far_stay(upload: Upload, over: int) -> None:
    size = len(upload.photo)
    cuts = [*range(CHUNK + over, size, CHUNK), size - 1]

    offset, offsets = 0, []
    for end in cuts:
        with Line(upload, offset) as line:
            line.send(upload.photo[offset:end])
            upload.wait_for(end)
        offset = upload.offset()
        offsets.append(offset)
    last = upload.send(offset)

    assert offsets == cuts
    assert last.status_code == 204
    assert upload.original() == upload.photo


@pytest.mark.usefixtures("quiet")
def test_of_a_cut_chunk_with_a_checksum_nothing_stays(upload: Upload) -> None:
    with Line(upload, 0, CHUNK, Upload_Checksum=checksum(upload.photo[:CHUNK])) as line:
        line.send(upload.photo[: CHUNK - 1])

    again = upload.send(0, CHUNK, Upload_Checksum=checksum(upload.photo[:CHUNK]))

    assert (again.status_code, again.headers["upload-offset"]) == (204, str(CHUNK))


def test_a_length_that_promises_more_than_comes_keeps_what_came(upload: Upload) -> None:
    with Line(upload, 0, CHUNK) as line:
        line.send(upload.photo[:5000])
        upload.wait_for(5000)

    assert upload.send(5000).status_code == 204
    assert upload.original() == upload.photo


def test_a_length_beyond_the_announced_photo_is_refused_before_a_byte_is_read(upload: Upload) -> None:
    with Line(upload, 0, len(upload.photo) + 1) as line:
        assert line.status() == 413

    assert upload.offset() == 0


def test_two_uploads_of_one_photo_at_once_do_not_mix(upload: Upload) -> None:
    with Line(upload, 0) as first:
        first.send(upload.photo[:1000])
        upload.wait_for(1000)

        with Line(upload, 1000) as second:
            sent = 1000
            while not second.has_answer():
                first.send(upload.photo[sent : sent + 100])
                sent += 100
            refused = second.status()
        first.send(upload.photo[sent:])

        assert (refused, first.status()) == (423, 204)
    assert upload.original() == upload.photo


def test_a_silent_line_does_not_keep_its_own_phone_out(upload: Upload) -> None:
    with Line(upload, 0) as ghost:
        ghost.send(upload.photo[:5000])
        upload.wait_for(5000)

        answer = upload.send(5000, 20_000)
        ghost.send(upload.photo[5000:])
        too_late = ghost.status()

    assert (answer.status_code, too_late) == (204, 409)
    assert upload.offset() == 20_000
    assert upload.send(20_000).status_code == 204
    assert upload.original() == upload.photo


def test_a_whole_photo_by_put_does_not_wait_for_a_line(upload: Upload) -> None:
    with Line(upload, 0) as slow:
        slow.send(upload.photo[:5000])
        upload.wait_for(5000)

        put = upload.http.put(upload.url, content=upload.photo)
        slow.send(upload.photo[5000:])

        assert (put.status_code, slow.status()) == (200, 204)
    assert upload.offset() == len(upload.photo)
    assert upload.world.events(upload.claim).count("photo-received") == 1


@dataclass(frozen=True)
class Try:
    """One attempt of a phone: how far it sends and what goes wrong."""

    permille: int
    is_checked: bool
    is_cut: bool
    is_changed: bool
    is_misplaced: bool

    def make(self, upload: Upload) -> None:
        offset = upload.offset() + self.is_misplaced
        rest = upload.photo[offset:]
        content = rest[: len(rest) * self.permille // 1000]
        headers = {"Upload_Checksum": checksum(content)} if self.is_checked else {}
        sent = bytes(byte ^ 255 for byte in content) if self.is_changed and self.is_checked else content
        with Line(upload, offset, len(content), **headers) as line:
            line.send(sent[: len(sent) // 2] if self.is_cut else sent)
            if not self.is_cut:
                assert line.status() in {204, 409, 413, 423, 460}


TRIES = st.builds(Try, st.integers(0, 1000), *[st.booleans()] * 4)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tries=st.lists(TRIES, max_size=6))
def test_whatever_went_wrong_before_the_photo_is_whole_or_honestly_missing(
    installation: World, tries: list[Try]
) -> None:
    with Upload.announce(installation, a_photo()) as upload:
        for one in tries:
            one.make(upload)
            offset = upload.offset()
            assert upload.is_received() == (offset == len(upload.photo))

        # A line that was just cut may still bring the bytes that were under way.
        eventually(lambda: upload.send(upload.offset()).status_code == 204, 10.0, "the rest")

        assert upload.original() == upload.photo
        assert installation.events(upload.claim).count("photo-received") == 1
