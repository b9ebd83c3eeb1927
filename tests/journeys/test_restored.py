"""An installation is lost and comes back from its backup: the same claims, the work goes on, nobody is paid twice."""

import shutil
from pathlib import Path

import pytest

from backend.domain.personal.problems import KeysMissing
from backend.keeping import back_up_installation, restore_installation
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


def with_its_keys(world: World, folder: Path) -> Settings:
    """An empty place with the keys brought back from where their copy is kept."""
    settings = Settings(data_folder=folder)
    shutil.copytree(world.parts.settings.keys, settings.keys)
    return settings


def resume(world: World) -> None:
    """Two of the insurer have compared the statement."""
    body = {"reason": "statement compared"}
    asked = world.officer("insurer").http.post("/payouts/resume", json=body, headers=key()).raise_for_status()
    world.agree_to(asked.json()["proposal"]).raise_for_status()


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
        settings = with_its_keys(world, back)
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
        resume(again)
        again.wait(reviewed, "PAID")

        assert again.transfers(again.policy(place=1)) == ["700.00"]
        assert again.transfers(pig) == ["700.00"]


def _sha(world: World, claim: str) -> str:
    return str(world.show(claim)["photos"][0]["sha256"])


def test_a_backup_without_its_keys_is_refused_and_nothing_is_begun(lost: Path, tmp_path: Path) -> None:
    back, backups = tmp_path / "back", tmp_path / "backups"
    with running_world(lost, farms=2) as world:
        back_up_installation(world.parts.settings, backups, progress=unheard)

        with pytest.raises(KeysMissing, match="lacks key"):
            restore_installation(
                Settings(data_folder=back),
                backups,
                None,
                photos_stay=False,
                payouts_go_on=False,
                progress=unheard,
            )

    assert not list(back.rglob("*.db")) + list(back.rglob("*.json"))
    assert not list(backups.rglob("personal-data.json"))


def test_nothing_leaves_a_restored_installation_until_a_person_has_compared_the_statement(
    lost: Path, tmp_path: Path
) -> None:
    back, backups = tmp_path / "back", tmp_path / "backups"
    with running_world(lost) as world:
        policy = world.policy()
        claim = world.report(policy, [a_photo()])
        world.wait(claim, "JOINT_REVIEW")
        world.approve_all(claim)
        world.accept(claim, policy)
        back_up_installation(world.parts.settings, backups, progress=unheard)
        world.hand_over(claim)
        world.pay(claim)
        settings = with_its_keys(world, back)
        restored = restore_installation(
            settings, backups, None, photos_stay=False, payouts_go_on=False, progress=unheard
        )

    with continued_world(world, settings) as again:
        again.hand_over(claim)
        standing = eventually(lambda: again.show(claim)["holds"] and again.show(claim), 20, "the hold")
        orders = len(again.bank.orders)
        resume(again)
        again.wait(claim, "PAID")

        assert restored.is_stopped
        assert [hold["kind"] for hold in standing["holds"]] == ["STOP_PAYMENTS"]
        assert orders == 1
        assert again.transfers(policy) == ["700.00"]
