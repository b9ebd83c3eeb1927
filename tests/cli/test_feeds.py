"""Webhooks and exports from the command line, and the receiver that the documentation shows."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from cli.client import Api
from cli.refusals import Refused
from tests.cli.conftest import Shell, sign_in
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, running_world
from tests.receiver import a_receiver

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "integration.md"
MOST_LINES = 30


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Shell]]:
    """An installation that may post to this machine, and the insurer's administrator signed in."""
    folder = tmp_path_factory.mktemp("feeds")
    with running_world(folder / "server", webhook_allow_private=True) as world:
        shell = Shell(folder / "profiles", world.url)
        sign_in(world, shell, "insurer")
        yield world, shell


@contextmanager
def the_documented_receiver(folder: Path, **environment: str) -> Iterator[Path]:
    """The guide's own program, on a free port; what it prints stands in the file."""
    [program] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len([line for line in program.splitlines() if line]) <= MOST_LINES
    script, said = folder / "receiver.py", folder / "said.txt"
    script.write_text(program, encoding="utf-8")
    with said.open("w", encoding="utf-8") as out:
        running = subprocess.Popen(
            [sys.executable, script], env=os.environ | environment, stdout=out, stderr=subprocess.DEVNULL
        )
        try:
            yield said
        finally:
            running.kill()
            running.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_documented_receiver_catches_up_and_then_hears_of_everything_once(
    office: tuple[World, Shell], tmp_path: Path
) -> None:
    world, shell = office
    missed = world.show(world.report(world.policy(place=0), [a_photo()]))["number"]
    port = free_port()
    made = shell.json("webhook", "add", f"http://127.0.0.1:{port}/hook", profile="insurer")
    environment = {"SERVER": world.url, "SECRET": made["secret"], "FEED_TOKEN": made["feed_token"]}

    with the_documented_receiver(tmp_path, PORT=str(port), **environment) as said:
        trial = ("webhook", "test", made["id"][:8])
        eventually(lambda: shell.run(*trial, profile="insurer").code == 0, 30.0, "the receiver")
        claim = world.report(world.policy(place=1), [a_photo()])
        world.wait(claim, "JOINT_REVIEW")
        number, count = world.show(claim)["number"], len(world.events(claim))
        heard = lambda: [line for line in said.read_text().splitlines() if number in line]  # noqa: E731 - asked again and again
        eventually(lambda: len(heard()) >= count, 30.0, "every event")

    lines = said.read_text().splitlines()
    assert len({line.split()[0] for line in lines}) == len(lines)
    assert any(missed in line for line in lines)
    listed = shell.ok("webhook", "deliveries", made["id"], profile="insurer").out
    assert number in listed
    assert "delivered" in listed
    shell.ok("webhook", "remove", made["id"], profile="insurer")


def test_a_webhook_is_added_shown_rotated_wound_back_and_removed(office: tuple[World, Shell]) -> None:
    _, shell = office
    with a_receiver() as receiver:
        told = shell.ok(
            *("webhook", "add", receiver.url, "--types", "claim-reported,payout-confirmed"), profile="insurer"
        ).out
        webhook = told.split()[1]
        listed = shell.ok("webhook", "list", profile="insurer").out
        shown = shell.ok("webhook", "show", webhook[:8], profile="insurer").out
        arrived = shell.json("webhook", "test", webhook, profile="insurer")
        receiver.always = 500
        refused = shell.run("webhook", "test", webhook, profile="insurer")
        rotated = shell.json("webhook", "rotate", webhook, profile="insurer")
        receiver.always = 204
        replayed = shell.run("webhook", "replay", webhook, "--from", "7-0123456789ab", profile="insurer")
        removed = shell.run("webhook", "remove", webhook, profile="insurer")
        gone = shell.run("webhook", "show", webhook, profile="insurer")

    assert re.search(r"secret\s+whsec_", told)
    assert f"{webhook}  working" in listed
    assert "claim-reported, payout-confirmed" in shown
    assert (arrived["arrived"], arrived["status"]) == (True, 204)
    assert refused.code == 1
    assert "answered 500" in refused.err
    assert rotated["secret"].startswith("whsec_")
    assert (replayed.code, removed.code, gone.code) == (5, 0, 3)


def test_exports_are_named_by_their_ending_or_by_format(office: tuple[World, Shell], tmp_path: Path) -> None:
    _, shell = office
    heads = {}
    for name, more in (
        ("claims.csv", ()),
        ("claims.xes", ()),
        ("map.parquet", ("--format", "geoparquet")),
        ("plain", ("--format", "parquet")),
    ):
        done = shell.json("stats", "export", "--into", str(tmp_path / name), *more, profile="insurer")
        assert done["bytes"] == (tmp_path / name).stat().st_size
        heads[name] = (tmp_path / name).read_bytes()[:5]

    unsaid = shell.run("stats", "export", profile="insurer")
    strange = shell.run("stats", "export", "--into", str(tmp_path / "claims.xls"), profile="insurer")

    assert heads == {
        "claims.csv": b"numbe",
        "claims.xes": b"<?xml",
        "map.parquet": b"PAR1\x15",
        "plain": b"PAR1\x15",
    }
    assert (unsaid.code, strange.code) == (2, 2)
    assert not list(tmp_path.glob("*.part"))


def test_a_download_that_breaks_off_leaves_what_was_there_before(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("of yesterday")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve_half() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                line.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nnumbe\r\n")

        serving = Thread(target=serve_half)
        serving.start()
        with (
            Api(f"http://127.0.0.1:{listening.getsockname()[1]}", "token") as api,
            pytest.raises(Refused),
        ):
            api.save("insight", "claims", into=file)
        serving.join()

    assert file.read_text() == "of yesterday"
    assert [one.name for one in tmp_path.iterdir()] == ["claims.csv"]
