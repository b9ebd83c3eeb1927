"""An S3-compatible server on loopback, in a process of its own: moto's, over HTTP as any other."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import obstore

from backend.adapters.s3 import Bucket, bucket_store

_PATIENCE_S = 60.0
_SERIALS = count(1)


@dataclass(frozen=True)
class S3Server:
    """Where it listens."""

    url: str

    def make_bucket(self) -> str:
        """A new, empty bucket; its name."""
        name = f"photos-{next(_SERIALS)}"
        self._http("PUT", f"/{name}")
        return name

    def bucket(self, **changes: object) -> Bucket:
        """A new bucket as the adapter is told of it."""
        return a_bucket(self.url, changes.pop("name", None) or self.make_bucket(), **changes)

    def write(self, bucket: Bucket, key: str, content: bytes) -> None:
        """Put an object past the adapter, as a stranger or a failing disk would."""
        obstore.put(bucket_store(bucket, ""), key, content)

    def keys(self, bucket: Bucket) -> list[str]:
        """Names of the objects under the bucket's prefix."""
        listed = obstore.list(bucket_store(bucket, ""))
        return sorted(one["path"] for chunk in listed for one in chunk)

    @contextmanager
    def asking_for_keys(self) -> Iterator[None]:
        """Every request is checked for a known key meanwhile: ours are unknown."""
        self._http("POST", "/moto-api/reset-auth", b"0")
        try:
            yield
        finally:
            self._http("POST", "/moto-api/reset-auth", b"inf")

    def _http(self, method: str, path: str, content: bytes | None = None) -> httpx.Response:
        with httpx.Client(trust_env=False, verify=False) as http:
            return http.request(method, self.url + path, content=content).raise_for_status()


def a_bucket(endpoint: object, name: object, **changes: object) -> Bucket:
    """A bucket with a key that moto takes, and little patience."""
    facts = {"key_id": "test", "secret": "test", "region": "us-east-1", "timeout": timedelta(seconds=10)}
    return Bucket(name=str(name), endpoint=str(endpoint), **(facts | changes))  # type: ignore[arg-type]


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Start the server on a free port, and stop it again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "moto.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env=os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": "inf"},
            stdout=said,
            stderr=said,
        )
    try:
        ends = time.monotonic() + _PATIENCE_S
        while not _answers(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.05)
        yield S3Server(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
