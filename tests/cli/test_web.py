"""``flashclaim web``: a link into the pages that works once, and what the insurer does about stuck claims."""

import httpx

from tests.cli.conftest import County
from tests.journeys.world import PLAIN


def test_the_link_opens_the_pages_and_the_browser_is_listed(county: County) -> None:
    made = county.shell.json("web", "--no-open", profile="insurer")
    with httpx.Client(**PLAIN, follow_redirects=True) as browser:
        page, again = browser.get(made["link"]), httpx.get(made["link"], **PLAIN)

    listed = county.shell.ok("sessions", "list", profile="insurer").out
    assert (page.status_code, page.url.path, again.status_code) == (200, "/i", 401)
    assert "  pages" in listed


def test_without_a_browser_the_link_is_printed(county: County) -> None:
    ran = county.shell.ok("web", "--no-open", profile="veterinary")

    assert ran.out.startswith(f"{county.world.url}/i/enter?link=")
    assert "once" in ran.err


def test_a_stuck_claim_is_nudged_once_an_hour_and_given_to_somebody(county: County) -> None:
    number = county.report()
    county.world.wait(number, "JOINT_REVIEW")
    to = county.world.officer("insurer", 2).id

    nudged = county.shell.json("claim", "nudge", number, "--note", "the truck waits", profile="insurer")
    again = county.shell.run("claim", "nudge", number, "--json", profile="insurer")
    given = county.shell.json(
        "claim", "reassign", number, "--to", to, "--reason", "on leave", profile="insurer"
    )
    nobody = county.shell.run(
        "claim", "reassign", number, "--to", "vet-changsha-1", "--reason", "x", "--json", profile="insurer"
    )

    assert nudged["nudged_at"] is not None
    assert (again.code, again.document["code"]) == (6, "nudged-already")
    assert given["assigned"] == to
    assert (nobody.code, nobody.document["code"]) == (6, "cannot-be-assigned")
