"""No name and no spelling leads a webhook to what stands behind our own firewall."""

import ipaddress
import socket
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.adapters.public_addresses import Address, PrivateAddress, PublicNetwork, is_public
from backend.settings import Settings, SettingUnusable

PRIVATE = [
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
    *("0.0.0.0/8", "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
]
METADATA = ["169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"]


@st.composite
def private_ipv4(draw: st.DrawFn) -> ipaddress.IPv4Address:
    network = ipaddress.IPv4Network(draw(st.sampled_from(PRIVATE)))
    return network[draw(st.integers(0, network.num_addresses - 1))]


def spellings(inner: ipaddress.IPv4Address) -> dict[str, Address]:
    """The ways of writing an IPv4 address into an IPv6 one."""
    number = int(inner)
    return {
        "mapped": ipaddress.IPv6Address((0xFFFF << 32) | number),
        "compatible": ipaddress.IPv6Address(number),
        "translated": ipaddress.IPv6Address((0xFFFF << 48) | number),
        "6to4": ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1),
        "NAT64": ipaddress.IPv6Address((0x64FF9B << 96) | number),
        "local NAT64": ipaddress.IPv6Address((0x64FF9B0001 << 80) | number),
        "Teredo": ipaddress.IPv6Address((0x20010000 << 96) | (number ^ 0xFFFF_FFFF)),
        "ISATAP": ipaddress.IPv6Address((0x2A00_1450 << 96) | (0x5EFE << 32) | number),
    }


@given(private_ipv4())
def test_a_private_address_is_private_in_every_spelling(inner: ipaddress.IPv4Address) -> None:
    assert not is_public(inner)
    for name, spelled in spellings(inner).items():
        assert not is_public(spelled), name


@given(st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address))
def test_what_nobody_was_given_is_private(address: ipaddress.IPv6Address) -> None:
    if address not in ipaddress.IPv6Network("2000::/3") and address not in ipaddress.IPv6Network(
        "64:ff9b::/96"
    ):
        assert not is_public(address)


@pytest.mark.parametrize(
    "address", [*METADATA, "fec0::1", "5f00::1", "3fff::1", "fe80::1", "::", "::1", "ff0e::1"]
)
def test_metadata_and_local_addresses_are_private(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_what_the_internet_leads_to_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


class Recorder(httpcore.NetworkBackend):
    """Where connections would have gone."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.reached.append(host)
        raise httpcore.ConnectError("nobody is there")


def network_that_resolves(
    monkeypatch: pytest.MonkeyPatch, *answers: Iterable[str]
) -> tuple[PublicNetwork, Recorder]:
    """A network whose names lead to the first answer, then to the second, and so on."""
    coming: Iterator[Iterable[str]] = iter(answers)

    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in next(coming)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    network = PublicNetwork()
    recorder = network._network = Recorder()  # type: ignore[assignment]
    return network, recorder


def test_a_name_that_changes_its_mind_is_reached_where_it_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rebinding: public when it is looked at, loopback when it is connected to."""
    network, recorder = network_that_resolves(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])

    with pytest.raises(httpcore.ConnectError):
        network.connect_tcp("rebinding.example", 443)

    assert recorder.reached == ["8.8.8.8"]
    with pytest.raises(PrivateAddress):
        network.connect_tcp("rebinding.example", 443)
    assert recorder.reached == ["8.8.8.8"]


@pytest.mark.parametrize("inside", [*METADATA[:4], "127.0.0.1", "::ffff:127.0.0.1", "fe80::1%eth0"])
def test_a_name_with_one_private_address_among_public_ones_is_reached_nowhere(
    monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    network, recorder = network_that_resolves(monkeypatch, ["8.8.8.8", inside])

    with pytest.raises(PrivateAddress):
        network.connect_tcp("both.example", 443)

    assert recorder.reached == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "localhost."])
def test_odd_spellings_of_loopback_lead_nowhere(host: str) -> None:
    with pytest.raises((PrivateAddress, httpcore.ConnectError)):
        PublicNetwork().connect_tcp(host, 9, timeout=1)


@pytest.mark.parametrize(
    "url",
    [
        *("https://user:word@hooks.example/", "https://hooks.example@10.0.0.1/", "file:///etc/passwd"),
        *("gopher://hooks.example/", "https://", "https://hooks.example:0/", "https://hooks.example:99999/"),
    ],
)
def test_an_address_that_is_no_plain_web_address_stops_the_start(url: str) -> None:
    with pytest.raises(SettingUnusable, match="FLASHCLAIM_WEBHOOK_URL"):
        Settings.from_environment({"FLASHCLAIM_WEBHOOK_URL": url})
