"""Which rows a bounded reading sees, table by table: the one source of PostgreSQL's policies and SQLite's views.

A table that is not named here is a defect, and a test says so. Conditions are SQL over the row's own columns; how a
column is compared with what the reading's sight names (``Among``) is each engine's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from backend.domain.authority.sight import Sight


class Kind(StrEnum):
    """What a sight names."""

    COUNTY = "county"
    POLICY = "policy"
    FARM = "farm"
    CLAIM = "claim"


def named_by(sight: Sight) -> dict[Kind, tuple[str, ...]]:
    """What a sight names, as text; ids as 32 hexadecimal digits, which both engines read."""
    return {
        Kind.COUNTY: tuple(sorted(sight.counties)),
        Kind.POLICY: tuple(sorted(sight.policies)),
        Kind.FARM: tuple(sorted(sight.farms)),
        Kind.CLAIM: tuple(sorted(one.hex for one in sight.claims)),
    }


Among = Callable[[str, Kind], str]
"""SQL that says whether a column is one of what the sight names of a kind."""


@dataclass(frozen=True, slots=True)
class Own:
    """The row says itself: one of these columns is among what is named."""

    columns: Mapping[Kind, str]


@dataclass(frozen=True, slots=True)
class Through:
    """Seen with the row that *column* points at: that table's own rule decides."""

    column: str
    table: str
    key: str = "id"


@dataclass(frozen=True, slots=True)
class OfPolicy:
    """Policies: a farmer sees those that are named, not all of the farm; an officer those of the county's farms."""


@dataclass(frozen=True, slots=True)
class OfOffice:
    """Seen where one of these columns is an office of a county that is named."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfOfficer:
    """Seen where the office of this officer is in a county that is named; NULL is the server itself, seen by all."""

    column: str


@dataclass(frozen=True, slots=True)
class Either:
    """Seen where one of these rules shows it."""

    rules: "tuple[RowRule, ...]"


@dataclass(frozen=True, slots=True)
class Open:
    """Every bounded reading sees every row, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """No bounded reading sees any row, for this reason."""

    reason: str


RowRule = Own | Through | OfPolicy | OfOffice | OfOfficer | Either | Open | Hidden

_OF_CLAIM = Through("claim_id", "claims")
_OF_FARM = Through("farm_id", "farms")
_OF_COUNTY = Own({Kind.COUNTY: "county", Kind.CLAIM: "claim_id"})
_SHELL = Hidden("who teaches the counter works at the server's shell")
_SIGN_IN = Hidden("looked at before anybody is known; whose sessions one may list, the query itself says")

