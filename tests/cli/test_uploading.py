"""Photos from the command line over lines that break."""

import shutil
from pathlib import Path

from cli.client import Api
from cli.exits import Exit
from cli.uploading import send
from tests.backend.api.uploading import Upload
from tests.cli.conftest import FLASHCLAIM, County, Shell
from tests.cli.terminal import at_terminal
from tests.cli.test_reporting import loss
from tests.journeys.pictures import a_photo
from tests.lines import a_bad_line


def over(line_url: str, county: County, folder: Path) -> Shell:
    """The farmer's machine, behind another address."""
    shutil.copytree(county.shell.folder, folder)
    profile = folder / "farmer.profile.json"
    profile.write_text(profile.read_text().replace(county.world.url, line_url))
    return Shell(folder, line_url)


def photo_in(folder: Path, name: str = "photo.jpg") -> Path:
    path = folder / name
    path.write_bytes(a_photo())
    return path


def test_a_line_that_breaks_again_and_again_brings_the_photos(county: County, tmp_path: Path) -> None:
    photos = [photo_in(tmp_path, "one.jpg"), photo_in(tmp_path, "two.jpg")]

    with a_bad_line(county.world.url, [1000, 15_000, 20_000]) as line:
        shell = over(line.through(county.world.url), county, tmp_path / "profiles")
        done = shell.run("claim", "report", *loss(county), *map(str, photos), profile="farmer")

    assert done.code == Exit.OK, done.err
    assert line.made > 3
    assert "Photo 2 of 2 received" in done.err
    assert all(photo["received"] for photo in county.world.show(done.out.strip())["photos"])


def test_what_has_arrived_is_not_sent_again(county: County) -> None:
    shown: list[int] = []
    with (
        Upload.announce(county.world, a_photo()) as begun,
        a_bad_line(county.world.url, []) as line,
        Api(line.through(county.world.url), county.world.access_token(county.world.policy())) as api,
    ):
        begun.send(0, 20_000)

        send(api, line.through(begun.url), begun.photo, shown.append)

        assert begun.original() == begun.photo
    assert shown[0] == 20_000
    assert line.carried < len(begun.photo) - 20_000 + 1500


def test_a_terminal_shows_how_many_photos_have_been_received(county: County, tmp_path: Path) -> None:
    photos = [str(photo_in(tmp_path, name)) for name in ("one.jpg", "two.jpg")]
    command = [FLASHCLAIM, "claim", "report", *loss(county), *photos]

    with at_terminal(command, county.shell.environment | {"FLASHCLAIM_PROFILE": "farmer"}) as terminal:
        assert terminal.ends() == Exit.OK

    assert "1 of 2 photos received" in terminal.shown
    assert "Photo 2 of 2 received" in terminal.screen
