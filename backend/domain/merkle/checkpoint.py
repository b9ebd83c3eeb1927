"""A checkpoint 检查点: how long the log was at one moment, and the root over all of it; and who stands by it."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.canonical import canonical, digest
from backend.domain.plain import moment


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first ``size`` records of an installation's log; ``root`` is 64 hexadecimal digits.

    ``installation`` is the id of the first key that ever signed for it.
    """

    installation: str
    size: int
    root: str
    at: datetime

    @property
    def document(self) -> bytes:
        """The bytes that the installation signs (Ed25519): RFC 8785 JSON."""
        return canonical(self._said())

    @property
    def cosigned_document(self) -> bytes:
        """The bytes that an officer signs who found it to follow the checkpoint that their office had kept."""
        return canonical(
            {
                "purpose": "flashclaim/cosignature/1",
                "checkpoint": digest(self._said()),
                "installation": self.installation,
                "size": self.size,
                "root": self.root,
            }
        )

    def _said(self) -> dict[str, object]:
        return {
            "purpose": "flashclaim/checkpoint/1",
            "installation": self.installation,
            "size": self.size,
            "root": self.root,
            "at": moment(self.at),
        }
