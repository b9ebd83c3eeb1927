"""Working everything out anew finds whatever differs from the events, and nothing where nothing does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.domain.authority.sight import EVERYWHERE
from backend.store.replay import MOST_FAULTS, replay
from tests.backend.store.county import County
from tests.busy_county import a_busy_county, a_copy_of, looking, url_of


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    with a_busy_county(folder):
        return folder


@pytest.fixture
def busy(at_rest: Path, tmp_path: Path) -> Iterator[County]:
    with a_copy_of(at_rest, tmp_path) as county:
        yield county


def faults(county: County) -> list[str]:
    return county.store.engine.read(
        lambda connection: replay(connection, lambda _what, _done: None), EVERYWHERE
    ).faults


def test_a_county_in_every_state_is_what_its_events_say(busy: County) -> None:
    done = busy.store.engine.read(
        lambda connection: replay(connection, lambda _what, _done: None), EVERYWHERE
    )

    assert done.faults == []
    assert (done.claims, done.events > 50) == (9, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE claims SET amount = amount + 1 WHERE state = 'PAID'", "claims.amount is"),
        ("UPDATE claims SET heads_committed = 0 WHERE state = 'PAID'", "claims.heads_committed is 0"),
        ("UPDATE events SET payload = replace(payload, 'accident', 'disease') WHERE seq = 1", "leaf hash"),
        ("UPDATE events SET actor = 'somebody' WHERE seq = 2", "event 2 is not what its leaf hash says"),
        ("DELETE FROM events WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM events", "there are no events"),
        ("DELETE FROM claim_stages WHERE place = 0", "its stages are not"),
        ("UPDATE payouts SET state = 'CONFIRMED'", "its payouts are not"),
        ("DELETE FROM claim_tags", "its tags are not"),
        ("UPDATE claim_photos SET received_at = NULL", "its photos are not"),
    ],
)
def test_what_is_changed_past_the_events_is_named_with_its_claim(
    busy: County, tmp_path: Path, change: str, said: str
) -> None:
    with looking(url_of(tmp_path)) as connection:
        assert connection.exec_driver_sql(change).rowcount > 0

    found = faults(busy)

    assert any(said in fault for fault in found), found
    assert all(fault.startswith("FC-") for fault in found)
    assert len(found) < MOST_FAULTS * 2
