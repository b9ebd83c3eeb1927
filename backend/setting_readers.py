"""How the text of a ``FLASHCLAIM_*`` variable is read; ``ValueError`` or ``KeyError`` for what cannot be used."""

import re
from datetime import timedelta
from ipaddress import ip_network
from urllib.parse import urlsplit

from backend.domain.money import ZERO, Money
from backend.domain.notices.channels import Channel

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_LAST_PORT = 65_535


def minutes(text: str) -> timedelta:
    """Minutes above 0."""
    return timedelta(minutes=above_zero(text))


def seconds(text: str) -> timedelta:
    """Seconds above 0."""
    return timedelta(seconds=above_zero(text))


def days(text: str) -> timedelta:
    """Days above 0."""
    return hours(text) * 24


def hours(text: str) -> timedelta:
    """Hours above 0."""
    return timedelta(hours=above_zero(text))


def above_zero(text: str) -> float:
    """A finite number above 0."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def count(text: str) -> int:
    """A whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def years(text: str) -> int:
    """A whole number from 0 on."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def switch(text: str) -> bool:
    """1, true, yes, or 0, false, no."""
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]


def database_url(text: str) -> str:
    """A URL of SQLite or PostgreSQL, or nothing."""
    if text and not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError(text)
    return text


def limit(text: str) -> Money | None:
    """A sum above 0.00 CNY; nothing: None."""
    amount = Money.parse(text) if text else None
    if amount is not None and amount <= ZERO:
        raise ValueError(text)
    return amount


def payment(text: str) -> Money:
    """A sum above 0.00 CNY."""
    amount = Money.parse(text)
    if amount <= ZERO:
        raise ValueError(text)
    return amount


def bank_way(text: str) -> str:
    """How payouts leave."""
    if text not in {"gateway", "file"}:
        raise ValueError(text)
    return text


def wait(text: str) -> timedelta:
    """Seconds from 0 on."""
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError(text)
    return timedelta(seconds=seconds)


def address(text: str) -> str:
    """HOST:PORT."""
    host, _, port = text.rpartition(":")
    if not host or not 0 <= int(port) <= _LAST_PORT:
        raise ValueError(text)
    return text


def networks(text: str) -> tuple[str, ...]:
    """Networks in CIDR form, apart by commas."""
    return tuple(str(ip_network(one.strip(), strict=False)) for one in text.split(",") if one.strip())


def log_format(text: str) -> str:
    """auto, json or console."""
    if text not in {"auto", "json", "console"}:
        raise ValueError(text)
    return text


def log_level(text: str) -> str:
    """debug, info, warning or error."""
    if text not in {"debug", "info", "warning", "error"}:
        raise ValueError(text)
    return text


def language(text: str) -> str:
    """Zh or en."""
    if text not in {"zh", "en"}:
        raise ValueError(text)
    return text


def channels(text: str) -> tuple[Channel, ...]:
    """Channels, apart by commas, each once."""
    return tuple(dict.fromkeys(Channel(one.strip()) for one in text.split(",")))


def predictor(text: str) -> str:
    """onnx, ultralytics, or nothing."""
    if text not in {"", "onnx", "ultralytics"}:
        raise ValueError(text)
    return text


def required(text: str) -> str:
    """A text that is not blank."""
    if not text.strip():
        raise ValueError(text)
    return text


def bucket(text: str) -> str:
    """s3://BUCKET or s3://BUCKET/PREFIX, or nothing."""
    parts = urlsplit(text)
    is_bucket = parts.scheme == "s3" and _BUCKET.fullmatch(parts.netloc) and "//" not in parts.path
    if text and (not is_bucket or parts.query or parts.fragment):
        raise ValueError(text)
    return text.rstrip("/")


def endpoint(text: str) -> str:
    """A URL with http or https and nobody signed in, or nothing."""
    parts = urlsplit(text)
    is_one = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    # A name and a password before the host would be sent to nobody, and shown in every log.
    if text and (not is_one or parts.username is not None):
        raise ValueError(text)
    return text.rstrip("/")
