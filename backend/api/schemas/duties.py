"""Bodies about who decides in whose place, who steps back, and who is told."""

import msgspec

from backend.api.schemas.report import Aware, LongText, Name
from backend.domain.duties.words import TieKind
from backend.domain.words import Lane


class DelegationBody(msgspec.Struct, frozen=True):
    """The office that is asked to decide one lane of one claim; one's own takes the lane back."""

    lane: Lane
    to: Name
    reason: LongText


class NudgeBody(msgspec.Struct, frozen=True):
    """What to say to whoever holds the claim, beside that it waits for them."""

    note: LongText = ""


class AssignmentBody(msgspec.Struct, frozen=True):
    """The officer who is to fill the insurer's lane."""

    to: Name
    reason: LongText


class CoverBody(msgspec.Struct, frozen=True):
    """Which office decides while another one is closed; ``office`` is one's own where left out."""

    cover: Name
    reason: LongText
    office: Name | None = None
    starts_at: Aware | None = None
    ends_at: Aware | None = None


class TieBody(msgspec.Struct, frozen=True):
    """What ties an officer to a farm; ``officer`` is oneself where left out."""

    farm: Name
    kind: TieKind
    officer: Name | None = None
    note: LongText = ""


class TieEndBody(msgspec.Struct, frozen=True):
    """A tie that is no more."""

    officer: Name
    farm: Name


class ServiceBody(msgspec.Struct, frozen=True):
    """An officer's level as service officer 服务官 of the county of their office; None: no longer one."""

    officer: Name
    level: int | None
