"""Looks, exports and erasures as an officer runs them; keys as an operator does."""

import json
import os
from pathlib import Path

from typer.testing import CliRunner

from cli.main import app
from tests.busy_county import a_busy_county, url_of
from tests.cli.conftest import County
from tests.keys import kept_in


def test_a_payee_is_shown_masked_and_in_clear_for_a_reason(county: County) -> None:
    policy = county.world.policy("pig")
    number = policy["policy_number"]

    masked = county.shell.ok("policy", "payee", "show", number, profile="insurer")
    unsaid = county.shell.run("policy", "payee", "show", number, "--clear", profile="insurer")
    clear = county.shell.ok(
        "policy", "payee", "show", number, "--clear", "--reason", "sent back", profile="insurer"
    )
    looks = county.shell.json("audit", "looks", "--limit", "1", profile="insurer")
    listed = county.shell.ok("audit", "looks", profile="insurer")

    assert policy["account"] not in masked.out + masked.err + unsaid.out + unsaid.err
    assert masked.out.startswith(f"{policy['payee'][0]}** …")
    assert unsaid.code == 2
    assert clear.out.split() == [policy["payee"], policy["account"]]
    assert [(one["field"], one["reason"]) for one in looks["looks"]] == [("payee", "sent back")]
    assert f"{number}  payee: sent back" in listed.out


def test_a_person_is_handed_everything_in_a_file_for_them_alone(county: County, tmp_path: Path) -> None:
    policy, file = county.world.policy("pig"), tmp_path / "person.json"
    file.write_text("an older one, readable by all")
    file.chmod(0o644)
    who = ("person", "export", policy["policy_number"], "-o", str(file), "--reason", "asked at the counter")

    done = county.shell.json(*who, profile="insurer")

    assert done == {"file": str(file), "policies": [policy["policy_number"]]}
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["policies"][0]["holder"]["payee"]["account"] == policy["account"]


def test_an_erasure_asks_first_and_says_what_stands_against_it(county: County) -> None:
    number = county.world.policy("pig")["policy_number"]
    county.report()

    unasked = county.shell.run("person", "erase", number, "--reason", "in writing", profile="insurer")
    refused = county.shell.run(
        "person", "erase", number, "--reason", "in writing", "--yes", profile="insurer"
    )
    unknown = county.shell.run(
        "person", "erase", "13700009999", "--reason", "in writing", "--yes", profile="insurer"
    )
    theirs = county.shell.run(
        "person", "erase", number, "--reason", "in writing", "--yes", profile="veterinary"
    )

    assert (unasked.code, refused.code, unknown.code, theirs.code) == (2, 5, 3, 4)
    assert "is open" in refused.err
    assert "art. 87" in refused.err
    assert "13700009999" not in unknown.err


def test_a_key_is_rotated_at_the_server(tmp_path: Path) -> None:
    with a_busy_county(tmp_path):
        database = url_of(tmp_path)
    kept_in(tmp_path / "keys")
    others = {name: None for name in os.environ if name.startswith("FLASHCLAIM_")}
    own = {"FLASHCLAIM_DATABASE_URL": database, "FLASHCLAIM_DATA_FOLDER": str(tmp_path), "COLUMNS": "80"}

    done = CliRunner().invoke(app, ["server", "rotate-key", "--json"], env=others | own)
    replayed = CliRunner().invoke(app, ["audit", "replay", "--json"], env=others | own)
    (tmp_path / "keys" / "personal-data.json").unlink()
    lost = CliRunner().invoke(app, ["audit", "replay"], env=others | own)

    told = json.loads(done.stdout)
    assert done.exit_code == 0, done.stderr
    assert (len(told["retired"]), told["kept"], told["values"] > 20) == (1, [], True)
    assert replayed.exit_code == 0, replayed.stderr
    assert json.loads(replayed.stdout)["differences"] == []
    assert "personal-data-keys-missing" in lost.stderr
    assert "FLASHCLAIM_KEY_FOLDER" in lost.stderr
