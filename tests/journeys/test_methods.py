"""Every way of computing a loss, from the report to the money: calf, layers, cull. Sums by hand, to the fen."""

from backend.domain.words import Species
from tests.journeys.insured import insured
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key


def assess(world: World, claim: str, **body: object) -> dict[str, object]:
    """The insurer assesses; returns the claim as it then stands."""
    answer = world.officer("insurer").http.post(
        f"/claims/{claim}/assessments", json={"reason": "looked up"} | body, headers=key()
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_calf_is_paid_by_its_months_once_the_insurer_knows_them(world: World) -> None:
    policy = insured(world, Species.CATTLE, "calf-months", heads=10, stock=12, sum_insured="10000.00")
    world.counter.species = "cattle"
    calf = {"category": "calf"}

    claim = world.report(policy, [a_photo()], animals=[calf])
    unknown = world.wait(claim, "JOINT_REVIEW")
    assess(world, claim, heads=1, animals=[calf | {"age_months": 6}])
    world.agree(claim, policy, note="herd book says May")
    paid = world.pay(claim)

    assert (unknown["path"], unknown["offer"]["complete"]) == ("ASSISTED", False)
    assert "月龄" in unknown["reasons"][0]["text"]
    # (3 000 + 800 × 6) × 10/12 = 7 800 × 5/6 = 6 500
    assert paid["payout"]["amount"] == "6500.00"
    changes = [(one["field"], one["before"], one["after"]) for one in paid["assessments"][0]["changes"]]
    assert ("age_months", None, "6") in changes


def test_a_house_of_layers_is_paid_once_the_insurer_has_found_age_and_normal_deaths(world: World) -> None:
    policy = insured(world, Species.POULTRY, "layer-event", heads=2000, stock=2000, sum_insured="20.00")

    claim = world.report(policy, [a_photo()], heads=400, animals=[])
    unknown = world.wait(claim, "JOINT_REVIEW")
    too_early = world.decide(claim, "insurer", note="many hens")
    assessed = assess(world, claim, heads=400, age_percent="80", normal_mortality_percent="5")
    world.agree(claim, policy, note="counted in the house", heads=400, weight_kg="700")
    paid = world.pay(claim)

    assert "禽龄" in next(one["text"] for one in unknown["reasons"] if one["code"] == "EVIDENCE_MISSING")
    assert too_early.json()["code"] == "offer-incomplete"
    assert assessed["flock"] == {"age_percent": "80", "normal_mortality_percent": "5"}
    # 400 > 15 % of 2 000; 400 × (1 − 5 %) × 20.00 × 80 % = 380 × 16 = 6 080
    assert paid["payout"]["amount"] == "6080.00"


def test_flock_figures_for_pigs_are_refused_by_field(world: World) -> None:
    policy = world.policy(place=1)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    body = {"reason": "?", "heads": 1, "age_percent": "80"}
    refused = world.officer("insurer").http.post(f"/claims/{claim}/assessments", json=body, headers=key())

    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/age_percent"]


def test_culled_cattle_are_paid_what_the_subsidy_leaves(world: World) -> None:
    policy = world.policy("cattle")
    world.counter.species, world.counter.sees = "cattle", 2

    claim = world.report(policy, [a_photo()], heads=2, cause="cull")
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy, note="order of the county seen", heads=2, weight_kg="190")
    paid = world.pay(claim)

    # 2 × (12 000 − 3 000)
    assert paid["payout"]["amount"] == "18000.00"
