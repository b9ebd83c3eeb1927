"""Which networks an installation has, and which one it counts with."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.choice import FILE, choose, in_use, read_choice
from models.counter import Predictor
from models.installed import NameTaken, NotInstalled, find, install, installed
from models.manifest import SHIPPED, WeightsUnusable, read_manifest

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHIPPED_NAME = read_manifest(SHIPPED).full_name


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


def exported(folder: Path, version: str, **fields: object) -> Path:
    """A network as an insurer exported it."""
    shutil.copytree(SHIPPED, folder)
    manifest = json.loads((folder / "manifest.json").read_text()) | {"name": "own-farms", "version": version}
    (folder / "manifest.json").write_text(json.dumps(manifest | fields))
    return folder


def damage(folder: Path) -> None:
    network = folder / "counter.onnx"
    network.write_bytes(network.read_bytes()[:-1] + b"!")


def test_without_a_word_the_shipped_network_counts_through_onnxruntime(home: Path) -> None:
    used = in_use(home)

    assert (used.folder, used.predictor) == (SHIPPED, Predictor.ONNX)
    assert (used.folder_from, used.predictor_from) == ("default", "default")
    assert [one.name for one in installed(home)] == [SHIPPED_NAME]
    assert not home.exists()


def test_a_chosen_network_counts_after_a_restart(home: Path, tmp_path: Path) -> None:
    install(home, exported(tmp_path / "export", "7"))

    choice, is_new = choose(home, "own-farms@7", None, by="li.wei", at=NOON)

    assert is_new
    assert in_use(home).load().name == "own-farms@7"
    assert read_choice(home) == choice
    assert (choice.chosen_by, choice.chosen_at) == ("li.wei", NOON)
    assert choice.former == (SHIPPED_NAME, Predictor.ONNX)


def test_the_former_network_can_be_chosen_again(home: Path, tmp_path: Path) -> None:
    install(home, exported(tmp_path / "export", "7"))
    first, _ = choose(home, "own-farms@7", Predictor.ONNX, by="li.wei", at=NOON)

    back, _ = choose(home, *first.former, by="zhang.min", at=NOON)

    assert in_use(home).folder == SHIPPED
    assert back.former == ("own-farms@7", Predictor.ONNX)


def test_choosing_the_same_again_keeps_who_chose_first(home: Path) -> None:
    first, _ = choose(home, SHIPPED_NAME, None, by="li.wei", at=NOON)

    again, is_new = choose(home, SHIPPED_NAME, None, by="zhang.min", at=NOON)

    assert not is_new
    assert again == first


def test_the_environment_comes_before_the_choice(home: Path, tmp_path: Path) -> None:
    own = exported(tmp_path / "export", "7")
    choose(home, SHIPPED_NAME, None, by="li.wei", at=NOON)

    used = in_use(home, folder=own, predictor="onnx")

    assert used.load().name == "own-farms@7"
    assert (used.folder_from, used.predictor_from) == ("environment", "environment")
    assert in_use(home, folder=own).predictor_from == FILE


def test_a_damaged_network_is_not_chosen_and_the_former_counts_on(home: Path, tmp_path: Path) -> None:
    one, _ = install(home, exported(tmp_path / "export", "7"))
    damage(one.folder)

    with pytest.raises(WeightsUnusable, match="has changed"):
        choose(home, one.folder.name, None, by="li.wei", at=NOON)

    assert read_choice(home) is None


def test_a_network_that_onnxruntime_cannot_run_is_not_chosen(home: Path, tmp_path: Path) -> None:
    install(home, exported(tmp_path / "export", "7", image_size=1000))

    with pytest.raises(WeightsUnusable, match="the manifest says"):
        choose(home, "own-farms@7", None, by="li.wei", at=NOON)

    assert read_choice(home) is None


def test_a_network_that_is_not_there_is_not_chosen(home: Path) -> None:
    with pytest.raises(NotInstalled, match=SHIPPED_NAME):
        choose(home, "own-farms@7", None, by="li.wei", at=NOON)


def test_a_chosen_network_that_is_gone_stops_the_start(home: Path, tmp_path: Path) -> None:
    one, _ = install(home, exported(tmp_path / "export", "7"))
    choose(home, "own-farms@7", None, by="li.wei", at=NOON)
    shutil.rmtree(one.folder)

    with pytest.raises(WeightsUnusable, match="own-farms@7 was chosen on 2026-11-25") as refusal:
        in_use(home)

    assert "flashclaim model use" in refusal.value.next


def test_a_network_put_in_the_place_of_the_chosen_one_stops_the_start(home: Path, tmp_path: Path) -> None:
    install(home, exported(tmp_path / "export", "7"))
    choose(home, "own-farms@7", None, by="li.wei", at=NOON)
    path = home / FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sha256": "0" * 64}))

    with pytest.raises(WeightsUnusable, match="another network than the one chosen"):
        in_use(home)


@pytest.mark.parametrize("text", ["", "{}", "[]", "\x00", '{"model": 1}'])
def test_a_choice_that_cannot_be_read_stops_the_start_and_is_written_anew(home: Path, text: str) -> None:
    home.mkdir()
    (home / FILE).write_text(text)

    with pytest.raises(WeightsUnusable, match="not a choice"):
        in_use(home)

    choose(home, SHIPPED_NAME, None, by="li.wei", at=NOON)
    assert in_use(home).load().name == SHIPPED_NAME


def test_a_network_is_installed_once(home: Path, tmp_path: Path) -> None:
    source = exported(tmp_path / "export", "7")

    one, is_new = install(home, source)
    again, is_new_again = install(home, source)

    assert (is_new, is_new_again) == (True, False)
    assert one.folder == again.folder == home / "models" / "own-farms@7"
    assert sorted(path.name for path in one.folder.parent.iterdir()) == ["own-farms@7"]
    assert install(home, SHIPPED) == (find(home, SHIPPED_NAME), False)


@pytest.mark.parametrize("name", ["own-farms", "carcass-counter"])
def test_another_network_under_a_known_name_is_not_installed(home: Path, tmp_path: Path, name: str) -> None:
    version = read_manifest(SHIPPED).version
    install(home, exported(tmp_path / "export", version))
    other = exported(tmp_path / "other", version, name=name, iou=0.5)

    with pytest.raises(NameTaken, match=f"{name}@{version}"):
        install(home, other)


def test_a_damaged_network_is_not_installed(home: Path, tmp_path: Path) -> None:
    source = exported(tmp_path / "export", "7")
    damage(source)

    with pytest.raises(WeightsUnusable, match="has changed"):
        install(home, source)

    assert not (home / "models").exists()


@pytest.mark.parametrize("version", ["../../etc", "", "7/8", ".hidden"])
def test_a_version_that_is_no_plain_word_is_not_installed(home: Path, tmp_path: Path, version: str) -> None:
    with pytest.raises(WeightsUnusable, match="name and version"):
        install(home, exported(tmp_path / "export", version))


def test_a_faulty_network_is_listed_with_its_fault(home: Path, tmp_path: Path) -> None:
    one, _ = install(home, exported(tmp_path / "export", "7"))
    damage(one.folder)

    listed = {other.name: other.fault for other in installed(home)}

    assert listed[SHIPPED_NAME] is None
    assert "has changed" in str(listed["own-farms@7"])
