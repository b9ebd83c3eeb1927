"""An S3-compatible store for photos: which bucket, how long to wait, how often to try again."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore.store import S3Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where photos are kept. What is empty is taken from the usual ``AWS_*`` variables, or from the instance's role."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)
    timeout: timedelta = timedelta(seconds=20)
    """For one request; trying again may take as long once more."""


def bucket_store(bucket: Bucket, part: str) -> S3Store:
    """One part of the bucket, such as ``photos`` or ``derived``; nothing is sent yet."""
    config: S3Config = {"conditional_put": "etag"}
    if bucket.endpoint:
        config["endpoint"] = bucket.endpoint
    if bucket.region:
        config["region"] = bucket.region
    if bucket.key_id:
        config["access_key_id"] = bucket.key_id
        config["secret_access_key"] = bucket.secret
    return S3Store(
        bucket.name,
        prefix="/".join(piece for piece in (bucket.prefix, part) if piece),
        config=config,
        client_options={
            # Settings have refused plain HTTP where it is not meant.
            "allow_http": bucket.endpoint.startswith("http://"),
            "connect_timeout": min(timedelta(seconds=3), bucket.timeout),
            "timeout": bucket.timeout,
        },
        # A phone waits at the other end of an upload: it is told to come again sooner than obstore's 3 minutes.
        retry_config={
            "max_retries": 3,
            "retry_timeout": bucket.timeout,
            "backoff": {
                "init_backoff": timedelta(milliseconds=100),
                "max_backoff": timedelta(seconds=2),
                "base": 2,
            },
        },
    )
