"""Reporting for a farmer without a phone, from a terminal."""

from uuid import uuid4

from sqlalchemy import delete

from backend.store.rate_tables import request_rates
from cli.exits import Exit
from tests.backend.api.phones import a_phone
from tests.cli.conftest import County


def test_an_officer_reports_with_the_farmers_code_and_is_named(county: County) -> None:
    world, shell = county.world, county.shell
    world.parts.store.submit(lambda connection: connection.execute(delete(request_rates))).result()
    phone, number = a_phone(world), world.policy("pig")["policy_number"]
    asked = shell.json("claim", "assist", "--policy", number, "--advance", profile="veterinary")
    code = phone.heard_soon("assisted_advance", r"同意就告诉他(\d{6})")
    loss = ("--policy", number, "--heads", "1", "--species", "pig", "--cause", "accident", "--weight", "95")
    behind = ("--claim-id", asked["claim_id"], "--request", asked["request"])

    bare = shell.run("claim", "report", "--assisted", *loss, str(county.a_photo()), profile="veterinary")
    done = shell.ok(
        *(
            "claim",
            "report",
            "--assisted",
            "--advance",
            "--code",
            code,
            *behind,
            *loss,
            str(county.a_photo()),
        ),
        profile="veterinary",
    )

    helped = world.show(done.out.strip())["assisted_by"]
    assert (bare.code, "claim assist" in bare.err) == (Exit.USAGE, True)
    assert (helped["officer"], helped["proof"]) == ("vet-changsha-1", "contact_phone")


def test_an_administrator_invites_a_village_agent_whose_phone_opens_by_an_address(county: County) -> None:
    officer = f"agent-{uuid4().hex[:8]}"

    done = county.shell.ok(
        "officer", "invite", "--agent", "--id", officer, "--name", "王村医", profile="insurer"
    )

    listed = county.shell.ok("officer", "list", profile="insurer").out
    assert f"/f#agent={done.out.strip()}" in done.err
    assert f"{officer}  王村医  village agent" in listed
