"""The API stops, is killed and comes back while people listen: nobody is held up, and nothing is missed."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.exits import Exit
from tests.chaos.processes import Process, Site, a_site, people_of
from tests.cli.conftest import FLASHCLAIM, Shell
from tests.journeys.listening import listening
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

QUICKLY_S = 10.0
"""Half of what the server grants an answer that does not end by itself."""


class Watch:
    """A ``flashclaim claim watch --json-lines`` of the farmer's, read as it writes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.events: list[dict[str, Any]] = []

    def reads_until(self, kind: str) -> None:
        """Read on until an event of this kind has come."""
        assert self._process.stdout
        for line in self._process.stdout:
            self.events.append(json.loads(line))
            if self.events[-1]["type"] == kind:
                return
        raise AssertionError(f"it ended with {self._process.wait(30)}: {self.said()}")

    def said(self) -> str:
        assert self._process.stderr
        return self._process.stderr.read()

    def ends(self) -> int:
        return self._process.wait(60)


@contextmanager
def watching(shell: Shell, claim: str, *options: str) -> Iterator[Watch]:
    command = [FLASHCLAIM, "claim", "watch", claim, "--json-lines", "--profile", "farmer", *options]
    with subprocess.Popen(
        command,
        env=shell.environment | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield Watch(process)
        finally:
            process.kill()


@dataclass
class Running:
    """A site with its people, the farmer's machine, and the API that runs now."""

    site: Site
    people: World
    shell: Shell
    api: Process

    def serve(self) -> Process:
        """The API, started again where it has ended."""
        if self.api.has_ended():
            self.api = self.site.start_api()
        return self.api

    def withdraw(self, claim: str) -> None:
        with self.people.farmer(self.people.policy()) as farmer:
            farmer.post(f"/claims/{claim}/withdrawal", json={}, headers=key()).raise_for_status()

    def timeline(self, claim: str) -> list[dict[str, Any]]:
        """The events as the farmer's machine asks for them."""
        with self.people.farmer(self.people.policy()) as farmer:
            told = farmer.get(f"/claims/{claim}/timeline", params={"language": "en"}).json()
        return list(told["events"])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("site")
    with a_site(folder) as (site, county):
        api = site.start_api()
        with people_of(site, county) as people:
            shell = Shell(folder / "profiles", site.url)
            shell.ok("login", "--card", people.policy()["card"], profile="farmer")
            yield Running(site, people, shell, api)


@pytest.mark.slow
def test_streams_do_not_hold_a_stop_up(running: Running) -> None:
    api, http = running.serve(), running.people.officer("insurer").http
    claim = running.people.report(running.people.policy(), [])
    with ExitStack() as stack:
        paths = [f"/claims/{claim}/timeline/stream"] * 3 + ["/reviews/stream"]
        listeners = [stack.enter_context(listening(http, path)) for path in paths]
        firsts = [next(events).event for events in listeners]

        began = time.monotonic()
        api.stop()
        took_s = time.monotonic() - began

        # Each ends as an answer ends, not as a line breaks: a broken one would raise here.
        rests = [[event.event for event in events] for events in listeners]
    assert firsts == ["claim-reported"] * 3 + ["queue"]
    assert rests == [["evidence-requested", "standing"]] * 3 + [[]]
    assert took_s < QUICKLY_S


@pytest.mark.slow
def test_a_watch_goes_on_over_a_stop_and_over_a_kill(running: Running) -> None:
    running.serve()
    policy = running.people.policy()
    claim = running.people.report(policy, [])
    with watching(running.shell, claim) as watch:
        watch.reads_until("claim-reported")
        running.api.stop()
        running.serve()
        running.people.add_evidence(claim, policy, [a_photo()]).raise_for_status()
        watch.reads_until("evidence-added")
        running.api.kill()
        running.serve()
        running.withdraw(claim)
        watch.reads_until("claim-withdrawn")
        code = watch.ends()

    assert watch.events == running.timeline(claim)
    assert code == Exit.OK


@pytest.mark.slow
def test_patience_has_an_end(running: Running) -> None:
    running.serve()
    claim = running.people.report(running.people.policy(), [])
    with watching(running.shell, claim, "--patience", "0.5") as watch:
        watch.reads_until("claim-reported")
        running.api.kill()
        code, said = watch.ends(), watch.said()

    assert code == Exit.NETWORK
    assert "The line broke" in said
    assert "The server does not answer" in said
