"""Personal data as whoever needs no more of it sees it."""

import pytest

from backend.domain.personal.masks import (
    ERASED,
    account_last4,
    masked,
    masked_account,
    masked_id,
    masked_name,
    masked_phone,
)


@pytest.mark.parametrize(
    ("name", "shown"), [("张三丰", "张**"), ("Wang Fang", "W**"), ("", ""), (ERASED, ERASED)]
)
def test_of_a_name_the_first_sign_is_shown(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+8613812341234", "138****1234"), ("+4915112345678", "+49****5678"), (None, None), ("", "")],
)
def test_of_a_phone_the_ends_are_shown(phone: str | None, shown: str | None) -> None:
    assert masked_phone(phone) == shown


def test_of_an_identity_number_place_and_last_signs_are_shown() -> None:
    assert masked_id("43012119700101123X") == "430121**********3X"
    assert masked_id(None) is None


def test_of_an_account_the_last_four_digits_are_shown() -> None:
    assert (account_last4("6228480012345678901"), masked_account("6228480012345678901")) == ("8901", "…8901")
    assert (account_last4(ERASED), account_last4(None), masked_account(None)) == ("", "", None)


def test_of_a_register_what_is_personal_is_masked_and_nothing_else() -> None:
    assert masked("payee_account", "6228480012345678901") == "…8901"
    assert masked("payee_name", "何大山") == "何**"
    assert masked("holder_id_number", "43012119700101123X") == "430121**********3X"
    assert masked("stock", "120") == "120"
    assert masked("payee_name", None) is None
