import httpx

from tests.cli.conftest import County
from tests.journeys.world import PLAIN


def test_a_herd_book_is_listed_with_the_claims_that_name_a_tag(county: County) -> None:
    policy = county.world.policy()
    number = county.report()

    book = county.shell.json("herd", "list", "--policy", policy["policy_number"], profile="insurer")

    assert book["farm_id"] == policy["farm_id"]
    named = {animal["tag"] for animal in book["animals"] if animal["claims"]}
    shown = county.shell.json("claim", "show", number, profile="insurer")
    assert {animal["tag"] for animal in shown["animals"]} <= named
    assert set(policy["tags"]) - named <= {animal["tag"] for animal in book["animals"]}


def test_a_farmer_opens_no_other_herd_book(county: County) -> None:
    own, other = county.world.policy(), county.world.policy(place=1)

    with county.world.farmer(own) as http:
        allowed = http.get(f"/policies/{own['policy_number']}/herd")
        refused = http.get(f"/policies/{other['policy_number']}/herd")
    unknown = httpx.get(f"{county.world.url}/api/v1/policies/nobody/herd", **PLAIN)

    assert allowed.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    assert unknown.status_code == 401
