"""Payment files: valid against ISO's own schema, true to the fen, the same bytes for the same batch."""

from datetime import UTC, date, datetime
from importlib.resources import files
from uuid import UUID

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.adapters.bank import Transfer
from backend.adapters.pain001 import NAMESPACE, Payer, pain001
from backend.domain.ids import ClaimId, payout_id, payout_reference
from backend.domain.money import Money

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
PAYER = Payer("中国某某财产保险股份有限公司", "6228480402564890018", "104100000004")
WITHIN = {"p": NAMESPACE}


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    """ISO's own, as sepaxml ships it."""
    return xmlschema.XMLSchema(
        (files("sepaxml") / "schemas" / "pain.001.001.09.xsd").read_text(encoding="utf-8")
    )


def a_transfer(
    serial: int = 1, amount: str = "1400.00", name: str = "王芳", account: str = "6222000011112222"
) -> Transfer:
    key = payout_id(ClaimId(UUID(int=serial)), 1)
    number = f"FC-20261125-{serial:04d}"
    return Transfer(key, Money.parse(amount), name, account, payout_reference(number, 1, key))


def a_file(*transfers: Transfer, payer: Payer = PAYER) -> str:
    return pain001("FC-20261125-F001-00000001", NOON, date(2026, 11, 25), payer, transfers)


def text(document: str, path: str) -> list[str]:
    return [found.text or "" for found in fromstring(document).iterfind(path, WITHIN)]


@pytest.mark.parametrize("bank", ["104100000004", "ABOCCNBJ", "ABOCCNBJXXX", ""])
def test_a_file_is_valid_and_says_who_pays_whom_how_much(schema: xmlschema.XMLSchema, bank: str) -> None:
    first, second = a_transfer(), a_transfer(2, "544.44", "阿依古丽·买买提", "622200001111333344")

    document = a_file(first, second, payer=Payer(PAYER.name, PAYER.account, bank))

    schema.validate(document)
    assert text(document, ".//p:NbOfTxs") == ["2", "2"]
    assert text(document, ".//p:CtrlSum") == ["1944.44", "1944.44"]
    assert text(document, ".//p:InstdAmt") == ["1400.00", "544.44"]
    assert text(document, ".//p:Cdtr/p:Nm") == ["王芳", "阿依古丽·买买提"]
    assert text(document, ".//p:CdtrAcct/p:Id/p:Othr/p:Id") == ["6222000011112222", "622200001111333344"]
    assert text(document, ".//p:EndToEndId") == [first.reference, second.reference]
    assert text(document, ".//p:InstrId") == [first.key.hex, second.key.hex]
    assert text(document, ".//p:CreDtTm") == ["2026-11-25T12:00:00+08:00"]
    assert set(text(document, ".//p:Purp/p:Cd")) == {"INSC"}


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert a_file(a_transfer(), a_transfer(2)) == a_file(a_transfer(), a_transfer(2))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**12),
            st.text(min_size=1, max_size=100),
            st.from_regex(r"[0-9]{6,30}", fullmatch=True),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_payees_are_called_the_file_is_valid_and_adds_up(
    schema: xmlschema.XMLSchema, rows: list[tuple[int, str, str]]
) -> None:
    transfers = [
        a_transfer(serial, str(Money(fen)), f"王{name}", account)
        for serial, (fen, name, account) in enumerate(rows, start=1)
    ]

    document = a_file(*transfers)

    schema.validate(document)
    assert text(document, ".//p:CtrlSum")[0] == str(Money(sum(fen for fen, _, _ in rows)))


def test_an_empty_batch_is_no_file() -> None:
    with pytest.raises(ValueError, match="at least one"):
        a_file()


@pytest.mark.parametrize(
    ("name", "account", "bank"),
    [
        ("", "622", ""),
        ("某某", "", ""),
        ("某某", "6" * 35, ""),
        ("某" * 141, "622", ""),
        ("某某", "622", "some bank"),
    ],
)
def test_a_payer_that_no_file_can_hold_is_refused(name: str, account: str, bank: str) -> None:
    with pytest.raises(ValueError, match=r"payer|BIC"):
        Payer(name, account, bank)
