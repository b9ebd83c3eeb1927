"""The audit log as people use it: kept on officers' machines, proven in files, held against a database."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FLASHCLAIM, County, Ran, Shell, sign_in, sign_in_with_key
from tests.journeys.world import World, eventually, running_world


def a_paid_claim(county: County) -> str:
    """From report to money on the account; returns the claim's number."""
    number = county.report()
    world = county.world
    claim = world.show(number)["id"]
    world.agree(claim, world.policy("pig"))
    world.pay(claim)
    return number


@pytest.fixture(scope="module")
def paid(county: County) -> str:
    return a_paid_claim(county)


@pytest.fixture(scope="module")
def exported(county: County, paid: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    county.shell.ok("audit", "cosign", "--now", profile="insurer")
    file = tmp_path_factory.mktemp("exported") / "claim.json"
    county.shell.ok("audit", "export", paid, "-o", str(file), profile="insurer")
    return file


def elsewhere(tmp_path: Path) -> Shell:
    """A machine that has no server, no sign-in and no key."""
    return Shell(tmp_path / "nobody", "http://127.0.0.1:9")


def at_server(county: County, database: Path, *arguments: str) -> Ran:
    """A command at the server itself, over this database file."""
    keys = county.world.parts.settings.keys
    environment = {
        "FLASHCLAIM_DATABASE_URL": f"sqlite:///{database}",
        "FLASHCLAIM_DATA_FOLDER": str(database.parent),
        "FLASHCLAIM_KEY_FOLDER": str(keys),
    }
    return county.shell.run(*arguments, **environment)


def a_copy(county: County, folder: Path) -> Path:
    """The server's database as it stands, for somebody to write into."""
    source = county.world.parts.settings.data_folder / "flashclaim.db"
    copy = folder / "copy.db"
    with sqlite3.connect(source) as read, sqlite3.connect(copy) as written:
        read.backup(written)
    return copy


def test_a_checkpoint_is_shown_with_its_signatures_and_its_age(county: County, paid: str) -> None:
    county.shell.ok("audit", "cosign", "--now", profile="insurer")
    county.shell.ok("audit", "cosign", profile="veterinary")

    shown = county.shell.ok("audit", "checkpoint", profile="insurer").out
    told = county.shell.json("audit", "checkpoint", profile="insurer")

    assert f"{told['checkpoint']['size']:,} records, root {told['checkpoint']['root'][:16]}" in shown
    assert "insurer" in shown
    assert "veterinary" in shown
    lanes = {one["lane"]: one["events_behind"] for one in told["cosigned"]}
    assert lanes["insurer"] == lanes["veterinary"] == 0
    assert "audit log: checkpoint over" in county.shell.ok("whoami", profile="insurer").out
    assert county.shell.json("whoami", profile="insurer")["audit"]["checkpoint"]["size"] > 0


def test_signing_in_co_signs_quietly(county: County, paid: str, tmp_path: Path) -> None:
    county.world.parts.sequencer.catch_up(and_sign=True)
    machine = Shell(tmp_path / "new machine", county.world.url)
    sign_in_with_key(county.world, machine, county.world.officer("inspection").id)

    done = machine.ok("login")

    told = county.shell.json("audit", "checkpoint", profile="insurer")
    inspection = next(one for one in told["cosigned"] if one["lane"] == "inspection")
    assert inspection["size"] == told["checkpoint"]["size"]
    assert "ign" not in done.err.replace("Signed in", "").replace("signed with key", "")
    (kept,) = (tmp_path / "new machine" / "audit").glob("*/checkpoint.json.leaves")
    assert kept.stat().st_size == 32 * told["checkpoint"]["size"]


def test_a_history_that_does_not_follow_the_kept_one_is_said_loudly_and_not_signed(
    county: County, paid: str, tmp_path: Path
) -> None:
    machine = Shell(tmp_path / "machine", county.world.url)
    officer = county.world.officer("veterinary", 2)
    sign_in_with_key(county.world, machine, officer.id)
    machine.ok("audit", "cosign", "--now")
    (file,) = (tmp_path / "machine" / "audit").glob("*/checkpoint.json")
    forge_kept(county.world, file)

    refused = machine.run("audit", "cosign", "--now")
    again = machine.ok("login")

    assert refused.code == 5
    assert "THE SERVER'S HISTORY IS NOT THE ONE KEPT HERE" in refused.err
    assert "Signed in" in again.err
    assert "THE SERVER'S HISTORY IS NOT THE ONE KEPT HERE" in again.err
    assert list(file.parent.glob("contradiction-*.json"))


def forge_kept(world: World, file: Path) -> None:
    """As if the server had shown another history before: a checkpoint over one leaf, really signed."""
    from datetime import UTC, datetime

    from backend.domain.merkle.checkpoint import Checkpoint
    from backend.domain.merkle.tree import leaf_hash

    said = json.loads(file.read_text())
    leaf = leaf_hash(b"another first record")
    made = Checkpoint(said["installation"], 1, leaf.hex(), datetime.now(UTC))
    signature = world.parts.signing.sign(made.document)
    said["checkpoint"] = {
        "size": 1,
        "root": made.root,
        "at": made.at.isoformat(),
        "key_id": signature.key_id,
        "signature": signature.value,
    }
    file.write_text(json.dumps(said | {"subtrees": [leaf.hex()], "cosigned": None}))


def test_all_records_of_a_claim_are_proven_under_the_checkpoint(county: County, paid: str) -> None:
    shown = county.shell.ok("audit", "prove", paid, profile="insurer")
    told = county.shell.json("audit", "prove", paid, profile="insurer")

    assert len(shown.out.splitlines()) == len(told["events"]) + 1
    assert len(told["events"]) == len(county.world.events(paid))
    assert all(one["holds"] for one in told["checks"])


def test_an_exported_claim_is_verified_without_a_server(exported: Path, tmp_path: Path) -> None:
    done = elsewhere(tmp_path).ok("audit", "verify", str(exported))
    told = elsewhere(tmp_path).json("audit", "verify", str(exported))

    assert "BAD" not in done.out
    assert told["holds"] is True
    looked_at = {one["check"]: one["looked_at"] for one in told["checks"]}
    assert looked_at["officers signed their decisions"] == 3
    assert looked_at["the farmer's word was given for each acceptance"] == 1
    assert looked_at["the installation signed each payout"] == 1
    assert looked_at["offices co-signed the checkpoint"] >= 1


def test_an_exported_claim_is_verified_with_the_base_install_alone(exported: Path, tmp_path: Path) -> None:
    """What the extras bring cannot be imported: nothing of it is asked for."""
    missing = (
        "msgspec",
        "sqlalchemy",
        "litestar",
        "numpy",
        "PIL",
        "structlog",
        "alembic",
        "shapely",
        "obstore",
    )
    blocked = "import sys\n" + "".join(f"sys.modules[{name!r}] = None\n" for name in missing)
    arguments = ["flashclaim", "audit", "verify", str(exported)]
    script = f"{blocked}from cli.main import main\nsys.argv = {arguments!r}\nmain()\n"

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("FLASHCLAIM_")},
        cwd=FLASHCLAIM.parent.parent.parent,
    )

    assert done.returncode == 0, done.stderr
    assert "Everything that was checked holds" in done.stderr


