"""Whether what travels between this machine and another can be read on the way."""

from urllib.parse import parse_qs, urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
"""libpq's ``sslmode``s that never fall back to plain (PostgreSQL manual, 34.19.3)."""
SAFE_DATABASE = "a URL with sslmode=verify-full; FLASHCLAIM_DATABASE_ALLOW_PLAIN=1 allows a line without TLS"
"""What a database's address should be."""


def is_here(host: str | None) -> bool:
    """Whether a host's name is this machine's own."""
    return host in _LOOPBACK


def is_database_safe(url: str) -> bool:
    """Whether nobody on the way reads what goes to this database: a file, this machine, a socket, or TLS demanded.

    Hosts may be several, apart by commas, or stand in the query, as libpq takes them.
    """
    if not url.startswith("postgresql"):
        return True
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    if _ENCRYPTED.issuperset(asked.get("sslmode", [""])):
        return True
    places = asked.get("hostaddr") or asked.get("host") or [parts.netloc.rpartition("@")[2]]
    hosts = [urlsplit(f"//{one}").hostname for one in places[-1].split(",")]
    return all(not host or host.startswith("/") or is_here(host) for host in hosts)


def without_password(url: str) -> str:
    """The address, fit to be shown."""
    parts = urlsplit(url)
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}@{host}" if user else host).geturl()
