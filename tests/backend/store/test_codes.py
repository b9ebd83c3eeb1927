"""One-time codes of the farmer: bound, replaced, and ended by five wrong tries."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from backend.domain.sign_in.words import CodeFor
from backend.domain.words import CodePurpose
from backend.store import codes, farmer_codes, farmer_tables, tables
from backend.store.codes import MOST_WRONG_TRIES
from tests.backend.store.county import County
from tests.builders import CLAIM_ID


@pytest.fixture(autouse=True)
def a_reported_claim(county: County) -> None:
    county.report()


def issue(
    county: County, code: str, purpose: CodePurpose = CodePurpose.ACCEPTANCE, bound_to: str = "offer"
) -> None:
    county.store.submit(lambda c: codes.put(c, CLAIM_ID, purpose, bound_to, code)).result()


def try_code(county: County, code: str, purpose: CodePurpose = CodePurpose.ACCEPTANCE) -> str | None:
    return county.store.submit(lambda c: codes.try_code(c, CLAIM_ID, purpose, code)).result()


def test_the_right_code_says_what_it_is_bound_to_however_often(county: County) -> None:
    issue(county, "123456")

    assert try_code(county, "123456") == "offer"
    assert try_code(county, "123456") == "offer"


def test_whoever_reads_the_database_cannot_try_codes_out(county: County) -> None:
    issue(county, "a bare hash of 123456")

    kept = county.rows(tables.codes)[0].code_hash

    assert kept != "a bare hash of 123456"
    assert len(bytes.fromhex(kept)) == 32  # HMAC-SHA-256 under the key in the key folder


def test_nor_codes_that_sign_in(county: County) -> None:
    request, ends = uuid4(), county.clock() + timedelta(minutes=5)

    def send(connection: Connection) -> None:
        farmer_codes.put(connection, request, CodeFor.SIGN_IN, None, ends)
        farmer_codes.keep(connection, request, "a bare hash of 123456", county.clock())

    county.store.submit(send).result()
    kept = county.rows(farmer_tables.farmer_codes)[0].code_hash

    assert kept != "a bare hash of 123456"
    assert len(bytes.fromhex(kept)) == 32


def test_a_code_is_good_for_its_purpose_only(county: County) -> None:
    issue(county, "123456")

    assert try_code(county, "123456", CodePurpose.HANDOVER) is None


def test_five_wrong_tries_end_a_code(county: County) -> None:
    issue(county, "123456")

    for _ in range(MOST_WRONG_TRIES - 1):
        assert try_code(county, "000000") is None
    assert try_code(county, "123456") == "offer"
    assert try_code(county, "000000") is None

    assert try_code(county, "123456") is None


def test_a_new_code_replaces_the_old_one_and_its_wrong_tries(county: County) -> None:
    issue(county, "123456")
    for _ in range(MOST_WRONG_TRIES):
        try_code(county, "000000")

    issue(county, "654321", bound_to="newer offer")

    assert try_code(county, "123456") is None
    assert try_code(county, "654321") == "newer offer"


def test_a_code_for_each_purpose_stands_beside_the_other(county: County) -> None:
    issue(county, "123456")
    issue(county, "222222", CodePurpose.HANDOVER, "claim")

    assert try_code(county, "123456") == "offer"
    assert try_code(county, "222222", CodePurpose.HANDOVER) == "claim"


def test_without_a_code_nothing_is_right(county: County) -> None:
    assert try_code(county, "123456") is None
