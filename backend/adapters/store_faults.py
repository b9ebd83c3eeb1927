"""What an object store's complaint means. obstore keeps numbers and codes in its texts only, so they are read there."""

import os
import re

from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

from backend.adapters.disk import FULL
from backend.domain.problems import PhotoStoreUnavailable

_OS_ERROR = re.compile(r"\(os error (\d+)\)")
_STATUS = re.compile(r"status code: (\d{3} [A-Za-z ]+)")
_FULL_CODES = ("507 Insufficient Storage", "<Code>QuotaExceeded</Code>", "<Code>XMinioStorageFull</Code>")
"""Answers of S3-compatible stores: WebDAV's status, Ceph's and MinIO's codes."""

_INSTANCE_KEYS = "169.254.169.254"
"""Where obstore looks for a key when none is set."""


def is_full(error: Exception) -> bool:
    """Whether the disk, its quota, its limit on files, or the bucket has no room."""
    number = _errno(error)
    return number in FULL or any(code in str(error) for code in _FULL_CODES)


def has_no_bucket(error: Exception) -> bool:
    """Whether it is the bucket that is missing, not the object."""
    return "<Code>NoSuchBucket</Code>" in str(error)


def unavailable(error: Exception) -> PhotoStoreUnavailable:
    """The fault in a few words: addresses, keys and requests of the store stay in the cause."""
    return PhotoStoreUnavailable(f"the photo store does not serve: {complaint(error)}")


def complaint(error: Exception) -> str:
    """What an operator has to mend, without paths and addresses."""
    text = str(error)
    status = _STATUS.search(text)
    answered = status[1].strip() if status else ""
    if _INSTANCE_KEYS in text:
        return "no key, set FLASHCLAIM_S3_KEY_ID and FLASHCLAIM_S3_SECRET"
    # obstore sorts by status, but not where a request tells it nothing more, as a listing.
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or answered[:3] in {"401", "403"}:
        return "access denied, check the key and its rights"
    if has_no_bucket(error):
        return "no such bucket, check FLASHCLAIM_PHOTOS_URL"
    number = _errno(error)
    if number is not None:
        return os.strerror(number)
    return f"answered {answered}" if answered else "no answer"


def _errno(error: Exception) -> int | None:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    said = _OS_ERROR.search(str(error))
    return int(said[1]) if said else None