RULES: Mapping[str, RowRule] = {
    "claims": Own({Kind.COUNTY: "county", Kind.POLICY: "policy_number", Kind.CLAIM: "id"}),
    "events": _OF_CLAIM,
    "claim_photos": _OF_CLAIM,
    "claim_tags": _OF_CLAIM,
    "claim_stages": _OF_CLAIM,
    "claim_clocks": _OF_CLAIM,
    # Not through the claims: figures add up a year of them.
    "claim_voices": _OF_COUNTY,
    "tickets": _OF_COUNTY,
    "claim_flags": _OF_CLAIM,
    "claim_counts": _OF_CLAIM,
    "photo_fingerprints": Hidden(
        "compared across counties by the machine alone; what it finds stands in the claim"
    ),
    "claim_delegations": _OF_CLAIM,
    "visits": _OF_CLAIM,
    "payouts": _OF_CLAIM,
    "ledger_entries": _OF_CLAIM,
    "effects": _OF_CLAIM,
    "notices": _OF_CLAIM,
    "farms": Own({Kind.COUNTY: "county", Kind.FARM: "id"}),
    "farm_contacts": _OF_FARM,
    "herd_animals": _OF_FARM,
    "officer_ties": Either((_OF_FARM, OfOfficer("officer_id"))),
    "policies": OfPolicy(),
    "cover_periods": Through("policy_number", "policies", "number"),
    "service_officers": Own({Kind.COUNTY: "county"}),
    "office_covers": OfOffice(("organisation_id", "cover_id")),
    "imports": OfOfficer("officer_id"),
    "import_changes": Through("import_id", "imports"),
    "bank_files": OfOfficer("made_by"),
    "organisations": Open("whose part a lane is, and whom to ask, crosses counties"),
    "officers": Open("a claim's file names whoever decided, from wherever they came"),
    "officer_keys": Open("public halves: whoever reads a signature checks it"),
    "products": Open("the same for every county"),
    "market_prices": Open("published figures"),
    "programmes": Open("an area holds many counties; who lists them picks those that reach the caller's"),
    "payment_stops": Open("one switch for the installation"),
    "registers": Open("counts changes, and names nothing"),
    "claim_numbers": Open("counts claims, and names nothing"),
    "invitations": OfOfficer("officer_id"),
    "authority_events": OfOfficer("officer_id"),
    "proposals": OfOffice(("organisation",)),
    "sign_in_challenges": Hidden("spent in a write, before anybody is known"),
    "page_links": Hidden("spent in a write, before anybody is known"),
    "saved_views": OfOfficer("officer_id"),
    "personal_values": _OF_CLAIM,
    # Whose data was looked at may know who looked.
    "personal_looks": Either((OfOfficer("officer_id"), Through("policy_number", "policies", "number"))),
    "erasures": OfOfficer("officer_id"),
    "audit_log": _OF_CLAIM,
    "audit_waiting": _OF_CLAIM,
    "audit_tiles": Open("hashes over all events; they name nothing"),
    "audit_checkpoints": Open("signed for everybody to keep"),
    "audit_cosignatures": Open("which office has co-signed what"),
    "signing_keys": Open("public halves of the installation's keys"),
    "day_packs": Own({Kind.COUNTY: "county"}),
    "unpacked_claims": Own({Kind.COUNTY: "county"}),
    "data_keys": Open("ids of keys, and when they were made"),
    # Whoever let somebody report may know whom; before there is a claim it is looked at past every rule.
    "assistances": Through("policy_number", "policies", "number"),
    "device_keys": Hidden("looked at in a write, behind the records that a phone signed"),
    "device_nonces": Hidden("looked at in a write, as device_keys"),
    "device_farms": _OF_FARM,
    "webhook_endpoints": OfOffice(("organisation_id",)),
    "webhook_deliveries": Through("endpoint_id", "webhook_endpoints"),
    "request_rates": Hidden("only counted, in a write"),
    "sessions": Hidden("looked at before anybody is known"),
    "codes": Hidden("only tried, in a write"),
    "claim_links": _OF_CLAIM,
    "payee_requests": Through("policy_number", "policies", "number"),
    "farmer_codes": Hidden("only tried, in a write"),
    "farmer_sessions": _SIGN_IN,
    "farmer_session_farms": _SIGN_IN,
    "farmer_tokens": _SIGN_IN,
    "farmer_messages": Hidden("hold phones; only the sender reads them"),
    "requests": Hidden("answers to others; looked at by the key of who asks"),
    "model_comparisons": _SHELL,
    "model_switches": _SHELL,
    "dataset_exports": _SHELL,
    "dataset_export_photos": _SHELL,
}


def condition(rule: RowRule, row: str, among: Among) -> str | None:
    """SQL that is true for rows of *row*, the table or its alias, that are seen; None where all are."""
    match rule:
        case Own(columns):
            return " OR ".join(among(f"{row}.{column}", kind) for kind, column in columns.items())
        case Through(column, table, key):
            return f"EXISTS (SELECT 1 FROM {table} AS seen WHERE seen.{key} = {row}.{column})"  # noqa: S608 - ours
        case OfPolicy():
            county = among("farm.county", Kind.COUNTY)
            farm = f"SELECT 1 FROM farms AS farm WHERE farm.id = {row}.farm_id AND {county}"  # noqa: S608 - ours
            return f"{among(f'{row}.number', Kind.POLICY)} OR EXISTS ({farm})"
        case OfOffice(columns):
            return " OR ".join(_in_county(f"office.id = {row}.{column}", among) for column in columns)
        case OfOfficer(column):
            its = f"office.id = (SELECT organisation_id FROM officers WHERE officers.id = {row}.{column})"  # noqa: S608 - ours
            return f"{row}.{column} IS NULL OR {_in_county(its, among)}"
        case Either(rules):
            return " OR ".join(f"({condition(one, row, among) or '1 = 1'})" for one in rules)
        case Open():
            return None
        case Hidden():
            return "1 = 0"
        case _:
            assert_never(rule)


def _in_county(is_office: str, among: Among) -> str:
    seen = among("office.county", Kind.COUNTY)
    return f"EXISTS (SELECT 1 FROM organisations AS office WHERE {is_office} AND {seen})"  # noqa: S608 - ours
