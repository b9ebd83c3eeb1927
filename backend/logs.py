"""Logs: one event a line on stderr, named ``noun.past_tense``; no name, account, token or precise position.

JSON for machines, or a readable line for the person who started the server in a terminal. What libraries say goes
through the same renderer as ``library.spoke``. Text that we did not write ourselves (an exception's message, a
library's words) loses Chinese, long figures and passwords of URLs before it is written: names, accounts, telephone
numbers and coordinates are made of these.
"""

import io
import logging
import re
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from typing import TextIO, cast

import msgspec
import structlog
from structlog.types import EventDict, Processor, WrappedLogger

_PRIVATE = (
    # A run inside a UUID or a digest stays: ids are what logs are searched by.
    (re.compile(r"(?<![0-9A-Za-z-])\d{7,}(?![0-9A-Za-z-])"), "…"),
    (re.compile(r"\d{1,3}\.\d{3,}"), "…"),
    (re.compile(r"[\u3400-\u9fff]+"), "…"),
    (re.compile(r"://[^/@\s]+@"), "://…@"),
    (re.compile(r"(?i)(bearer\s+)\S+"), r"\1…"),
)
_FOREIGN = ("message", "reason", "error")
_DEEPEST = 8
_MOST_FRAMES = 12


class LogFormat(StrEnum):
    """How a line of the log is written."""

    JSON = "json"
    CONSOLE = "console"
    AUTO = "auto"
    """Console in a terminal, JSON elsewhere."""


def configure_logs(form: str = LogFormat.AUTO, level: str = "info", stream: TextIO | None = None) -> None:
    """Set up the logs of a whole server or worker process: ours, libraries', and threads that die.

    Args:
        form: A ``LogFormat``.
        level: Lowest level of ours that is written; libraries speak from ``warning`` on.
        stream: Instead of stderr.
    """
    out = stream or sys.stderr
    renderer = _renderer(LogFormat(form), out)
    shared: Sequence[Processor] = (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        described_exception,
        without_private_text,
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Lossy(out))),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[_library_spoke, *shared],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_died


class _Lossy(io.TextIOBase):
    """Loses what cannot be written: a full disk under the log must end no request and no worker's thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def described_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace ``exc_info`` by type, cleaned first line and frames of the exception and of what led to it."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    elif isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        event["exception"] = _chain(found)
    return event


def without_private_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Clean the fields whose words may come from outside."""
    for field in _FOREIGN:
        said = event.get(field)
        if isinstance(said, str):
            event[field] = cleaned(said)
    return event


def cleaned(text: str) -> str:
    """The first line of *text*, shortened, without what could name a person, an account or a place.

    SQLAlchemy and psycopg put parameters and rows on the lines after the first.
    """
    line = text.partition("\n")[0][:300]
    for private, instead in _PRIVATE:
        line = private.sub(instead, line)
    return line


def _chain(exception: BaseException) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    current: BaseException | None = exception
    while current is not None and len(told) < _DEEPEST:
        frames = traceback.extract_tb(current.__traceback__)[-_MOST_FRAMES:]
        told.append(
            {
                "type": f"{type(current).__module__}.{type(current).__qualname__}",
                "message": cleaned(str(current)),
                "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            }
        )
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return told


def _renderer(form: LogFormat, out: TextIO) -> Processor:
    if form is LogFormat.CONSOLE or (form is LogFormat.AUTO and out.isatty()):
        return _line_for_a_person
    return _line_of_json


def _line_of_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    first = {name: event.pop(name) for name in ("timestamp", "level", "event") if name in event}
    return msgspec.json.encode({**first, **event}, enc_hook=str).decode()


def _line_for_a_person(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    at, level, name = (str(event.pop(part, "")) for part in ("timestamp", "level", "event"))
    chain = event.pop("exception", ())
    facts = " ".join(f"{fact}={_printable(value)}" for fact, value in event.items() if value is not None)
    lines = [f"{at[11:23]} {level:<7} {name:<18} {facts}".rstrip()]
    for one in chain:
        lines += [f"    {one['type']}: {one['message']}", *(f"        {frame}" for frame in one["frames"])]
    return "\n".join(lines)


def _printable(value: object) -> str:
    """Without control characters: words from outside must not steer the operator's terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in str(value))


def _library_spoke(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record = event["_record"]
    return {**event, "event": "library.spoke", "library": record.name, "message": str(event["event"])}


def _thread_died(died: threading.ExceptHookArgs) -> None:
    thread = died.thread.name if died.thread else None
    structlog.get_logger().error("thread.died", thread=thread, exc_info=died.exc_value)
