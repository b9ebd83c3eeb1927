"""What ``doctor`` finds out about the installation of this machine, without starting it."""

import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from backend.adapters.blobs import BlobStoreUnusable
from backend.bootstrap import open_blobs
from backend.learning import recorded_choice
from backend.settings import PREFIX, SANDBOX_SECRET, Settings, SettingUnusable
from backend.store.condition import Condition, condition
from backend.store.migrate import DatabaseUnreachable
from backend.workflows.clock import utc_now
from models.choice import in_use
from models.manifest import SHIPPED, WeightsUnusable
from models.predictors import PredictorMissing

OK, WARN, FAIL = "ok", "warn", "fail"
USUAL_PORT = 8000
_PATIENCE_S = 3.0
_OLDEST_POSTGRESQL = 15
_COMMAND_LINE = frozenset({"SERVER", "PROFILE", "CLI_FOLDER", "LOGIN_TOKEN"})
"""Variables of the command line; they are no settings of a server."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``date`` is the HTTP ``Date`` that its owner answered with."""

    check: str
    grade: str
    detail: str
    advice: str = ""
    date: str | None = None


def examine(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Look at everything that a server with this environment needs."""
    try:
        settings = Settings.from_environment(environment)
        settings.require_safe_bank()
        database = settings.database
    except SettingUnusable as wrong:
        yield Finding("settings", FAIL, str(wrong), "Mend the variable; docs/configuration.md lists them.")
        return
    yield _settings(environment)
    yield from _database(settings, database)
    yield _disk(settings)
    yield _photos(settings)
    yield _model(settings)
    yield _bank(settings)
    yield _port(USUAL_PORT)
    if settings.worker_address:
        yield _port(int(settings.worker_address.rpartition(":")[2]))


def _settings(environment: Mapping[str, str]) -> Finding:
    known = {setting.name.upper() for setting in fields(Settings)} | _COMMAND_LINE
    unknown = sorted(
        name for name in environment if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in known
    )
    if unknown:
        return Finding(
            "settings", WARN, f"nothing reads {', '.join(unknown)}", "Compare with docs/configuration.md."
        )
    return Finding("settings", OK, "every variable can be used")


def _database(settings: Settings, url: str) -> Iterator[Finding]:
    now = utc_now()
    try:
        found = condition(url, now)
    except DatabaseUnreachable as away:
        advice = "flashclaim server migrate makes one; a database server has to run and be reachable."
        yield Finding("database", FAIL, str(away), advice)
        return
    yield _kind(found)
    if found.revision != found.wanted:
        detail = f"at {found.revision or 'none'}, this version needs {found.wanted}"
        yield Finding("schema", FAIL, detail, "flashclaim server migrate")
        return
    yield Finding("schema", OK, f"at {found.revision}")
    yield _rows(found)
    yield _effects(found)
    yield _worker(found, now, settings.effects_oldest)


def _kind(found: Condition) -> Finding:
    version = ".".join(map(str, found.version))
    if found.kind == "postgresql":
        if int(found.version[0]) < _OLDEST_POSTGRESQL:
            advice = f"Move to PostgreSQL {_OLDEST_POSTGRESQL} or newer."
            return Finding("database", FAIL, f"PostgreSQL {version} is too old", advice)
        return Finding("database", OK, f"PostgreSQL {version} answers")
    if found.journal_mode != "wal":
        detail = f"SQLite {version}, journal mode {found.journal_mode}: readers wait for the writer"
        return Finding(
            "database", WARN, detail, "Start the server once: it sets WAL. Not on a network drive."
        )
    return Finding("database", OK, f"SQLite {version}, journal mode wal")


def _rows(found: Condition) -> Finding:
    if found.exposed:
        advice = 'docs/operate.md, "Who sees which rows", has what to run.'
        return Finding("rows", FAIL, found.exposed, advice)
    return Finding("rows", OK, "every reading is kept to what its caller may see")


def _effects(found: Condition) -> Finding:
    if found.dead_effects:
        detail = f"{found.dead_effects} are dead: a person has to look"
        return Finding("effects", WARN, detail, "flashclaim effect list --state dead")
    return Finding("effects", OK, "none is dead")


def _worker(found: Condition, now: datetime, oldest: timedelta) -> Finding:
    if found.due_since is None or now - found.due_since <= oldest:
        return Finding("worker", OK, "nothing has been due for long")
    waited = (now - found.due_since).total_seconds() / 60
    advice = "Start flashclaim server worker, or more of them."
    return Finding("worker", FAIL, f"an effect has been due for {waited:.0f} min", advice)


def _disk(settings: Settings) -> Finding:
    folder = settings.data_folder
    try:
        free_mb = shutil.disk_usage(folder).free // 1_000_000
    except OSError as missing:
        return Finding("disk", FAIL, f"{folder}: {missing.strerror}", "flashclaim server migrate makes it.")
    detail = f"{free_mb} MB free in {folder}"
    if free_mb < settings.disk_floor:
        advice = "Make room, or lower FLASHCLAIM_DISK_FLOOR: below it the server is not ready."
        return Finding("disk", FAIL, f"{detail}, the floor is {settings.disk_floor} MB", advice)
    return Finding("disk", OK, detail)


def _photos(settings: Settings) -> Finding:
    try:
        open_blobs(settings).check()
    except (BlobStoreUnusable, SettingUnusable, OSError) as unusable:
        advice = "Make it reachable and writable for the user that runs the server."
        return Finding("photos", FAIL, f"the photo store cannot be written: {unusable}", advice)
    return Finding("photos", OK, "an object was written and removed again")


def _model(settings: Settings) -> Finding:
    try:
        used = in_use(
            settings.data_folder,
            folder=settings.model_folder,
            predictor=settings.predictor,
            recorded=recorded_choice(settings),
        )
        # Loaded as a server loads it at its start: a whole file may still be one that nothing here can run.
        manifest = used.load().manifest
    except WeightsUnusable as wrong:
        return Finding("model", FAIL, f"{wrong.file}: {wrong.why}", _sentence(wrong.next))
    except PredictorMissing as missing:
        return Finding("model", FAIL, missing.why, _sentence(missing.next))
    where = "as shipped" if used.folder == SHIPPED else f"as {used.folder_from} says"
    return Finding("model", OK, f"{manifest.full_name}, sha256 {manifest.sha256[:12]} {where}")


def _sentence(advice: str) -> str:
    return f"{advice[:1].upper()}{advice[1:]}."


def _bank(settings: Settings) -> Finding:
    host = urlsplit(settings.bank_url).hostname or settings.bank_url
    is_sandbox = settings.bank_secret == SANDBOX_SECRET
    try:
        answer = httpx.get(settings.bank_url, timeout=_PATIENCE_S, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        detail = f"{host} does not answer ({type(failure).__name__})"
        if is_sandbox:
            advice = (
                "flashclaim sandbox bank --secret sandbox-bank-secret --port 8901, or name the real bank."
            )
            return Finding("bank", WARN, f"{detail}; it would be the sandbox", advice)
        advice = "Ask the bank, or mend FLASHCLAIM_BANK_URL; payouts wait and are sent later."
        return Finding("bank", FAIL, detail, advice)
    date = answer.headers.get("date")
    if is_sandbox:
        detail = f"{host} answers; the secret is the published one: a sandbox, no money moves"
        advice = "For a real bank set FLASHCLAIM_BANK_URL and FLASHCLAIM_BANK_SECRET."
        return Finding("bank", WARN, detail, advice, date)
    return Finding("bank", OK, f"{host} answers", date=date)


def _port(port: int) -> Finding:
    check = f"port-{port}"
    with socket.socket() as trying:
        trying.settimeout(_PATIENCE_S)
        if trying.connect_ex(("127.0.0.1", port)):
            return Finding(check, OK, "free")
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=_PATIENCE_S, trust_env=False)
        is_ours = answer.json() == {"status": "alive"}
    except (httpx.HTTPError, ValueError):
        is_ours = False
    if is_ours:
        return Finding(check, OK, "flashclaim answers there")
    return Finding(
        check, WARN, "another program listens there", "flashclaim server run --port, or 0 for a free one."
    )
