"""In every Python process that finds this on its path: whoever looks for the outside is written down, and refused."""

import os
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

_BOOK = Path(os.environ["OFFLINE_BOOK"])
_HERE = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "", None})


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in _HERE:
        return True
    try:
        return ip_address(str(name)).is_loopback
    except ValueError:
        return False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_here(host):
        _write(f"{event} {host} {sys.argv[:3]}")
        raise PermissionError(f"{event} {host}: no network at run time")


def _write(line: str) -> None:
    with _BOOK.open("a", encoding="utf-8") as book:
        book.write(f"{line}\n")


_write("watched")
sys.addaudithook(_watch)
