"""What stops a start, in words: what is wrong, what to do next, and the exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from backend.bootstrap import DatabaseUnreachable, RowsUnprotected, SchemaOutdated, SigningKeyUnusable
from backend.domain.problems import DatabaseAway, StorageFull
from backend.keeping import AlreadySeeded
from backend.settings import SettingUnusable
from cli.exits import Exit
from cli.render import say
from models.manifest import WeightsUnusable
from models.predictors import PredictorMissing


@dataclass(frozen=True, slots=True)
class _Advice:
    """``next`` is empty where the fault says itself what to do."""

    next: str
    code: Exit


_ADVICE: dict[type[Exception], _Advice] = {
    SettingUnusable: _Advice("mend the variable; docs/configuration.md lists them.", Exit.USAGE),
    SchemaOutdated: _Advice("flashclaim server migrate", Exit.FAILED),
    RowsUnprotected: _Advice("", Exit.FAILED),
    SigningKeyUnusable: _Advice(
        "put the key folder back (FLASHCLAIM_KEY_FOLDER); where the key is lost for good: "
        "flashclaim audit new-key --lost",
        Exit.FAILED,
    ),
    DatabaseUnreachable: _Advice("start the database server, or mend FLASHCLAIM_DATABASE_URL.", Exit.NETWORK),
    DatabaseAway: _Advice("start the database server, or mend FLASHCLAIM_DATABASE_URL.", Exit.NETWORK),
    StorageFull: _Advice("make room on the disk of FLASHCLAIM_DATA_FOLDER.", Exit.FAILED),
    AlreadySeeded: _Advice(
        "name another database in FLASHCLAIM_DATABASE_URL, or another FLASHCLAIM_DATA_FOLDER.", Exit.CONFLICT
    ),
    WeightsUnusable: _Advice("", Exit.FAILED),
    PredictorMissing: _Advice("", Exit.FAILED),
}


@contextmanager
def advised() -> Iterator[None]:
    """Turn what stops a start into words: what is wrong, and what to do."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name != "psycopg":
            raise
        say("PostgreSQL needs its driver. Next: pip install 'flashclaim[postgres]'")
        raise typer.Exit(Exit.USAGE) from missing
    except tuple(_ADVICE) as wrong:
        advice = next(found for kind, found in _ADVICE.items() if isinstance(wrong, kind))
        said = str(getattr(wrong, "detail", wrong))
        say(f"{said}. Next: {advice.next}" if advice.next else said)
        raise typer.Exit(advice.code) from wrong
