"""One frozen ``Settings``, read once from ``FLASHCLAIM_*`` at start-up; every default is good for a laptop.

``docs/configuration.md`` is generated from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Self  # a parser's result has the type of its field
from urllib.parse import urlsplit

from backend import setting_readers as read
from backend.domain.edges.limited import SHIPPED, Limits
from backend.domain.money import Money
from backend.domain.notices.channels import ALONE, Channel
from backend.domain.personal.retention import VOUCHERS
from backend.domain.sign_in.limits import CodeLimits, code_limits
from backend.safe_lines import SAFE_DATABASE, is_database_safe, is_here, without_password

PREFIX = "FLASHCLAIM_"
SANDBOX_SECRET = "sandbox-bank-secret"  # noqa: S105 - published on purpose: for a sandbox on the same machine only


class SettingUnusable(ValueError):
    """A value from the environment cannot be used; the message names the variable and what it should be."""

    def __init__(self, variable: str, value: str, wanted: str) -> None:
        super().__init__(f"{variable}={value!r} is not {wanted}")
        self.variable = variable


def _setting(
    default: object, parse: Callable[[str], object], wanted: str, why: str, *, also: tuple[str, ...] = ()
) -> Any:
    """A setting; *also* are usual variables that are asked, in order, where ours is not set and photos go to S3."""
    return field(default=default, metadata={"parse": parse, "wanted": wanted, "why": why, "also": also})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs."""

    data_folder: Path = _setting(Path("var"), Path, "a folder", "Holds the SQLite database and the photos.")
    voucher_years: int = _setting(
        VOUCHERS.years,
        read.years,
        "whole years",
        "How long what a payout rests on is kept before its payee may be erased, from the end of its year; 0 where "
        f"another system keeps the vouchers. Default: {VOUCHERS.source}.",
    )
    key_folder: Path | None = _setting(
        None,
        Path,
        "a folder",
        "Holds the installation's own keys, which no backup holds: keep a copy. Empty: `keys` in the data folder.",
    )
    database_url: str = _setting(
        "",
        read.database_url,
        "a URL that begins with sqlite:/// or postgresql://",
        "Empty: SQLite in the data folder. `sqlite:///file.db` names another file, "
        "`postgresql://user@host/name` a PostgreSQL database (extra `postgres`).",
    )
    database_allow_plain: bool = _setting(
        False, read.switch, "1 or 0", "Allow PostgreSQL on another machine without TLS (`sslmode`)."
    )
    database_connections: int = _setting(
        8,
        read.count,
        "a number from 1",
        "Connections to PostgreSQL that each process keeps for writing, and as many for reading; a burst opens more "
        "for its time. PostgreSQL takes a hundred from everybody unless it is told otherwise.",
    )
    photos_url: str = _setting(
        "",
        read.bucket,
        "s3://bucket or s3://bucket/prefix",
        "Empty: photos lie in the data folder. `s3://bucket/prefix` keeps them in an S3-compatible store.",
    )
    s3_endpoint: str = _setting(
        "",
        read.endpoint,
        "an http or https URL",
        "Address of the S3-compatible store; empty: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else Amazon's.",
        also=("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    )
    s3_region: str = _setting(
        "",
        str,
        "a text",
        "Region of the bucket; empty: `AWS_REGION`, `AWS_DEFAULT_REGION`, else us-east-1.",
        also=("AWS_REGION", "AWS_DEFAULT_REGION"),
    )
    s3_key_id: str = _setting(
        "", str, "a text", "Access key; empty: `AWS_ACCESS_KEY_ID`, else the role of the machine."
    )
    s3_secret: str = _setting("", str, "a text", "Secret of the access key; goes with FLASHCLAIM_S3_KEY_ID.")
    s3_timeout: timedelta = _setting(
        timedelta(seconds=20), read.seconds, "seconds above 0", "How long to wait for the S3 store's answer."
    )
    s3_allow_http: bool = _setting(
        False, read.switch, "1 or 0", "Allow an S3 endpoint without TLS on another machine."
    )
    public_url: str = _setting(
        "", str, "a URL", "Address under which phones reach the server; empty: as the request named it."
    )
    service_phone: str = _setting(
        "", str, "a phone number", "Whom farmers may call; empty: the phone page has no call button."
    )
    bank: str = _setting(
        "gateway",
        read.bank_way,
        "gateway or file",
        "How payouts leave: one by one through the bank's gateway, or in payment files that an officer exports.",
    )
    bank_url: str = _setting(
        "http://127.0.0.1:8901", str, "a URL", "The bank's gateway, or the sandbox bank."
    )
    bank_allow_http: bool = _setting(
        False, read.switch, "1 or 0", "Allow a bank's gateway without TLS on another machine."
    )
    bank_secret: str = _setting(
        SANDBOX_SECRET, str, "a text", "Shared secret: signs requests to the bank and its callbacks."
    )
    bank_timeout: timedelta = _setting(
        timedelta(seconds=10), read.seconds, "seconds above 0", "How long to wait for the bank's answer."
    )
    bank_key_memory: timedelta = _setting(
        timedelta(minutes=30),
        read.minutes,
        "minutes above 0",
        "How long the bank remembers a key: later, an unknown transfer goes to a person, never out again.",
    )
    daily_payout_limit: Money | None = _setting(
        None,
        read.limit,
        "CNY above 0.00, such as 200000.00",
        "Most that may leave on one day (Asia/Shanghai); empty: no limit.",
    )
    payer_name: str = _setting("", str, "a text", "The insurer's name at its bank; payment files need it.")
    payer_account: str = _setting("", str, "a text", "The account that payment files are paid from.")
    payer_bank: str = _setting(
        "", str, "a text", "BIC or 12-digit CNAPS number of the bank that holds it; may be empty."
    )
    payout_target: timedelta | None = _setting(
        None,
        read.minutes,
        "minutes above 0",
        "Promise from report to money on the account. Empty: the row `payout` of the deadlines (docs/clocks.md).",
    )
    timetables: Path | None = _setting(
        None,
        Path,
        "a folder",
        "Holds the installation's own office hours, holidays, deadlines and escalation; a file that is not in it is "
        "the shipped one (docs/clocks.md).",
    )
    verification_wait: timedelta = _setting(
        timedelta(minutes=30),
        read.minutes,
        "minutes above 0",
        "Wait for announced photos before going on without.",
    )
    fence_coarsest_m: float = _setting(
        100.0, read.above_zero, "metres above 0", "A fix with a larger radius (68 %) counts as unknown."
    )
    fence_oldest: timedelta = _setting(
        timedelta(seconds=120), read.seconds, "seconds above 0", "An older fix counts as unknown."
    )
    model_folder: Path | None = _setting(
        None,
        Path,
        "a folder",
        "Holds the counter's network. Empty: as `flashclaim model use` chose, else the shipped one.",
    )
    predictor: str = _setting(
        "",
        read.predictor,
        "onnx or ultralytics",
        "Who finds the boxes. Empty: as `flashclaim model use` chose, else `onnx`.",
    )
    photo_readers: int = _setting(
        2,
        read.count,
        "a number from 1",
        "Child processes of each server and worker that photos are decoded in, 45 MB each and 450 MB at the most.",
    )
    worker_threads: int = _setting(2, read.count, "a number from 1", "Effects carried out side by side.")
    embedded_worker: bool = _setting(
        True, read.switch, "1 or 0", "Run the effects worker inside the API process; 0 where it runs apart."
    )
    checkpoint_events: int = _setting(
        1000, read.count, "a number from 1", "The audit log's next checkpoint is signed after so many events."
    )
    checkpoint_wait: timedelta = _setting(
        timedelta(seconds=60),
        read.seconds,
        "seconds above 0",
        "The audit log's next checkpoint is signed when an event has waited for it so long.",
    )
    effect_lease: timedelta = _setting(
        timedelta(seconds=30),
        read.seconds,
        "seconds above 0",
        "A dead worker's effects are taken over after this.",
    )
    pack_every: timedelta = _setting(
        timedelta(seconds=30),
        read.seconds,
        "seconds above 0",
        "How often the worker packs days whose claims have changed. Figures are right at any time; packed days make "
        "them quick.",
    )
    stop_patience: timedelta = _setting(
        timedelta(seconds=8),
        read.seconds,
        "seconds above 0",
        "A stopping process finishes requests and effects for so long; then it hands its effects back. Keep it below "
        "what the process's keeper waits before it kills: Docker 10 s, systemd 90 s.",
    )
    upload_expiry: timedelta = _setting(
        timedelta(hours=24),
        read.hours,
        "hours above 0",
        "A part of a photo is removed when it grew no more for this.",
    )
    session_length: timedelta = _setting(
        timedelta(hours=12),
        read.hours,
        "hours above 0",
        "An officer signs in again after this, however busy (NIST SP 800-63B, AAL2).",
    )
    session_idle: timedelta = _setting(
        timedelta(minutes=30),
        read.minutes,
        "minutes above 0",
        "An officer signs in again after doing nothing for so long (NIST SP 800-63B, AAL2).",
    )
    invitation_length: timedelta = _setting(
        timedelta(days=7), read.days, "days above 0", "An officer's one-time login token is good for so long."
    )
    proposal_length: timedelta = _setting(
        timedelta(days=7),
        read.days,
        "days above 0",
        "What one person proposed waits so long for a second one; then it has expired.",
    )
    rejection_alone_most: Money = _setting(
        Money(5_000_000),
        read.payment,
        "CNY above 0.00, such as 50000.00",
        "A rejection of a claim whose offer is higher needs a second officer of the same office.",
    )
    farmer_access: timedelta = _setting(
        timedelta(minutes=15), read.minutes, "minutes above 0", "A farmer's access token is good for so long."
    )
    farmer_session: timedelta = _setting(
        timedelta(days=30),
        read.days,
        "days above 0",
        "A farmer who does not come for so long signs in again.",
    )
    code_limits: CodeLimits = _setting(
        CodeLimits(),
        code_limits,
        "limits such as number 5/h 10/d, address 60/h",
        "How many codes to sign in may be asked for; a county's limit keeps silent.",
    )
    link_length: timedelta = _setting(
        timedelta(days=7), read.days, "days above 0", "A claim link reads for so long where nobody says."
    )
    phone_settled: timedelta = _setting(
        timedelta(days=7), read.days, "days above 0", "A changed contact phone vouches for no payee before."
    )
    streams: int = _setting(
        500, read.count, "a number from 1", "Live streams open in one process; each holds a connection."
    )
    streams_per_person: int = _setting(
        16, read.count, "a number from 1", "Live streams open for one officer or policy in one process."
    )
    stream_ping: timedelta = _setting(
        timedelta(seconds=15),
        read.seconds,
        "seconds above 0",
        "A live stream is never silent for longer; keep it below the idle limit of every proxy.",
    )
    limits: Limits = _setting(
        Limits(SHIPPED),
        Limits.parse,
        "off, or words such as reports=30/h,600/h or codes=off",
        "How often one person (or address) and one county may ask, where it differs from docs/edges.md.",
    )
    trusted_proxies: tuple[str, ...] = _setting(
        (),
        read.networks,
        "addresses or networks, parted by commas",
        "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Empty: nobody's.",
    )
    client_patience: timedelta = _setting(
        timedelta(seconds=30),
        read.seconds,
        "seconds above 0",
        "How long a client may take for a request's head, or for a body beyond what 1 kB a second takes.",
    )
    requests_at_once: int = _setting(
        500, read.count, "a number from 1", "Requests answered side by side in one process; others get 503."
    )
    writes_waiting: int = _setting(
        1_000,
        read.count,
        "a number from 1",
        "Writes that wait in one process; what would wait behind gets 503.",
    )
    import_most_mb: int = _setting(
        500, read.count, "a number from 1", "Largest file of an import, in megabytes."
    )
    dataset_source: str = _setting(
        "flashclaim", read.required, "a text", "This installation's name in exported training photos."
    )
    dataset_licence: str = _setting(
        "own use: to train this insurer's own counter",
        read.required,
        "a text",
        "Licence that exported training photos carry: what the farmers were told when they consented.",
    )
    dataset_author: str = _setting("", str, "a text", "Whom exported training photos name as author.")
    language: str = _setting(
        "zh",
        read.language,
        "zh or en",
        "Language of notices to farmers who did not choose one, and to offices.",
    )
    notices: tuple[Channel, ...] = _setting(
        ALONE,
        read.channels,
        "console, webhook or sms, or several parted by commas",
        "Over which channels people are told. One-time codes go over the first alone. `sms` is a stub: it writes a "
        "file.",
    )
    notice_patience: timedelta = _setting(
        timedelta(hours=72), read.hours, "hours above 0", "How long a receiver that fails is tried again."
    )
    webhook_url: str = _setting(
        "", read.endpoint, "an http or https URL", "Where the webhook's notices are posted."
    )
    webhook_secret: str = _setting(
        "",
        str,
        "whsec_ and base64 of 24 to 64 bytes",
        "Signs the webhook's notices; two, parted by a space, while one is replaced.",
    )
    webhook_secret_file: Path | None = _setting(
        None, Path, "a file", "Holds the webhook's secret instead of the environment."
    )
    webhook_allow_private: bool = _setting(
        False, read.switch, "1 or 0", "Allow a webhook on this machine or network, and without TLS."
    )
    webhook_patience: timedelta = _setting(
        timedelta(hours=72),
        read.hours,
        "hours above 0",
        "How long a webhook of `flashclaim webhook add` may fail before nothing more is sent to it.",
    )
    webhook_threads: int = _setting(
        4, read.count, "a number from 1", "State changes sent to such webhooks side by side, two to each."
    )
    sms_file: Path | None = _setting(
        None,
        Path,
        "a file",
        "Where the stub of text messages writes them. Empty: `sms.jsonl` in the data folder.",
    )
    log_format: str = _setting(
        "auto", read.log_format, "json, console or auto", "auto: console in a terminal, json elsewhere."
    )
    log_level: str = _setting(
        "info", read.log_level, "debug, info, warning or error", "Lowest level of events in the log."
    )
    metrics_token: str = _setting(
        "",
        str,
        "a text",
        "Bearer token that `/metrics` asks for; empty: callers on this machine alone, without one.",
    )
    worker_address: str = _setting(
        "",
        read.address,
        "host:port",
        "Where `server worker` answers `/healthz`, `/readyz` and `/metrics`; empty: nowhere.",
    )
    disk_floor: int = _setting(
        500, read.count, "megabytes from 1", "Less free room in the data folder makes the server not ready."
    )
    effects_oldest: timedelta = _setting(
        timedelta(minutes=5),
        read.minutes,
        "minutes above 0",
        "An effect due for longer makes a worker not ready.",
    )
    drain: timedelta = _setting(
        timedelta(0), read.wait, "seconds from 0", "After SIGTERM, time to answer on with `/readyz` at 503."
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            SettingUnusable: A value that cannot be used; the variable is named.
        """
        has_bucket = bool(environment.get(f"{PREFIX}PHOTOS_URL"))
        values = {}
        for setting in fields(cls):
            usual = setting.metadata["also"] if has_bucket else ()
            variable = _set_among(environment, f"{PREFIX}{setting.name.upper()}", usual)
            if variable is None:
                continue
            text = environment[variable]
            try:
                values[setting.name] = setting.metadata["parse"](text)
            except (ValueError, KeyError) as wrong:
                raise SettingUnusable(variable, text, setting.metadata["wanted"]) from wrong
        return cls(**values)

    def require_safe_bank(self) -> None:
        """Refuse the published default secret, and a line without TLS, towards any bank but one on this machine.

        Raises:
            SettingUnusable: Whoever has read our source could sign that bank's callbacks; or whoever listens would
                read whole account numbers.
        """
        address = urlsplit(self.bank_url)
        if is_here(address.hostname):
            return
        if self.bank_secret == SANDBOX_SECRET:
            raise SettingUnusable(f"{PREFIX}BANK_SECRET", self.bank_secret, "a secret of your own")
        if address.scheme != "https" and not self.bank_allow_http:
            wanted = "an https URL; FLASHCLAIM_BANK_ALLOW_HTTP=1 allows http"
            raise SettingUnusable(f"{PREFIX}BANK_URL", self.bank_url, wanted)

    def require_safe_photo_store(self) -> None:
        """Refuse to send photos and the key's signatures in the clear to another machine.

        Raises:
            SettingUnusable: An endpoint without TLS that is neither on this machine nor allowed.
        """
        parts = urlsplit(self.s3_endpoint)
        is_safe = parts.scheme != "http" or is_here(parts.hostname) or self.s3_allow_http
        if self.photos_url and not is_safe:
            wanted = "an https URL; FLASHCLAIM_S3_ALLOW_HTTP=1 allows http"
            raise SettingUnusable(f"{PREFIX}S3_ENDPOINT", self.s3_endpoint, wanted)

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in.

        Raises:
            SettingUnusable: Claims would travel in the clear to PostgreSQL on another machine.
        """
        if not self.database_allow_plain and not is_database_safe(self.database_url):
            raise SettingUnusable(f"{PREFIX}DATABASE_URL", without_password(self.database_url), SAFE_DATABASE)
        return self.database_url or f"sqlite:///{self.data_folder / 'flashclaim.db'}"

    @property
    def keys(self) -> Path:
        """Where the installation's own keys are kept."""
        return self.key_folder or self.data_folder / "keys"

    @property
    def import_most_bytes(self) -> int:
        """The largest file that an import takes."""
        return self.import_most_mb * 1_000_000

    @property
    def photo_folder(self) -> Path:
        """Where original photos are kept."""
        return self.data_folder / "photos"

    @property
    def derived_folder(self) -> Path:
        """Where smaller pictures are kept; it may be emptied at any time."""
        return self.data_folder / "derived"

    @property
    def text_messages(self) -> Path:
        """Where the stub of text messages writes them."""
        return self.sms_file or self.data_folder / "sms.jsonl"

    @property
    def part_folder(self) -> Path:
        """Where photos grow that have arrived in part."""
        return self.data_folder / "uploads"


def _set_among(environment: Mapping[str, str], own: str, usual: tuple[str, ...]) -> str | None:
    """The variable that counts: our own if it is set at all, else the first usual one that says something."""
    if own in environment:
        return own
    return next((one for one in usual if environment.get(one)), None)
