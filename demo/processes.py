"""Starts and stops the demo's processes: bank, server, worker; each with its output in a file."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

FLASHCLAIM = Path(sys.executable).parent / "flashclaim"
_START_SECONDS = 90.0
_PLACES = ("FLASHCLAIM_DATABASE_URL", "FLASHCLAIM_PHOTOS_URL", "FLASHCLAIM_S3_")
"""Where data goes may be chosen for the demo too: an empty database of a server, a bucket."""


class DemoFailed(Exception):
    """The demo cannot go on; the message says why and where to look."""


class Process:
    """One ``flashclaim`` process that runs until the demo ends."""

    def __init__(
        self, name: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.errors = folder / f"{name}.err"
        with self.log.open("wb") as out, self.errors.open("wb") as err:
            self._process = subprocess.Popen(
                [str(FLASHCLAIM), *arguments], env=dict(environment), stdout=out, stderr=err
            )

    def ready(self) -> dict[str, object]:
        """Wait for the first JSON document on its stdout: the process works.

        Raises:
            DemoFailed: It ended, or said nothing in time.
        """
        ends = time.monotonic() + _START_SECONDS
        while time.monotonic() < ends:
            document = _first_document(self.log.read_text(encoding="utf-8"))
            if document is not None:
                return document
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        tail = self.errors.read_text(encoding="utf-8")[-800:]
        raise DemoFailed(f"{self.name} did not start; {self.errors} says:\n{tail}")

    def stop(self) -> None:
        """Ask it to end, then make it."""
        self._process.terminate()
        try:
            self._process.wait(25)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def run(environment: Mapping[str, str], *arguments: str) -> str:
    """Run one ``flashclaim`` command to its end and return its stdout.

    Raises:
        DemoFailed: It ended with another code than 0.
    """
    done = subprocess.run(
        [str(FLASHCLAIM), *arguments], env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        command = " ".join(arguments)
        raise DemoFailed(f"flashclaim {command} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
    return done.stdout


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(folder: Path) -> dict[str, str]:
    """This environment in English, the demo's own folders; of others' settings only where data goes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FLASHCLAIM_") or name.startswith(_PLACES)
    }
    return kept | {
        "FLASHCLAIM_DATA_FOLDER": str(folder / "data"),
        "FLASHCLAIM_CLI_FOLDER": str(folder / "cli"),
        "FLASHCLAIM_LANGUAGE": "en",
        "FLASHCLAIM_BANK_SECRET": "demo-bank-secret-of-this-machine",
        "FLASHCLAIM_EMBEDDED_WORKER": "0",
        "LANG": "en_US.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }


def _first_document(text: str) -> dict[str, object] | None:
    start = text.find("{")
    if start < 0:
        return None
    try:
        document, _ = json.JSONDecoder().raw_decode(text[start:])
    except json.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None
