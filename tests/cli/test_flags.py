"""Flags, the counter's agreement and the money on the command line: the API's words, as tables and documents."""

from tests.cli.conftest import County


def flagged(county: County) -> str:
    """A claim on which another number of heads was counted."""
    county.world.counter.sees = 5
    number = county.report()
    county.world.counter.sees = 1
    return number


def test_a_flag_is_listed_shown_and_cleared_with_a_reason(county: County) -> None:
    number = flagged(county)

    listed = county.shell.json("flag", "list", "--kind", "count", "--state", "open", profile="insurer")
    table = county.shell.ok("flag", "list", "--language", "en", profile="insurer").out
    wordless = county.shell.run("flag", "clear", number, "COUNT_MISMATCH:", profile="insurer")
    county.shell.ok(
        "flag", "clear", number, "COUNT_MISMATCH:", "--reason", "the herd behind", profile="insurer"
    )
    shown = county.shell.ok("flag", "show", number, "--language", "en", profile="veterinary").out

    assert number in {one["claim"]["number"] for one in listed["flags"]}
    assert number in table
    assert max(map(len, table.splitlines())) <= 80
    assert wordless.code == 6
    assert "COUNT_MISMATCH:  cleared" in shown
    assert "the herd behind" in shown


def test_only_the_insurer_judges_a_flag(county: County) -> None:
    number = flagged(county)

    refused = county.shell.run(
        "flag", "confirm", number, "COUNT_MISMATCH:", "--reason", "one animal", profile="veterinary"
    )

    assert refused.code == 4


def test_agreement_and_money_are_the_apis_figures_and_fit_the_screen(county: County) -> None:
    county.report()
    api = county.world.officer("insurer").http

    model = county.shell.json("stats", "model", "--species", "pig", profile="insurer")
    money = county.shell.json("stats", "money", profile="insurer")
    tables = [
        county.shell.ok("stats", name, "--language", language, profile="insurer").out
        for name in ("model", "money")
        for language in ("en", "zh")
    ]

    told = api.get("/insight/model", params={"species": "pig"}).json()
    assert model | {"as_of": None} == told | {"as_of": None}
    assert money | {"as_of": None} == api.get("/insight/money").json() | {"as_of": None}
    assert max(len(line) for table in tables for line in table.splitlines()) <= 80
    assert county.shell.run("stats", "money", profile="veterinary").code == 4


def test_claims_are_found_by_what_the_page_finds_them_by(county: County) -> None:
    number = county.report()

    found = county.shell.json("claim", "list", "--search", number, "--species", "pig", profile="insurer")
    other = county.shell.json("claim", "list", "--search", number, "--species", "cattle", profile="insurer")
    payouts = county.shell.json("payout", "list", "--state", "failed", profile="insurer")

    assert [one["number"] for one in found["claims"]] == [number]
    assert other["claims"] == []
    assert {one["state"] for one in payouts["payouts"]} <= {"failed"}
