"""Connections to public addresses alone: a webhook's URL cannot be pointed at what stands behind our firewall."""

import ipaddress
import socket
from collections.abc import Iterable

import httpcore

from backend.adapters.notices import NoticeRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PrivateAddress(NoticeRefused):
    """The name leads to an address that the internet cannot reach, such as loopback or a cloud's metadata."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} leads to a private address; FLASHCLAIM_WEBHOOK_ALLOW_PRIVATE=1 allows it")


class PublicNetwork(httpcore.NetworkBackend):
    """Looks each name up once, refuses it if any of its addresses is private, and connects to what was looked at.

    The connection goes to the address, not to the name: a name that answers differently a moment later would otherwise
    slip past the look. TLS still checks the certificate against the name.
    """

    def __init__(self, *, allow_private: bool = False) -> None:
        self._allow_private = allow_private
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """See ``httpcore.NetworkBackend``.

        Raises:
            PrivateAddress: One of the host's addresses is not public.
        """
        found = _addresses(host, port)
        if not self._allow_private and not all(map(is_public, found)):
            raise PrivateAddress(host)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in found:
            try:
                return self._network.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as unreachable:
                failure = unreachable
        raise failure


_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out (IANA, IPv6 Global Unicast Address Assignments)."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOT_OURS = tuple(
    ipaddress.ip_network(one)
    for one in (
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata among them
        "192.88.99.0/24",  # 6to4 relays, retired
        "168.63.129.16/32",  # the platform under a virtual machine of one large cloud, which counts as public
        "3fff::/20",  # documentation (RFC 9637), which Python does not know everywhere
    )
)
_ISATAP = 0x5EFE
"""Before the IPv4 address in the last half of an IPv6 one (RFC 5214, section 6.1)."""


def is_public(address: Address) -> bool:
    """Whether the internet leads there; an IPv4 address inside an IPv6 one is looked at too."""
    if any(address in network for network in _NOT_OURS if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    if address not in _UNICAST and address not in _NAT64:
        return False
    return address.is_global and all(map(is_public, _embedded(address)))


def _embedded(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    within = [address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or int(address) >> 32 & 0xFCFF_FFFF == _ISATAP:
        within.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return tuple(one for one in within if one is not None)


def _addresses(host: str, port: int) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise httpcore.ConnectError(f"{host} is not known: {unknown}") from unknown
    # An IPv6 address may carry a zone, which names one of our own interfaces.
    return tuple(dict.fromkeys(ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found))
