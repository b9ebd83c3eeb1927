"""A phone in the same network reaches the server by https, once it trusts the computer's own authority."""

import asyncio
import ssl
from pathlib import Path

import httpx
import pytest

from demo.certificates import authority, server_context
from demo.secure_line import certificate_door, secure_line
from tests.journeys.world import World

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")


async def answers(world: World, folder: Path) -> tuple[httpx.Response, httpx.Response]:
    by = authority(folder)
    context = server_context(by, "127.0.0.1", folder)
    inner = httpx.URL(world.url).port or 80
    async with (
        secure_line("127.0.0.1", 0, inner, context) as port,
        certificate_door("127.0.0.1", 0, by.for_phones) as door,
        httpx.AsyncClient(trust_env=False) as stranger,
    ):
        fetched = await stranger.get(f"http://127.0.0.1:{door}/")
        trusting = ssl.create_default_context(cadata=fetched.content)
        async with httpx.AsyncClient(verify=trusting, trust_env=False) as phone:
            page = await phone.get(f"https://127.0.0.1:{port}/f")
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await stranger.get(f"https://127.0.0.1:{port}/f")
        return fetched, page


def test_a_phone_that_trusts_the_authority_opens_the_page(world: World, tmp_path: Path) -> None:
    fetched, page = asyncio.run(answers(world, tmp_path))

    assert fetched.headers["content-type"] == "application/x-x509-ca-cert"
    assert page.status_code == 200
    assert "/f/page.js" in page.text


def test_the_authority_stays_the_same_from_one_evening_to_the_next(world: World, tmp_path: Path) -> None:
    assert authority(tmp_path).for_phones == authority(tmp_path).for_phones
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0
