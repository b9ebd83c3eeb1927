"""The log of a process or of an application inside a test, read as the events it is made of."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from backend.logs import configure_logs


class Logbook:
    """Everything that was logged so far."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Every line as a document, in order; a line that is none fails the test."""
        told = [json.loads(line) for line in self.text.splitlines()]
        return [one for one in told if name is None or one["event"] == name]


@contextmanager
def kept_log(level: str = "debug", form: str = "json") -> Iterator[Logbook]:
    """Send this process's log to a logbook, and put everything back as it was."""
    root, book = logging.getLogger(), Logbook()
    before, handlers, at, hook = structlog.get_config(), root.handlers, root.level, threading.excepthook
    configure_logs(form, level, book.stream)
    # A logger that is cached would speak into this book for ever.
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield book
    finally:
        logging.captureWarnings(capture=False)
        structlog.configure(**before)
        root.handlers, threading.excepthook = handlers, hook
        root.setLevel(at)
