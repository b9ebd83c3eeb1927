"""What people were told, and how a farm is told: by commands, over the real server."""

import re

import httpx

from tests.backend.api.answers import problem
from tests.cli.conftest import County
from tests.journeys.world import eventually


def test_the_farmer_sees_every_message_and_no_code(county: County) -> None:
    claim = county.report()
    eventually(
        lambda: len(county.shell.json("claim", "notices", claim, profile="farmer")["notices"]) >= 4, 10.0
    )

    told = county.shell.json("claim", "notices", claim, profile="farmer")["notices"]
    screen = county.shell.ok("claim", "notices", claim, profile="insurer").out

    assert {(one["to"], one["channel"], one["state"], one["attempts"]) for one in told} == {
        ("farmer", "console", "sent", 1)
    }
    assert any("******" in one["text"] for one in told)
    assert not [one for one in told if re.search(r"(?<!\d)\d{6}(?!\d)", one["text"])]
    assert "console" in screen
    assert all(len(line) <= 80 for line in screen.splitlines())


def test_another_farms_messages_are_nobody_elses(county: County) -> None:
    claim = county.report()

    with county.world.farmer(county.world.policy("pig", 1)) as http:
        problem(http.get(f"/claims/{claim}/notices"), 404, "not-found")


def test_a_farm_is_told_in_the_language_and_at_the_number_that_it_chose(county: County) -> None:
    farm = county.world.policy("pig")["farm_id"]

    set_to = county.shell.json(
        "farm", "contact", farm, "--phone", "139 1234 5678", "--language", "en", profile="insurer"
    )
    kept = county.shell.json("farm", "contact", farm, "--language", "zh", profile="insurer")
    with county.world.farmer(county.world.policy("pig")) as http:
        own = http.get(f"/farms/{farm}/contact").json()
    forgotten = county.shell.json("farm", "contact", farm, "--forget", profile="insurer")

    assert set_to == {"farm_id": farm, "phone": "139****5678", "language": "en"}
    assert kept == {"farm_id": farm, "phone": "139****5678", "language": "zh"}
    assert own == {"farm_id": farm, "phone": "+8613912345678", "language": "zh"}
    assert forgotten == {"farm_id": farm, "phone": None, "language": None}


def test_who_may_not_and_what_cannot_be_used_is_said(county: County) -> None:
    farm = county.world.policy("pig")["farm_id"]

    veterinary = county.shell.run("farm", "contact", farm, profile="veterinary")
    nowhere = county.shell.run("farm", "contact", "farm-none", profile="insurer")
    wrong = county.shell.run("farm", "contact", farm, "--phone", "110", profile="insurer")
    with county.world.farmer(county.world.policy("pig", 1)) as http:
        other: httpx.Response = http.put(f"/farms/{farm}/contact", json={"language": "en"})

    assert (veterinary.code, nowhere.code, wrong.code) == (4, 3, 2)
    assert "phone" in wrong.err
    problem(other, 404, "not-found")