def tampered(exported: Path, change: Any) -> Path:
    document = json.loads(exported.read_text(encoding="utf-8"))
    change(document)
    file = exported.with_name("tampered.json")
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def replace_in_record(kind: str, old: str, new: str) -> Any:
    def change(document: dict[str, Any]) -> None:
        entry = next(one for one in document["events"] if f'"type":"{kind}"' in one["record"])
        assert old in entry["record"]
        entry["record"] = entry["record"].replace(old, new)

    return change


def drop_the_fourth(document: dict[str, Any]) -> None:
    del document["events"][3]


def another_root(document: dict[str, Any]) -> None:
    document["checkpoint"]["root"] = "0" * 64


def revoked_before(document: dict[str, Any]) -> None:
    for key in document["keys"]["officers"]:
        key["revoked_at"] = "2020-01-01T00:00:00+00:00"


def nobodys_keys(document: dict[str, Any]) -> None:
    document["keys"]["officers"] = []


def another_officers_keys(document: dict[str, Any]) -> None:
    for key in document["keys"]["officers"]:
        key["officer_id"] = "somebody"


def another_offer(document: dict[str, Any]) -> None:
    document["offers"][0]["document"]["amount"] = "9999.00"


def cosigned_otherwise(document: dict[str, Any]) -> None:
    document["cosignatures"][0]["organisation"] = "somebody-else"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            replace_in_record("claim-reported", '\\"heads\\":1', '\\"heads\\":2'),
            "event 1: its text has another leaf hash",
        ),
        (
            replace_in_record("payout-started", '\\"payout_no\\":1', '\\"payout_no\\":2'),
            "its text has another leaf hash",
        ),
        (drop_the_fourth, "event 4: record 4 is missing"),
        (another_root, "it is not in the log at place"),
        (revoked_before, "was revoked at 2020-01-01 00:00 UTC, before it signed"),
        (nobodys_keys, "is not in the file"),
        (another_officers_keys, "the key is somebody's"),
        (another_offer, "is not what its hash says"),
        (cosigned_otherwise, "somebody-else: the key is"),
    ],
)
def test_whatever_was_changed_in_an_exported_claim_is_named(
    exported: Path, tmp_path: Path, change: Any, told: str
) -> None:
    file = tampered(exported, change)

    done = elsewhere(tmp_path).run("audit", "verify", str(file))

    assert done.code == 1
    assert "The first that is bad" in done.err
    assert told in done.out + done.err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"form": "another"}', "\x00"])
