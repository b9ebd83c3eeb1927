"""An installation is lost and comes back from its backup: the same claims, the work goes on, nobody is paid twice."""

from pathlib import Path

import pytest

from backend.bootstrap import back_up_installation, restore_installation
from backend.settings import Settings
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, continued_world, eventually, key, running_world


def unheard(_what: str, _done: int) -> None:
    """Nobody watches the progress."""


def views(world: World, claims: list[str]) -> list[object]:
    """What officers see: lists, queues, claims and their events. How long a stage lasts goes on meanwhile."""
    http = world.officer("veterinary").http
    seen: list[object] = [http.get(path).json()["claims"] for path in ("/claims", "/reviews?lane=veterinary")]
    for claim in claims:
        seen += [http.get(f"/claims/{claim}").json(), world.timeline(claim)["events"]]
    return seen


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    return tmp_path / "lost"


def test_an_installation_comes_back_from_its_backup_and_goes_on(lost: Path, tmp_path: Path) -> None:
    back, backups = tmp_path / "back", tmp_path / "backups"
    with running_world(lost) as world:
        pig = world.policy()
        paid = world.report(pig, [a_photo()])
        world.wait(paid, "JOINT_REVIEW")
        world.agree(paid, pig)
        world.pay(paid)
        reviewed = world.report(world.policy(place=1), [first := a_photo(), a_photo()])
        world.wait(reviewed, "JOINT_REVIEW")
        late = a_photo()
        body = world.report_body(world.policy(place=2), [late])
        with world.farmer(world.policy(place=2)) as http:
            reported = http.post("/claims", json=body, headers=key()).json()
        claims = [paid, reviewed, reported["id"]]
        before = views(world, claims)

        # While everything runs: also what reads the photo store and the database meanwhile.
        saved = back_up_installation(world.parts.settings, backups, progress=unheard)

        # What happens after it is lost with the disk, but not at the bank.
        world.agree(reviewed, world.policy(place=1))
        world.pay(reviewed)
        settings = Settings(data_folder=back)
        restored = restore_installation(
            settings, backups, None, photos_stay=False, payouts_go_on=False, progress=unheard
        )

    with continued_world(world, settings) as again:
        assert views(again, claims) == before
        assert restored.manifest == saved.manifest
        assert (
            again.officer("insurer").http.get(f"/claims/{reviewed}/photos/{_sha(again, reviewed)}").content
            == first
        )
        with again.farmer(again.policy(place=2)) as http:
            url = f"/claims/{reported['id']}/photos/{body['photos'][0]['sha256']}"
            assert http.put(url, content=late).status_code == 200
        assert again.wait(reported["id"], "JOINT_REVIEW")["path"] == "FAST"

        # Approved and agreed to a second time; the bank still knows the key of the first payout.
        again.agree(reviewed, again.policy(place=1))
        again.wait(reviewed, "PAID")

        assert again.transfers(again.policy(place=1)) == ["700.00"]
        assert again.transfers(pig) == ["700.00"]


def _sha(world: World, claim: str) -> str:
    return str(world.show(claim)["photos"][0]["sha256"])


def test_a_payout_that_was_waiting_is_held_until_a_person_lets_it_go(lost: Path, tmp_path: Path) -> None:
    back, backups = tmp_path / "back", tmp_path / "backups"
    with running_world(lost) as world:
        policy = world.policy()
        claim = world.report(policy, [a_photo()])
        world.wait(claim, "JOINT_REVIEW")
        world.bank.disconnect()
        world.agree(claim, policy)
        world.wait(claim, "PAYING")
        back_up_installation(world.parts.settings, backups, progress=unheard)
        world.bank.reconnect()
        world.pay(claim)
        settings = Settings(data_folder=back)
        restored = restore_installation(
            settings, backups, None, photos_stay=False, payouts_go_on=False, progress=unheard
        )

    with continued_world(world, settings) as again:
        insurer = again.officer("insurer").http
        [held] = [one for one in insurer.get("/effects?state=dead").json()["effects"] if one["kind"] == "pay"]
        standing = again.show(claim)["state"]
        insurer.post(f"/effects/{held['id']}/retry", json={}, headers=key()).raise_for_status()
        eventually(lambda: again.show(claim)["state"] == "PAID", 20, "the bank's word")

        assert restored.parked == 1
        assert standing == "PAYING"
        assert "restored from the backup" in held["last_error"]
        assert again.transfers(policy) == ["700.00"]
