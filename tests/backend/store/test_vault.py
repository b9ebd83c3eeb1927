"""What is sealed opens in its own place, under its own key, unchanged; and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.personal.problems import KeysMissing, PersonalDataAltered
from backend.store.vault import Vault
from tests.keys import KeysInHand

ACCOUNT = "6228480012345678901"
PLACE = ("policies.payee_account", "P-1")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=20), st.integers())
def test_what_is_sealed_opens_again(clear: str, row: str, seq: int) -> None:
    vault = Vault(KeysInHand())

    assert vault.open(vault.seal(clear, "table.column", row, seq), "table.column", row, seq) == clear


def test_the_same_value_is_never_sealed_the_same() -> None:
    vault = Vault(KeysInHand())

    assert vault.seal(ACCOUNT, *PLACE) != vault.seal(ACCOUNT, *PLACE)


def test_a_value_that_is_copied_to_another_row_does_not_open() -> None:
    vault = Vault(KeysInHand())
    sealed = vault.seal(ACCOUNT, *PLACE)

    for place in (
        ("policies.payee_account", "P-2"),
        ("policies.payee_name", "P-1"),
        ("policies.payee_account", "P-1", ""),
    ):
        with pytest.raises(PersonalDataAltered, match=r"is not what was encrypted"):
            vault.open(sealed, *place)


@given(st.data())
def test_a_value_with_any_byte_changed_does_not_open(data: st.DataObject) -> None:
    vault = Vault(KeysInHand())
    sealed = bytearray(vault.seal(ACCOUNT, *PLACE))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises((PersonalDataAltered, KeysMissing)):
        vault.open(bytes(sealed), *PLACE)


@given(st.binary(max_size=40))
def test_bytes_of_anybody_else_do_not_open(strange: bytes) -> None:
    with pytest.raises((PersonalDataAltered, KeysMissing)):
        Vault(KeysInHand()).open(strange, *PLACE)


def test_a_former_key_opens_and_the_current_one_seals() -> None:
    before = Vault(KeysInHand("old")).seal(ACCOUNT, *PLACE)
    vault = Vault(KeysInHand("new", "old"))

    assert vault.open(before, *PLACE) == ACCOUNT
    with pytest.raises(KeysMissing, match="is encrypted under key"):
        Vault(KeysInHand("old")).open(vault.seal(ACCOUNT, *PLACE), *PLACE)


def test_equal_values_are_found_under_every_key_and_only_in_their_column() -> None:
    old, new = Vault(KeysInHand("old")), Vault(KeysInHand("new", "old"))

    assert old.index(ACCOUNT, "policies.payee_account") in new.indexes(ACCOUNT, "policies.payee_account")
    assert new.index(ACCOUNT, "policies.payee_account") in new.indexes(ACCOUNT, "policies.payee_account")
    assert new.index(ACCOUNT, "farm_contacts.phone") not in new.indexes(ACCOUNT, "policies.payee_account")
    assert new.index("6228480012345678902", "policies.payee_account") not in new.indexes(
        ACCOUNT, "policies.payee_account"
    )


def test_what_is_not_known_is_sealed_as_nothing() -> None:
    vault = Vault(KeysInHand())

    assert (vault.seal_some(None, *PLACE), vault.open_some(None, *PLACE), vault.index(None, "x")) == (
        None,
        None,
        None,
    )
