"""A lane's queue, live: the whole page whenever it differs, and nothing for who has seen it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx_sse import ServerSentEvent

from tests.backend.api.answers import problem
from tests.databases import a_database
from tests.journeys.listening import document, heard_until, listening
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, running_world


@pytest.fixture
def quiet_world(dialect: str, tmp_path: Path) -> Iterator[World]:
    """One where nothing waits: in the shared one a new claim may stand behind the fifty that a queue shows."""
    with (
        a_database(dialect, tmp_path, is_migrated=True) as url,
        running_world(tmp_path, farms=1, database_url=url) as world,
    ):
        yield world


def in_review(world: World) -> str:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    return claim


Rows = dict[str, dict[str, Any]]


def until(events: Iterator[ServerSentEvent], is_so: Callable[[Rows], bool]) -> Rows:
    """The rows by claim id, once they are so."""
    pages = ({row["id"]: row for row in document(event)["claims"]} for event in events)
    return next(rows for rows in pages if is_so(rows))


def test_the_stream_begins_with_the_queue_as_the_list_shows_it(world: World) -> None:
    in_review(world)
    http = world.officer("veterinary").http

    with listening(http, "/reviews/stream") as events:
        shown = document(next(events))

    assert shown == http.get("/reviews", params={"lane": "veterinary"}).json()


def test_a_claim_enters_changes_and_leaves(quiet_world: World) -> None:
    world = quiet_world
    with listening(world.officer("veterinary").http, "/reviews/stream", lane="veterinary") as events:
        before = document(next(events))
        claim = in_review(world)
        entered = until(events, lambda rows: claim in rows)
        world.decide(claim, "insurer").raise_for_status()
        changed = until(events, lambda rows: rows[claim]["lanes"]["insurer"] == "approved")
        world.decide(claim, "veterinary").raise_for_status()
        left = until(events, lambda rows: claim not in rows)

    assert claim not in {row["id"] for row in before["claims"]}
    assert changed[claim]["version"] > entered[claim]["version"]
    assert claim not in left


def test_who_comes_back_with_the_page_that_was_seen_is_told_only_what_is_new(world: World) -> None:
    http = world.officer("inspection").http
    with listening(http, "/reviews/stream") as events:
        seen = next(events)

    with listening(http, "/reviews/stream", seen.id) as events:
        claim = in_review(world)
        first = next(events)

    assert first.id != seen.id
    assert document(first) != document(seen)
    assert claim


def test_a_collector_names_the_lane_to_look_at(world: World) -> None:
    http = world.officer("disposal").http

    problem(http.get("/reviews/stream"), 422, "invalid-input")
    with listening(http, "/reviews/stream", lane="insurer") as events:
        shown = document(heard_until(events, "queue")[-1])

    assert shown["lane"] == "insurer"
