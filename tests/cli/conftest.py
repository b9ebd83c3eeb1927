"""The real console script against a whole installation."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend.domain.ids import OfficerId
from backend.store import invitations
from backend.workflows.clock import utc_now
from backend.workflows.secrets import new_token, token_hash
from tests.forked import can_run, forks
from tests.journeys.installation import MANY_STORIES
from tests.journeys.newcomers import a_farm_like
from tests.journeys.world import World, key, running_world

FLASHCLAIM = Path(sys.executable).with_name("flashclaim")
LANES = ("insurer", "veterinary", "inspection")


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


@dataclass
class Shell:
    """A machine with its own folder of profiles, pointed at one server."""

    folder: Path
    server: str
    afresh: bool = False
    """Each command is started as it is installed, not forked from a process that has read our modules."""

    @property
    def environment(self) -> dict[str, str]:
        """Of every command here: no variable of whoever runs the tests reaches it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASHCLAIM_")}
        own = {
            "FLASHCLAIM_CLI_FOLDER": str(self.folder),
            "FLASHCLAIM_SERVER": self.server,
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "80",
            "FLASHCLAIM_KEY_PASSPHRASE": "correct horse",
        }
        return {
            name: value for name, value in kept.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}
        } | own

    def run(self, *arguments: str, profile: str | None = None, **environment: str) -> Ran:
        """Run one command without a terminal."""
        whose = {"FLASHCLAIM_PROFILE": profile} if profile else {}
        around = self.environment | whose | environment
        if not self.afresh and can_run(around):
            ended = forks().run(arguments, around, seconds=60)
            return Ran(ended.code, ended.out, ended.err)
        done = subprocess.run(
            [FLASHCLAIM, *arguments],
            env=around,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def ok(self, *arguments: str, profile: str | None = None) -> Ran:
        """Run one command that has to succeed."""
        done = self.run(*arguments, profile=profile)
        assert done.code == 0, done.err + done.out
        return done

    def json(self, *arguments: str, profile: str | None = None) -> Any:
        """The document of a command that has to succeed."""
        return self.ok(*arguments, "--json", profile=profile).document


@dataclass
class County:
    """The installation, a machine on which its people are signed in, and photos to report with."""

    world: World
    shell: Shell
    photos: Path
    made: int = 0

    def a_photo(self) -> Path:
        """A photo that nobody has used before."""
        self.made += 1
        path = self.photos / f"pen-{self.made}.jpg"
        red, green = divmod(self.made * 37, 256)
        content = BytesIO()
        Image.new("RGB", (320, 240), (40 + red, green, self.made % 256)).save(content, "JPEG")
        path.write_bytes(content.getvalue())
        return path

    def report(self, *, away_m: float = 0.0, **changes: Any) -> str:
        """Report one dead pig as a phone does; returns the claim number once it is triaged."""
        policy = self.world.policy("pig")
        claim = self.world.report(policy, [self.a_photo().read_bytes()], away_m=away_m, **changes)
        return str(self.world.wait(claim, "JOINT_REVIEW", "TRIAGED")["number"])

    def withdraw(self, claim: str) -> None:
        """The farmer takes the report back."""
        with self.world.farmer(self.world.policy("pig")) as farmer:
            farmer.post(f"/claims/{claim}/withdrawal", json={}, headers=key()).raise_for_status()

    def report_by_command(self, *changes: str) -> str:
        """The same by the command line."""
        policy = self.world.policy("pig")
        lon, lat = policy["inside"]
        done = self.shell.ok(
            *("claim", "report", "--policy", policy["policy_number"], "--heads", "1", "--species", "pig"),
            *("--cause", "accident", "--weight", "95", "--tag", self.world.fresh_tag(policy)),
            *("--at", f"{lon},{lat}", "--accuracy", "8", *changes, str(self.a_photo())),
            profile="farmer",
        )
        number = done.out.strip()
        self.world.wait(number, "JOINT_REVIEW", "TRIAGED")
        return number


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """One installation for all: signing in is slow beside the commands, and the claims do not meet."""
    folder = tmp_path_factory.mktemp("cli")
    with running_world(folder / "server", limits=MANY_STORIES) as world:
        # So many animals that what all commands report is no doubt about the next.
        world.held["pig", 0] = a_farm_like(world.parts, world.policy("pig"), heads=5000)
        shell = Shell(folder / "profiles", world.url)
        photos = folder / "photos"
        photos.mkdir()
        sign_in_everyone(world, shell)
        yield County(world, shell, photos)


def sign_in_everyone(world: World, shell: Shell) -> None:
    """Profiles insurer, veterinary, inspection and collector with a fresh session each, and the farmer."""
    sign_in(world, shell, *LANES, "collector")
    shell.ok("login", "--card", world.policy("pig")["card"], profile="farmer")


def sign_in(world: World, shell: Shell, *profiles: str) -> None:
    """Profiles with a fresh session each; their keys are plain: a passphrase is slow on purpose."""
    for profile in profiles:
        officer = world.officer("disposal" if profile == "collector" else profile)
        sign_in_with_key(world, shell, officer.id, "--no-passphrase", profile=profile)


def sign_in_with_key(
    world: World, shell: Shell, officer: str, *options: str, profile: str | None = None
) -> str:
    """Sign in by a new invitation, and let a colleague approve the key; returns its id."""
    token = new_login_token(world, officer)
    told = shell.ok("login", "--token", token, *options, "--json", profile=profile).document
    if told["key"]["standing"] == "pending":
        world.approve_key(told["key_id"], officer).raise_for_status()
    return str(told["key_id"])


def new_login_token(world: World, officer: str) -> str:
    """What is handed out at the server: the world has spent the seeded one."""
    token, at, invited = new_token(), utc_now(), OfficerId(officer)
    until = at + timedelta(days=7)
    world.parts.store.submit(
        lambda connection: invitations.put(connection, invited, token_hash(token), None, at, until)
    ).result()
    return token


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet, for commands that need no server, in a terminal of eighty columns."""
    for variable in ("FLASHCLAIM_MODEL_FOLDER", "FLASHCLAIM_PREDICTOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("FLASHCLAIM_DATA_FOLDER", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "var"
