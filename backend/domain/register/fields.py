"""The five registers that are imported, and the fields of their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.register.cells import (
    Reading,
    code,
    count,
    day,
    metres,
    money,
    one_of,
    percent,
    words,
    yes_or_no,
)
from backend.domain.words import Category, Lane, PayGate, Species


class Register(StrEnum):
    """What a file's rows are."""

    FARMS = "farms"
    """养殖场, with their insured boundaries."""
    POLICIES = "policies"
    """保单."""
    HERDS = "herds"
    """存栏台账: the animals of farms, by ear tag."""
    OFFICERS = "officers"
    """工作人员 of the offices."""
    PROGRAMMES = "programmes"
    """政策性保险项目: the money that the payouts of policies never exceed together."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name as the database and this project's own files call it, and how its cells are read.

    ``is_needed`` says that a new row cannot do without it; a row that is registered keeps what its file leaves out.
    """

    name: str
    read: Reading
    is_needed: bool = False


_FARM_ID = code(40)
_COUNTY = code(12, r"[0-9]{6,12}")

FIELDS: Mapping[Register, tuple[Field, ...]] = {
    Register.FARMS: (
        Field("id", _FARM_ID, is_needed=True),
        Field("name", words(200), is_needed=True),
        Field("county", _COUNTY),
        Field("lon", metres),
        Field("lat", metres),
        Field("radius_m", metres),
    ),
    Register.POLICIES: (
        Field("number", code(40), is_needed=True),
        Field("farm_id", _FARM_ID, is_needed=True),
        Field("species", one_of(Species), is_needed=True),
        Field("product", code(60, r"[a-z][a-z0-9-]*(@[0-9]+)?"), is_needed=True),
        Field("incepted", day, is_needed=True),
        Field("expires", day, is_needed=True),
        Field("insured_heads", count(1), is_needed=True),
        Field("stock", count(1), is_needed=True),
        Field("heads_paid_before", count(0)),
        Field("sum_insured", money),
        Field("deductible_percent", percent),
        Field("pay_gate", one_of(PayGate)),
        Field("payee_name", words(100), is_needed=True),
        Field("payee_account", code(40, r"[0-9A-Z][0-9A-Z-]{5,39}"), is_needed=True),
        Field("programme", code(40)),
        # 身份证 of a person (GB 11643), 统一社会信用代码 of a company (GB 32100): 18 signs, an old card's 15.
        Field("holder_id_number", code(18, r"[0-9A-Z]{15}([0-9A-Z]{3})?")),
    ),
    Register.HERDS: (
        Field("tag", code(20), is_needed=True),
        Field("farm_id", _FARM_ID, is_needed=True),
        Field("species", one_of(Species), is_needed=True),
        Field("category", one_of(Category)),
    ),
    Register.OFFICERS: (
        Field("id", code(40, r"[0-9A-Za-z][0-9A-Za-z.@_-]*"), is_needed=True),
        Field("name", words(200), is_needed=True),
        Field("organisation_id", code(40, r"[0-9A-Za-z][0-9A-Za-z._-]*")),
        Field("organisation_name", words(200)),
        Field("lane", one_of(Lane)),
        Field("county", _COUNTY),
        Field("is_administrator", yes_or_no),
    ),
    Register.PROGRAMMES: (
        Field("id", code(40), is_needed=True),
        Field("name", words(200), is_needed=True),
        Field("county", _COUNTY, is_needed=True),
        Field("begins", day, is_needed=True),
        Field("ends", day, is_needed=True),
        Field("most", money, is_needed=True),
        Field("paid_before", money),
    ),
}

BOUNDARY = "boundary"
"""The column of outlines as well-known text, in files that have no geometry of their own."""


def key_of(register: Register) -> Field:
    """The field by which a row is found again: the same key is the same farm, policy, animal or officer."""
    return FIELDS[register][0]
