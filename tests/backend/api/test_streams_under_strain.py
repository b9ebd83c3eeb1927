"""Streams are bounded and let go of everything: many readers, slow readers, lost lines, ended sessions."""

import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

import httpx
import pytest

from tests.backend.api.answers import problem
from tests.backend.api.phones import bearing
from tests.journeys.listening import document, heard_until, listening
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World, eventually, key, running_world

MOST, MOST_A_PERSON = 8, 6
RESET = struct.pack("ii", 1, 0)


class Time:
    """The installation's clock, which a test may put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="module")
def time() -> Time:
    return Time()


@pytest.fixture(scope="module")
def strained(tmp_path_factory: pytest.TempPathFactory, time: Time) -> Iterator[World]:
    """An installation with few seats and a quick ping."""
    limits = {"streams": MOST, "streams_per_person": MOST_A_PERSON, "stream_ping": timedelta(seconds=0.2)}
    with running_world(tmp_path_factory.mktemp("strained"), clock=time, **limits) as world:
        yield world


@pytest.fixture
def claim(strained: World) -> str:
    reported = strained.report(strained.policy(), [a_photo()])
    strained.wait(reported, "JOINT_REVIEW")
    return reported


@pytest.fixture
def path(claim: str) -> str:
    return f"/claims/{claim}/timeline/stream"


def take_all(world: World, path: str, stack: ExitStack) -> list[Iterator[object]]:
    """Take as many streams as a person may have; fails while one of an earlier taker is not free again."""
    http = world.officer("insurer").http
    return [stack.enter_context(listening(http, path)) for _ in range(MOST_A_PERSON)]


def is_free(world: World, path: str) -> bool:
    """Whether the insurer's officer may take all streams that a person may have."""
    try:
        with ExitStack() as stack:
            take_all(world, path, stack)
    except AssertionError:
        return False
    return True


def asks(world: World, path: str) -> socket.socket:
    """A connection that has asked for a stream of the insurer's, and reads nothing by itself."""
    address, token = urlsplit(world.url), world.officer("insurer").http.headers["authorization"]
    asking = socket.create_connection((address.hostname, address.port))
    asking.settimeout(10)
    asking.sendall(f"GET /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    return asking


def test_a_comment_breaks_every_silence(strained: World, path: str) -> None:
    with strained.officer("insurer").http.stream("GET", path, timeout=10) as answer:
        lines = answer.iter_lines()
        first = next(lines)
        pings = list(islice((line for line in lines if line.startswith(":")), 3))

    assert first == "retry: 1000"
    assert pings == [": ping"] * 3


def test_a_person_and_a_process_have_so_many_streams_and_get_them_back(strained: World, path: str) -> None:
    insurer, vet = strained.officer("insurer").http, strained.officer("veterinary").http
    with ExitStack() as stack:
        take_all(strained, path, stack)
        too_many = insurer.get(path)
        for _ in range(MOST - MOST_A_PERSON):
            stack.enter_context(listening(vet, path))
        none_left = vet.get(path)
        still_served = vet.get("/reviews")

    problem(too_many, 429, "too-many-streams")
    problem(none_left, 503, "live-busy")
    assert (too_many.headers["retry-after"], none_left.headers["retry-after"]) == ("30", "2")
    assert still_served.status_code == 200
    assert eventually(lambda: is_free(strained, path), 10, "every seat")


def test_a_line_that_was_cut_frees_its_seat(strained: World, path: str) -> None:
    cut = [asks(strained, path) for _ in range(MOST_A_PERSON)]
    for asking in cut:
        assert asking.recv(12) == b"HTTP/1.1 200"
        # Reset, as when a train goes into a tunnel and the phone gives up.
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        asking.close()

    assert eventually(lambda: is_free(strained, path), 10, "every seat")


def test_a_reader_who_is_slow_holds_nobody_up_and_reads_it_all_later(
    strained: World, claim: str, path: str
) -> None:
    with asks(strained, path) as slow:
        with ExitStack() as stack:
            readers = [
                stack.enter_context(listening(strained.officer("veterinary").http, path)) for _ in range(4)
            ]
            for events in readers:
                heard_until(events, "standing")
            strained.decide(claim, "veterinary").raise_for_status()
            heard = [heard_until(events, "standing") for events in readers]
        content = b""
        while b"event: lane-decided" not in content:
            content += slow.recv(65_536)

    assert [event[0].event for event in heard] == ["lane-decided"] * 4
    assert content.count(b"event: claim-reported") == 1


def test_a_session_that_ends_ends_its_streams_and_no_others(strained: World, path: str, time: Time) -> None:
    claim = path.split("/")[2]
    with strained.farmer(strained.policy()) as farmer:
        made = farmer.post(f"/claims/{claim}/links", json={"seed": "S" * 43}, headers=key())
    with bearing(strained, made.raise_for_status().json()["token"]) as reader, ExitStack() as stack:
        officers = stack.enter_context(listening(strained.officer("inspection").http, path))
        links = stack.enter_context(listening(reader, path))
        for events in (officers, links):
            heard_until(events, "standing")
        time.ahead = timedelta(hours=13)
        try:
            rest = list(officers)
            refused = strained.officer("inspection").http.get(path)
            with reader.stream("GET", path, timeout=10) as answer:
                again = answer.status_code
        finally:
            time.ahead = timedelta(0)

    # Thirteen hours break promises, and that is told until the session is looked at again.
    assert {one.event for one in rest} <= {"deadline-at-risk", "deadline-breached", "claim-escalated"}
    problem(refused, 401, "not-signed-in")
    assert again == 200


def test_a_claim_with_no_token_is_refused_before_a_seat_is_taken(strained: World, path: str) -> None:
    answers = [httpx.get(f"{strained.url}/api/v1{path}", **PLAIN) for _ in range(MOST + 1)]

    assert {answer.status_code for answer in answers} == {401}
    assert eventually(lambda: is_free(strained, path), 10, "every seat")


def test_what_a_stream_tells_stays_what_the_timeline_tells(strained: World, claim: str, path: str) -> None:
    with listening(strained.officer("insurer").http, path) as events:
        heard = heard_until(events, "standing")
        for lane in ("insurer", "veterinary", "inspection"):
            strained.decide(claim, lane).raise_for_status()
            heard += heard_until(events, "standing")

    told = [document(event) for event in heard if event.id and event.event != "standing"]
    assert told == strained.timeline(claim)["events"][: len(told)]