def test_a_file_that_is_no_exported_claim_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "claim.json"
    file.write_text(content)

    done = elsewhere(tmp_path).run("audit", "verify", str(file))

    assert done.code == 2
    assert "proof-unreadable" in done.err


def test_a_database_is_held_against_a_checkpoint_that_was_kept(
    county: County, paid: str, tmp_path: Path
) -> None:
    county.world.parts.sequencer.catch_up(and_sign=True)
    kept = tmp_path / "checkpoint.json"
    county.shell.ok("audit", "checkpoint", "--save", str(kept), profile="insurer")
    database = a_copy(county, tmp_path)

    whole = at_server(county, database, "audit", "verify", "--against", str(kept), "--json")
    with sqlite3.connect(database) as written:
        written.execute(
            "UPDATE events SET payload = replace(payload, '\"heads\":1', '\"heads\":9') WHERE type = 'claim-reported'"
            " AND claim_id = (SELECT id FROM claims WHERE number = ?)",
            (paid,),
        )
    changed = at_server(county, database, "audit", "verify", "--against", str(kept))

    assert whole.code == 0, whole.err
    assert whole.document["bad"] == []
    assert whole.document["with_leaves"] is True
    assert changed.code == 1
    assert f"The first bad record: {paid}, event 1: was changed" in changed.err


def test_the_last_hundred_records_cut_out_of_the_file_are_named(
    county: County, paid: str, tmp_path: Path
) -> None:
    county.world.parts.sequencer.catch_up(and_sign=True)
    kept = tmp_path / "checkpoint.json"
    county.shell.ok("audit", "checkpoint", "--save", str(kept), profile="insurer")
    database = a_copy(county, tmp_path)
    with sqlite3.connect(database) as written:
        (size,) = written.execute("SELECT count(*) FROM audit_log").fetchone()
        cut = min(100, size - 1)
        (number, seq) = written.execute(
            "SELECT c.number, l.seq FROM audit_log l JOIN claims c ON c.id = l.claim_id WHERE l.place = ?",
            (size - cut,),
        ).fetchone()
        written.execute(
            "DELETE FROM events WHERE id IN (SELECT event_id FROM audit_log WHERE place >= ?)", (size - cut,)
        )

    done = at_server(county, database, "audit", "verify", "--against", str(kept))
    told = at_server(county, database, "audit", "verify", "--json")

    assert done.code == told.code == 1
    assert f"The first bad record: {number}, event {seq}: is gone" in done.err


def test_the_installations_key_is_replaced_and_nobody_has_to_do_anything(
    county: County, paid: str, tmp_path: Path
) -> None:
    settings = county.world.parts.settings
    database = settings.data_folder / "flashclaim.db"
    county.shell.ok("audit", "cosign", "--now", profile="insurer")

    made = at_server(county, database, "audit", "new-key", "--json").document["key_id"]
    county.report()
    eventually(lambda: county.world.parts.sequencer.catch_up(and_sign=True) or True, 5, "a checkpoint")
    county.shell.ok("audit", "cosign", "--now", profile="insurer")

    told = county.shell.json("audit", "checkpoint", profile="insurer")
    assert told["checkpoint"]["key_id"] == made
    file = tmp_path / "claim.json"
    county.shell.ok("audit", "export", paid, "-o", str(file), profile="insurer")
    assert elsewhere(tmp_path).run("audit", "verify", str(file)).code == 0


def test_a_key_that_nobody_vouches_for_is_not_believed_until_it_was_confirmed(tmp_path: Path) -> None:
    """An installation of its own: losing its key is heard by everybody who kept a checkpoint."""
    with running_world(tmp_path / "server") as world:
        machine = Shell(tmp_path / "machine", world.url)
        own = County(world, machine, tmp_path)
        claim = own.report()
        sign_in(world, machine, "veterinary")
        machine.ok("audit", "cosign", "--now", profile="veterinary")
        database = world.parts.settings.data_folder / "flashclaim.db"
        made = at_server(own, database, "audit", "new-key", "--lost", "--json").document["key_id"]
        own.report()

        refused = machine.run("audit", "cosign", "--now", profile="veterinary")
        confirmed = machine.run("audit", "cosign", "--accept-key", made, profile="veterinary")
        proven = machine.run("audit", "prove", claim, profile="veterinary")
        file = tmp_path / "claim.json"
        machine.ok("audit", "export", claim, "-o", str(file), profile="veterinary")
        stranger = elsewhere(tmp_path).run("audit", "verify", str(file))
        told = elsewhere(tmp_path).run("audit", "verify", str(file), "--accept-key", made)

    assert refused.code == 5
    assert f"key {made} signs, and no key known here vouches for it" in refused.err
    assert confirmed.code == 0, confirmed.err
    assert proven.code == 0, proven.err
    assert (stranger.code, told.code) == (1, 0)
    assert f"no earlier key vouches for {made}" in stranger.err
