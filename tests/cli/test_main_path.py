"""From a farmer's photo to money and papers, by commands alone."""

from dataclasses import replace

from tests.cli.conftest import LANES, County


def test_a_claim_goes_from_photo_to_money_and_papers_by_commands_alone(county: County) -> None:
    # As it is installed, each command from nothing; most other stories fork theirs.
    shell, world = replace(county.shell, afresh=True), county.world
    claim = county.report_by_command()

    for lane in LANES:
        shell.ok("claim", "approve", claim, profile=lane)
    shell.ok("claim", "accept", claim, "--code", world.code(claim, "acceptance"), profile="farmer")
    receipt = ("--receipt", f"R-{claim}", "--heads", "1", "--weight", "95.0")
    code = ("--farmer-code", world.code(claim, "handover"))
    shell.ok("handover", "record", claim, *receipt, *code, profile="collector")
    world.pay(claim)
    done = shell.ok("certificate", "issue", claim, "--number", f"C-{claim}", profile="inspection")

    assert done.out == f"{claim}: CLOSED\n"
    shown = shell.json("claim", "show", claim, profile="insurer")
    assert shown["payout"]["state"] == "PAID"
    assert shown["payout"]["amount"] == "700.00"
    (paid,) = shell.json("payout", "show", claim, profile="insurer")["payouts"]
    assert paid["state"] == "confirmed"
    assert [row["claim_number"] for row in shell.json("payout", "list", profile="insurer")["payouts"]].count(
        claim
    ) == 1
    told = shell.json("claim", "timeline", claim, profile="farmer")
    assert told["seconds_to_paid"] > 0
    assert (
        shell.json("handover", "show", claim, profile="collector")["handover"]["receipt_number"]
        == f"R-{claim}"
    )
    speed = shell.json("stats", "speed", profile="insurer")
    assert speed["stages"][0]["stage"] == "report_to_paid"


def test_a_question_stops_the_claim_until_the_farmer_has_answered(county: County) -> None:
    claim = county.report()

    done = county.shell.ok("claim", "ask", claim, "--note", "one photo of the tag", profile="veterinary")

    assert done.out == f"{claim}: EVIDENCE_REQUESTED\n"
    assert "Next: the farmer sends what was asked for (held by farmer)" in done.err


def test_an_assessment_makes_a_new_offer_and_voids_the_approvals(county: County) -> None:
    claim = county.report()
    county.shell.ok("claim", "approve", claim, profile="veterinary")

    done = county.shell.ok(
        "claim", "assess", claim, "--weight", "1=75", "--reason", "weighed on site", profile="insurer"
    )

    assert "The offer was 700.00 CNY and is 560.00 CNY" in done.err
    shown = county.shell.json("claim", "show", claim, profile="insurer")
    assert shown["offer"]["amount"] == "560.00"
    assert shown["animals"][0]["weight_source"] == "officer"
    assert shown["lanes"]["veterinary"]["state"] == "void"


def test_an_assessment_can_come_from_a_file(county: County) -> None:
    claim = county.report()
    file = county.photos / "assessment.json"
    file.write_text(
        '{"heads": 2, "animals": [{"weight_kg": "95"}, {"weight_kg": "35"}], "reason": "one more"}'
    )

    county.shell.ok("claim", "assess", claim, "--file", str(file), profile="insurer")

    shown = county.shell.json("claim", "show", claim, profile="insurer")
    assert (shown["heads_claimed"], shown["heads_assessed"]) == (1, 2)
    assert shown["offer"]["amount"] == "980.00"


def test_a_held_claim_waits_for_its_release(county: County) -> None:
    claim = county.report()

    held = county.shell.ok("claim", "hold", claim, "--reason", "same pen as last week", profile="inspection")
    released = county.shell.ok("claim", "release", claim, "--reason", "another animal", profile="insurer")

    assert held.out == f"{claim}: TRIAGED\n"
    assert released.out == f"{claim}: JOINT_REVIEW\n"


def test_the_farmer_takes_a_report_back(county: County) -> None:
    claim = county.report()

    done = county.shell.ok("claim", "withdraw", claim, "--reason", "reported twice", profile="farmer")

    assert done.out == f"{claim}: WITHDRAWN\n"


def test_a_person_rejects_with_a_reason(county: County) -> None:
    claim = county.report()

    done = county.shell.ok(
        *("claim", "reject", claim, "--reason", "DUPLICATE_ANIMAL", "--note", "paid in May"),
        profile="veterinary",
    )

    assert done.out == f"{claim}: REJECTED\n"
