"""Every test that keeps claims runs on both kinds of database: parametrised here, once."""

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.databases import DIALECTS, a_database, require
from tests.s3 import S3Server, s3_server

# structlog's own default draws a picture of every frame's variables: seconds for each failure that a test provokes.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

# A suite that was started in the background ignores Ctrl-C, and so would every command that it starts.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is; times are measured in bench/.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session", params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``."""
    kind = str(request.param)
    require(kind)
    return kind


@pytest.fixture
def database(dialect: str, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database for one test."""
    with a_database(dialect, tmp_path) as url:
        yield url


@pytest.fixture
def migrated(dialect: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database for one test with the tables of the newest schema, without rows."""
    with a_database(dialect, tmp_path, is_migrated=True) as url:
        yield url


@pytest.fixture(scope="session")
def lasting_database(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one database for all tests: whoever uses it leaves the tables, and empties them first."""
    # As an installation has it: PostgreSQL answers no bounded reading without its rules for rows.
    with a_database(dialect, tmp_path_factory.mktemp("lasting"), is_migrated=True) as url:
        yield url


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """One S3-compatible server for all: a test makes a bucket of its own."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server
