"""``flashclaim sandbox bank`` as a shell sees it."""

import json
import signal
import socket
from pathlib import Path

import pytest

from tests.backend.sandbox.process import BankProcess, running_bank


def test_the_ready_file_names_the_address(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"

    with running_bank("--ready-file", str(ready)) as bank:
        assert json.loads(ready.read_text())["url"] == bank.url


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_bank_that_is_asked_to_stop_ends_well(stop: signal.Signals) -> None:
    with running_bank() as bank:
        assert bank.stop(stop) == 0


def test_a_port_that_is_taken_ends_the_start_with_advice() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(RuntimeError, match="Next: choose a free"),
    ):
        BankProcess("--port", str(taken.getsockname()[1]))


def test_books_that_another_bank_has_open_end_the_start(tmp_path: Path) -> None:
    books = str(tmp_path / "bank.sqlite")

    with running_bank("--database", books), pytest.raises(RuntimeError, match="locked"):
        BankProcess("--database", books)


def test_a_file_that_is_no_database_ends_the_start_and_stays_as_it_is(tmp_path: Path) -> None:
    novel = tmp_path / "novel.txt"
    novel.write_text("It was a dark and stormy night. " * 100)

    with pytest.raises(RuntimeError, match="not a database"):
        BankProcess("--database", str(novel))

    assert novel.read_text().startswith("It was a dark")


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [("--callback-url", "ftp://127.0.0.1/x", "not an http address"), ("--secret", "short", "16 or more")],
)
def test_options_that_cannot_be_used_are_named(option: str, value: str, words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        BankProcess(option, value)
