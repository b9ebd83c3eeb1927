"""A regulator is admitted by two people of the insurer, reads aggregates of its region, and nothing else."""

import pytest

from backend.domain.authority.region import is_region, lies_within
from tests.backend.api.answers import pointers, problem
from tests.backend.api.phones import bearing
from tests.journeys.pictures import a_photo
from tests.journeys.regulators import a_regulator, a_wish
from tests.journeys.signing_in import sign_in_with
from tests.journeys.world import World, key


def test_two_administrators_admit_a_regulator_who_signs_in_by_key_and_reads_one_table(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])
    with a_regulator(world) as officer:
        opened = sign_in_with(world.url, officer)
        who = officer.http.get("/me").json()["officer"]
        told = officer.http.get("/insight/regulator").json()

        assert opened.status_code == 201, opened.text
        assert (who["is_regulator"], who["lane"]) == (True, None)
        assert told["fewest"] == 5
        for path in (
            "/insight",
            "/insight/quality",
            "/insight/claims",
            f"/claims/{claim}",
            "/claims",
            "/tickets",
        ):
            problem(officer.http.get(path), 403, "not-allowed")
        problem(officer.http.get("/insight/regulator", params={"month": "2099-01"}), 422, "invalid-input")
        # Admitted once: its own administrators invite from then on.
        again = problem(
            world.officer("insurer").http.post("/regulators", json=a_wish(), headers=key()),
            422,
            "invalid-input",
        )
        assert pointers(again) == ["/officer", "/organisation"]
        with bearing(world, opened.json()["session_token"]) as by_key:
            assert by_key.get("/officers").json()["organisation"] == "nfra-hunan"


def test_nobody_admits_a_regulator_alone_or_for_a_region_that_is_not_theirs(world: World) -> None:
    insurer = world.officer("insurer").http
    wish = a_wish(organisation="nfra-2", officer="nfra-2-1")

    asked = insurer.post("/regulators", json=wish, headers=key()).json()["proposal"]
    alone = insurer.post(f"/proposals/{asked['id']}/approval", headers=key())
    elsewhere = insurer.post("/regulators", json=wish | {"region": "440000"}, headers=key())
    vet = world.officer("veterinary").http.post("/regulators", json=wish, headers=key())

    problem(alone, 403, "same-person")
    assert elsewhere.status_code in {409, 422}, elsewhere.text
    problem(vet, 403, "not-allowed")


@pytest.mark.parametrize(
    ("county", "region", "within"),
    [
        ("430121", "430121", True),
        ("430121", "430122", False),
        ("430121", "430100", True),
        ("430121", "430000", True),
        ("440121", "430000", False),
        ("431381", "430100", False),
    ],
)
def test_a_region_is_a_county_a_city_or_a_province(county: str, region: str, *, within: bool) -> None:
    assert is_region(region)
    assert lies_within(county, region) is within


@pytest.mark.parametrize("code", ["", "43", "000000", "43012a", "4301210"])
def test_what_is_no_code_is_no_region(code: str) -> None:
    assert not is_region(code)
