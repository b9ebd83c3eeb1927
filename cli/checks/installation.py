"""An installation on this machine: settings, database, photos, weights, bank, worker, port."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from cli.checks.check import Check, Grade, fail, ok
from cli.checks.server import skew

_SIGNS = ("FLASHCLAIM_DATA_FOLDER", "FLASHCLAIM_DATABASE_URL")
_USUAL_FILE = Path("var", "flashclaim.db")


def is_here(environment: Mapping[str, str]) -> bool:
    """Whether this machine has an installation, by its variables or by its file in this folder."""
    return any(environment.get(name) for name in _SIGNS) or _USUAL_FILE.exists()


def installation(environment: Mapping[str, str]) -> Iterator[Check]:
    """What stands here, or one line that nothing does: most machines are an officer's."""
    if not is_here(environment):
        yield ok("here", "no installation here: neither FLASHCLAIM_DATA_FOLDER nor var/flashclaim.db")
        return
    if find_spec("litestar") is None:
        detail = "there is an installation here, and the server extra is missing"
        yield fail("here", detail, "pip install 'flashclaim[server]'")
        return
    from backend.diagnosis import examine

    for finding in examine(environment):
        yield Check(finding.check, Grade(finding.grade), finding.detail, finding.advice)
        if finding.date:
            clock = skew(f"{finding.check}-clock", finding.check, finding.date)
            if clock:
                yield clock
