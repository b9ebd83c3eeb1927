"""What a person says of a flag."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backend.api.schemas.report import LongText
from backend.domain.flags.words import FlagState

FlagKey = Annotated[str, Meta(min_length=1, max_length=120)]


class FlagBody(msgspec.Struct, frozen=True):
    """Clears or confirms the flag with this key; the reason says what was found."""

    flag: FlagKey
    state: FlagState
    reason: LongText
