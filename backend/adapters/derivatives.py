"""Smaller pictures made from originals: kept so that they need not be made again, and not missed when they go."""

import hashlib
import re
from pathlib import Path
from typing import Protocol

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

from backend.adapters.store_faults import unavailable

_RECIPE = re.compile(r"[a-z0-9.-]{1,60}")
_SEAL_BYTES = hashlib.sha256().digest_size
log = structlog.get_logger()


class Derivatives(Protocol):
    """Pictures by their original's sha-256 and the recipe that made them. Blocking; neither verb ever fails."""

    def keep(self, original: str, recipe: str, picture: bytes) -> None:
        """Keep *picture* if that is possible now."""

    def find(self, original: str, recipe: str) -> bytes | None:
        """Return what was kept, None where nothing is, or not the same any more."""


class ObstoreDerivatives:
    """Pictures in any store that obstore speaks to, under ``ab/cd/<sha256>/<recipe>``.

    Behind each picture stand 32 bytes, its own sha-256: their name says what they were made from, not what they are.
    Viewers of JPEG files ignore what follows the picture.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def keep(self, original: str, recipe: str, picture: bytes) -> None:
        """Keep *picture*; a store that is full or away is logged, for the picture can be made again."""
        sealed = picture + hashlib.sha256(picture).digest()
        try:
            obstore.put(self._store, _key(original, recipe), sealed, use_multipart=False)
        except (BaseError, OSError) as error:
            log.warning(
                "derivative.not_kept", photo=original, recipe=recipe, reason=unavailable(error).detail
            )

    def find(self, original: str, recipe: str) -> bytes | None:
        """Return the picture if it is there whole."""
        try:
            sealed = bytes(obstore.get(self._store, _key(original, recipe)).bytes())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            log.warning(
                "derivative.not_read", photo=original, recipe=recipe, reason=unavailable(error).detail
            )
            return None
        picture, seal = sealed[:-_SEAL_BYTES], sealed[-_SEAL_BYTES:]
        return picture if hashlib.sha256(picture).digest() == seal else None


def local_derivatives(folder: Path) -> ObstoreDerivatives:
    """Pictures in a folder of this machine, which may be emptied at any time."""
    return ObstoreDerivatives(LocalStore(folder, mkdir=True))


def _key(original: str, recipe: str) -> str:
    if not _RECIPE.fullmatch(recipe):
        raise ValueError(f"{recipe!r} is no name of a recipe")
    return f"{original[:2]}/{original[2:4]}/{original}/{recipe}"
