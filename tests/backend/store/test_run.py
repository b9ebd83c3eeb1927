"""The one way in: a command's events, projection, stages and effects are there together or not at all."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Table

from backend.domain.commands import Withdraw
from backend.domain.effects import EffectKind
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.indemnity.product import Product
from backend.domain.problems import ClaimDiffers, InvalidInput, MoveNotAllowed, NotFound
from backend.domain.words import Lane, LaneState, State
from backend.products.catalogue import Catalogue
from backend.products.load import products
from backend.store import projection, tables
from backend.store.run import Outcome
from tests.backend.store.county import County, opened_county
from tests.builders import (
    CLAIM_ID,
    FARMER,
    REPORTED_AT,
    SECOND,
    a_hold,
    a_report,
    acceptance,
    certificate,
    decision,
    received,
)
from tests.journeys.world import eventually

PATIENCE_S = 20
WRITERS = 8
WRITTEN: tuple[Table, ...] = (
    tables.claims,
    tables.events,
    tables.claim_photos,
    tables.claim_tags,
    tables.claim_stages,
    tables.effects,
    tables.claim_numbers,
)


def sizes(county: County) -> dict[str, int]:
    return {table.name: len(county.rows(table)) for table in WRITTEN}


def test_a_report_is_kept_with_everything_that_goes_with_it(county: County) -> None:
    outcome = county.give(a_report())

    assert outcome.is_new
    assert county.claim() == outcome.claim
    assert outcome.claim.report.number == "FC-20261123-0001"
    assert [row.photo_id for row in county.rows(tables.claim_photos)] == [outcome.claim.photos[0].id]
    assert Counter(row.kind for row in county.rows(tables.effects)) == {
        EffectKind.SEND_CODE: 1,
        EffectKind.VERIFY: 1,
        EffectKind.NOTIFY: 1,
    }


def test_a_failure_in_the_middle_leaves_nothing(county: County) -> None:
    nothing = sizes(county)

    def fail_at_the_end(connection: Connection) -> None:
        county.store.carry_out(connection, CLAIM_ID, a_report(), REPORTED_AT)
        raise ValueError("the power went")

    with pytest.raises(ValueError, match="the power went"):
        county.store.submit(fail_at_the_end).result()

    assert sizes(county) == nothing == dict.fromkeys(nothing, 0)


def test_a_refused_report_uses_no_claim_number_up(county: County) -> None:
    with pytest.raises(InvalidInput):
        county.give(a_report(heads=0))

    assert county.report().report.number.endswith("-0001")


def test_a_refused_command_changes_nothing(county: County) -> None:
    county.report()
    before = sizes(county)

    with pytest.raises(MoveNotAllowed):
        county.give(acceptance(county.claim()))

    assert sizes(county) == before


def test_a_command_that_repeats_what_stands_records_nothing(county: County) -> None:
    county.report()
    first = county.give(received())
    before = sizes(county)

    second = county.give(received())

    assert second == Outcome(first.claim, ())
    assert sizes(county) == before


@pytest.mark.parametrize("command", [received(), certificate()])
def test_a_command_on_no_claim_is_not_found(county: County, command: object) -> None:
    with pytest.raises(NotFound, match="no claim"):
        county.give(command)  # type: ignore[arg-type]


def test_a_report_on_no_policy_is_not_found(county: County) -> None:
    with pytest.raises(NotFound, match="no policy P-0"):
        county.report(a_report(policy_number=PolicyNumber("P-0")))


def test_twenty_identical_reports_at_once_are_one_claim(county: County) -> None:
    with ThreadPoolExecutor(20) as phones:
        outcomes = list(
            phones.map(lambda _: county.store.run_blocking(CLAIM_ID, a_report(), at=REPORTED_AT), range(20))
        )

    assert [outcome.is_new for outcome in outcomes].count(True) == 1
    assert {outcome.claim.report.number for outcome in outcomes} == {"FC-20261123-0001"}
    assert sizes(county)["claims"] == sizes(county)["events"] == 1


def test_a_report_told_again_by_someone_else_is_the_same_report(county: County) -> None:
    first = county.report()

    again = county.give(replace(a_report(), by=a_hold().officer.actor))

    assert not again.is_new
    assert again.claim == first


@pytest.mark.parametrize(
    "change", [{"note": "one more"}, {"heads": 3}, {"occurred_at": REPORTED_AT - SECOND}]
)
def test_the_same_claim_id_with_another_body_is_refused(county: County, change: dict[str, object]) -> None:
    county.report()

    with pytest.raises(ClaimDiffers):
        county.report(a_report(**change))

    assert sizes(county)["events"] == 1


def test_a_hundred_different_reports_at_once_get_a_hundred_numbers(county: County) -> None:
    reports = [a_report(claim_id=ClaimId(uuid4())) for _ in range(100)]

    futures = [
        county.store.submit(lambda c, one=one: county.store.carry_out(c, one.claim_id, one, REPORTED_AT))
        for one in reports
    ]

    numbers = {future.result().claim.report.number for future in futures}
    assert numbers == {f"FC-20261123-{serial:04d}" for serial in range(1, 101)}


class _AnotherWriter(Catalogue):
    """Lets another command in between loading a claim and recording what was decided on it."""

    def __init__(self) -> None:
        super().__init__(products())
        self.next_intrusion: list[object] = []

    def find(self, label: str, on: date) -> Product:
        if self.next_intrusion:
            self.next_intrusion.pop()()  # type: ignore[operator]
        return super().find(label, on)


def test_a_version_clash_is_decided_again_on_what_the_other_recorded(lasting_database: str) -> None:
    catalogue = _AnotherWriter()
    with opened_county(lasting_database, catalogue=catalogue) as county:
        county.report()
        claim = county.verify()
        insurer, veterinary = (decision(claim, lane) for lane in (Lane.INSURER, Lane.VETERINARY))

        def both(connection: Connection) -> Outcome:
            def other() -> None:
                county.store.carry_out(connection, CLAIM_ID, veterinary, county.clock())

            catalogue.next_intrusion.append(other)
            return county.store.carry_out(connection, CLAIM_ID, insurer, county.clock())

        after = county.store.submit(both).result().claim

        assert [after.lanes[lane].state for lane in Lane] == [
            LaneState.APPROVED,
            LaneState.APPROVED,
            LaneState.OPEN,
        ]
        assert county.claim() == after
        assert [entry.seq for entry in county.history()] == list(range(1, claim.version + 3))


def test_a_clash_may_turn_a_command_into_a_refusal(lasting_database: str) -> None:
    catalogue = _AnotherWriter()
    with opened_county(lasting_database, catalogue=catalogue) as county:
        county.report()
        claim = county.verify()

        def both(connection: Connection) -> Outcome:
            hold = a_hold()
            catalogue.next_intrusion.append(
                lambda: county.store.carry_out(connection, CLAIM_ID, hold, county.clock())
            )
            return county.store.carry_out(connection, CLAIM_ID, decision(claim, Lane.INSURER), county.clock())

        with pytest.raises(Exception, match="let me call the farm"):
            county.store.submit(both).result()


def test_an_update_from_an_old_version_clashes(county: County) -> None:
    county.report()
    before = county.claim()
    after = county.give(received()).claim

    with pytest.raises(projection.VersionClash):
        county.store.submit(lambda c: projection.update_claim(c, before, after)).result()


def test_a_caller_who_hangs_up_does_not_undo_the_write(county: County) -> None:
    begun, go_on = Event(), Event()

    def wait(_: Connection) -> None:
        begun.set()
        go_on.wait(PATIENCE_S)

    async def hang_up() -> None:
        # As many as PostgreSQL has writers: the report has to wait behind them.
        blocking = [county.store.submit(wait) for _ in range(WRITERS)]
        await asyncio.to_thread(begun.wait, PATIENCE_S)
        request = asyncio.ensure_future(county.store.run(CLAIM_ID, a_report(), at=REPORTED_AT))
        await asyncio.sleep(0.01)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        go_on.set()
        await asyncio.gather(*map(asyncio.wrap_future, blocking))

    asyncio.run(hang_up())

    eventually(county.history, PATIENCE_S)
    assert county.claim().state is State.REPORTED


def test_a_refusal_reaches_the_one_who_awaits_it(county: County) -> None:
    async def report_badly() -> None:
        with pytest.raises(InvalidInput) as refused:
            await county.store.run(CLAIM_ID, a_report(heads=0), at=REPORTED_AT)
        assert {error.pointer for error in refused.value.errors} >= {"/heads"}

    asyncio.run(report_badly())


def test_waiting_workers_are_woken_only_when_there_is_an_effect(county: County) -> None:
    woken = []
    leave = county.store.listen_for_effects(lambda: woken.append(1))

    county.store.submit(lambda _: None).result()
    county.report()
    eventually(lambda: woken, PATIENCE_S)
    leave()
    county.give(received())

    assert len(woken) == 1


def test_an_event_is_news_of_its_claim_and_of_no_other(county: County) -> None:
    county.report()
    heard: list[ClaimId | None] = []
    leave = county.store.listen(heard.append)

    with pytest.raises(NotFound):
        county.give(received(), ClaimId(uuid4()))
    county.give(received())
    eventually(lambda: heard, PATIENCE_S)
    leave()
    county.give(Withdraw(by=FARMER))

    assert heard == [CLAIM_ID]


def test_a_command_that_waited_is_recorded_at_the_time_of_the_one_before(county: County) -> None:
    county.report()
    recorded = county.history()[-1].at

    county.store.run_blocking(CLAIM_ID, received(), at=recorded - timedelta(seconds=5))

    assert county.history()[-1].at == recorded
