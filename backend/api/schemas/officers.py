"""Bodies about people: signing in, keys, invitations, suspensions, and what two of them agree to."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backend.api.schemas.report import Aware, LongText, Sha256
from backend.api.schemas.review import Base64, KeyName
from backend.domain.officer_keys.words import Revocation

Token = Annotated[str, Meta(min_length=1, max_length=200)]
Device = Annotated[str, Meta(max_length=100)]
OfficerName = Annotated[str, Meta(pattern="^[0-9A-Za-z][0-9A-Za-z.@_-]{0,39}$")]
Account = Annotated[str, Meta(pattern="^[0-9A-Z][0-9A-Z-]{5,39}$")]
PersonName = Annotated[str, Meta(max_length=100)]


class SessionBody(msgspec.Struct, frozen=True):
    """The one-time login token of an invitation; ``device`` is what the session is listed as."""

    token: Token
    device: Device = ""


class KeySessionBody(msgspec.Struct, frozen=True):
    """A challenge, signed with an approved key; ``server`` is host and port as the client dialled them."""

    challenge: Token
    server: Annotated[str, Meta(min_length=1, max_length=260)]
    key_id: KeyName
    signature: Base64
    device: Device = ""


class KeyBody(msgspec.Struct, frozen=True):
    """The public half of a key that was made on the officer's machine: 32 bytes, base64."""

    public_key: Base64


class KeyApprovalBody(msgspec.Struct, frozen=True):
    """An administrator's signature (Ed25519 over ``approval_document``, base64): this key is this officer's."""

    key_id: KeyName
    signature: Base64


class RevocationBody(msgspec.Struct, frozen=True):
    """Why a key ends, and from when; now where left out."""

    reason: Revocation
    at: Aware | None = None
    note: LongText = ""


class InvitationBody(msgspec.Struct, frozen=True):
    """Who is invited; ``token_hash`` is the sha-256 of a token of 256 random bits that only its maker knows.

    ``is_agent``: a village agent, who reports for farmers and decides nothing.
    """

    officer: OfficerName
    token_hash: Sha256
    name: PersonName = ""
    is_agent: bool = False


class SuspensionBody(msgspec.Struct, frozen=True):
    """Why an officer acts no more, and from when; now where left out."""

    reason: LongText
    at: Aware | None = None
    has_left: bool = False


class AdministratorBody(msgspec.Struct, frozen=True):
    """Whether an officer shall be an administrator, and why."""

    reason: LongText
    is_administrator: bool = True


class RegulatorBody(msgspec.Struct, frozen=True):
    """A regulator, its region (a code such as 430121, 430100 or 430000), and its first officer, who administers it.

    ``token_hash`` is the sha-256 of a token of 256 random bits that only its maker knows.
    """

    organisation: OfficerName
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    region: Annotated[str, Meta(pattern="^[0-9]{6}$")]
    officer: OfficerName
    officer_name: Annotated[str, Meta(min_length=1, max_length=100)]
    token_hash: Sha256
    reason: LongText


class PayeeBody(msgspec.Struct, frozen=True):
    """Whom a policy shall pay from now on, and why."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    account: Account
    reason: LongText
