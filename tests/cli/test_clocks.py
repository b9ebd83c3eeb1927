"""Claims at risk, stepping back, covers and ties on the command line."""

from tests.cli.conftest import County


def test_nothing_is_at_risk_at_first_and_a_script_can_tell(county: County) -> None:
    listed = county.shell.run("claim", "list", "--at-risk", "--json", "--fail-empty", profile="insurer")

    assert listed.code in {0, 8}
    assert set(listed.document) == {"claims", "next"}


def test_an_officer_steps_back_and_cannot_decide_any_more(county: County) -> None:
    claim = county.report()

    stepped = county.shell.json(
        "claim", "recuse", claim, "--reason", "my brother's farm", profile="veterinary"
    )
    refused = county.shell.run("claim", "approve", claim, "--json", profile="veterinary")
    shown = county.shell.ok("claim", "show", claim, "--language", "en", profile="insurer")

    assert len(stepped["recused"]) == 1
    assert (refused.code, refused.document["code"]) == (4, "officer-has-recused")
    assert "stepped back" in shown.out
    assert "first decision: due" in shown.out


def test_a_cover_of_another_lane_is_refused_by_a_rule(county: County) -> None:
    refused = county.shell.run(
        "officer", "cover", "vet-changsha", "--reason", "night", "--json", profile="insurer"
    )

    assert (refused.code, refused.document["code"]) == (6, "cannot-stand-in")


def test_registers_are_one_document_each(county: County) -> None:
    for name in ("covers", "ties", "service"):
        assert list(county.shell.json("officer", name, profile="insurer")) == [name]
