"""Bodies about the audit log."""

from typing import Annotated

import msgspec

_Root = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class CosignatureBody(msgspec.Struct, frozen=True):
    """An officer's word that the checkpoint of this size and root follows the one that their office had kept."""

    size: Annotated[int, msgspec.Meta(ge=1, le=2**62)]
    root: _Root
    key_id: Annotated[str, msgspec.Meta(max_length=64)]
    signature: Annotated[str, msgspec.Meta(max_length=200)]
