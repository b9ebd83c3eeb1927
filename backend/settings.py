"""One frozen ``Settings``, read once from ``FLASHCLAIM_*`` at start-up; every default is good for a laptop.

``docs/configuration.md`` is generated from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Self  # a parser's result has the type of its field
from urllib.parse import urlsplit

PREFIX = "FLASHCLAIM_"
SANDBOX_SECRET = "sandbox-bank-secret"  # noqa: S105 - published on purpose: for a sandbox on the same machine only


class SettingUnusable(ValueError):
    """A value from the environment cannot be used; the message names the variable and what it should be."""

    def __init__(self, variable: str, value: str, wanted: str) -> None:
        super().__init__(f"{variable}={value!r} is not {wanted}")
        self.variable = variable


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=_above_zero(text))


def _seconds(text: str) -> timedelta:
    return timedelta(seconds=_above_zero(text))


def _hours(text: str) -> timedelta:
    return timedelta(hours=_above_zero(text))


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _switch(text: str) -> bool:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]


def _language(text: str) -> str:
    if text not in {"zh", "en"}:
        raise ValueError(text)
    return text


def _setting(default: object, parse: Callable[[str], object], wanted: str, why: str) -> Any:
    return field(default=default, metadata={"parse": parse, "wanted": wanted, "why": why})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs."""

    data_folder: Path = _setting(Path("var"), Path, "a folder", "Holds the SQLite database and the photos.")
    database_url: str = _setting(
        "",
        str,
        "an SQLAlchemy URL",
        "Empty: SQLite in the data folder. `sqlite:///file.db` names another file, "
        "`postgresql://user@host/name` a PostgreSQL database (extra `postgres`).",
    )
    public_url: str = _setting(
        "", str, "a URL", "Address under which phones reach the server; empty: as the request named it."
    )
    bank_url: str = _setting(
        "http://127.0.0.1:8901", str, "a URL", "The bank's gateway, or the sandbox bank."
    )
    bank_secret: str = _setting(
        SANDBOX_SECRET, str, "a text", "Shared secret: signs requests to the bank and its callbacks."
    )
    bank_timeout: timedelta = _setting(
        timedelta(seconds=10), _seconds, "seconds above 0", "How long to wait for the bank's answer."
    )
    bank_key_memory: timedelta = _setting(
        timedelta(minutes=30),
        _minutes,
        "minutes above 0",
        "How long the bank remembers a key: later, an unknown transfer goes to a person, never out again.",
    )
    payout_target: timedelta = _setting(
        timedelta(minutes=15), _minutes, "minutes above 0", "Promise from report to money on the account."
    )
    verification_wait: timedelta = _setting(
        timedelta(minutes=30),
        _minutes,
        "minutes above 0",
        "Wait for announced photos before going on without.",
    )
    fence_coarsest_m: float = _setting(
        100.0, _above_zero, "metres above 0", "A fix with a larger radius (68 %) counts as unknown."
    )
    fence_oldest: timedelta = _setting(
        timedelta(seconds=120), _seconds, "seconds above 0", "An older fix counts as unknown."
    )
    model_folder: Path | None = _setting(None, Path, "a folder", "Another counter than the shipped one.")
    worker_threads: int = _setting(2, _count, "a number from 1", "Effects carried out side by side.")
    embedded_worker: bool = _setting(
        True, _switch, "1 or 0", "Run the effects worker inside the API process; 0 where it runs apart."
    )
    effect_lease: timedelta = _setting(
        timedelta(seconds=30),
        _seconds,
        "seconds above 0",
        "A dead worker's effects are taken over after this.",
    )
    stop_patience: timedelta = _setting(
        timedelta(seconds=8),
        _seconds,
        "seconds above 0",
        "A stopping process finishes requests and effects for so long; then it hands its effects back. Keep it below "
        "what the process's keeper waits before it kills: Docker 10 s, systemd 90 s.",
    )
    session_length: timedelta = _setting(
        timedelta(hours=12), _hours, "hours above 0", "An officer signs in again after this."
    )
    language: str = _setting("zh", _language, "zh or en", "Language of notices to farmers.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            SettingUnusable: A value that cannot be used; the variable is named.
        """
        known = {PREFIX + setting.name.upper(): setting for setting in fields(cls)}
        values = {}
        for variable, text in environment.items():
            setting = known.get(variable)
            if setting is None:
                continue
            try:
                values[setting.name] = setting.metadata["parse"](text)
            except (ValueError, KeyError) as wrong:
                raise SettingUnusable(variable, text, setting.metadata["wanted"]) from wrong
        return cls(**values)

    def require_own_secret(self) -> None:
        """Refuse the published default secret towards any bank but a sandbox on this machine.

        Raises:
            SettingUnusable: Whoever has read our source could sign that bank's callbacks.
        """
        is_here = urlsplit(self.bank_url).hostname in {"127.0.0.1", "::1", "localhost"}
        if not is_here and self.bank_secret == SANDBOX_SECRET:
            raise SettingUnusable(f"{PREFIX}BANK_SECRET", self.bank_secret, "a secret of your own")

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_folder / 'flashclaim.db'}"

    @property
    def photo_folder(self) -> Path:
        """Where original photos are kept."""
        return self.data_folder / "photos"
