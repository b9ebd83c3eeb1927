"""The main path: a report, three signatures, the farmer's word, the truck, the bank."""

from tests.journeys.pictures import a_photo
from tests.journeys.world import World


def test_a_clean_claim_is_paid_once_and_closed_by_its_certificate(world: World) -> None:
    policy = world.policy()
    moved = len(world.transfers(policy))

    claim = world.report(policy, [a_photo()])
    triaged = world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    paid = world.pay(claim)
    closed = world.certify(claim).json()

    assert (triaged["path"], triaged["reasons"]) == ("FAST", [])
    assert (paid["state"], paid["payout"]["state"], paid["payout"]["amount"]) == ("PAID", "PAID", "700.00")
    assert world.transfers(policy)[moved:] == ["700.00"]
    assert world.events(claim).count("payout-confirmed") == 1
    assert closed["state"] == "CLOSED"


def test_one_animal_is_counted_once_although_two_photos_show_it(world: World) -> None:
    policy = world.policy()

    claim = world.report(policy, [a_photo(), a_photo()])

    assert world.wait(claim, "JOINT_REVIEW")["heads_counted"] == 1


def test_an_acceptance_in_advance_needs_no_code(world: World) -> None:
    policy = world.policy(place=1)

    claim = world.report(policy, [a_photo()], accept_in_advance=True)
    world.wait(claim, "JOINT_REVIEW")
    world.approve_all(claim)
    world.hand_over(claim)
    paid = world.pay(claim)

    assert paid["acceptance"]["method"] == "in_advance"
    assert paid["payout"]["amount"] == "700.00"


def test_an_acceptance_in_advance_does_not_bind_a_lower_sum(world: World) -> None:
    policy = world.policy(place=1)
    claim = world.report(policy, [a_photo()], accept_in_advance=True)
    world.wait(claim, "JOINT_REVIEW")

    world.assess(claim, weight_kg="50.0")
    world.approve_all(claim)
    asked = world.show(claim)
    world.accept(claim, policy)
    world.hand_over(claim, weight_kg="50.0")
    paid = world.pay(claim)

    assert (asked["state"], asked["acceptance"]["is_current"]) == ("OFFERED", False)
    assert (paid["acceptance"]["method"], paid["payout"]["amount"]) == ("one_time_code", "420.00")


def test_the_certificate_may_wait_and_the_handover_may_not(world: World) -> None:
    policy = world.policy(place=1)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    world.approve_all(claim)
    world.accept(claim, policy)
    before = world.show(claim)
    wrong = world.hand_over(claim, weight_kg="60.0").json()
    right = world.hand_over(claim, weight_kg="104.5").json()

    assert before["state"] == "ACCEPTED"
    assert (wrong["state"], wrong["handover"]["gaps"]) == ("ACCEPTED", ["WEIGHT_MISMATCH"])
    assert (right["state"], right["handover"]["gaps"]) == ("PAYABLE", [])
    assert world.pay(claim)["state"] == "PAID"
